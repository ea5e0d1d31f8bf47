"""README.md says what is true: its output, its table of rules, its keys and its commands."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from procore_lint.catalog import load
from procore_lint.cli import cli
from procore_lint.config_keys import KEYS
from procore_lint.fact_rows import TABLES

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
FIXTURE = "tests/fixtures/legacy_integration"
CHECK = f"procore-lint check {FIXTURE}"
#: The findings that README shows, by file and code; the first of each.
SHOWN = (
    ("client.py", "PCL201"),
    ("documents.py", "PCL304"),
    ("budget.py", "PCL401"),
    ("oauth.py", "PCL104"),
    ("oauth.py", "PCL102"),
    ("settings.py", "PCL303"),
)


def section(text: str, name: str) -> str:
    """What stands between the marks of a part that is written by this test."""
    found = re.search(rf"<!-- {name}:.*?-->\n(.*?)<!-- end of {name} -->", text, re.DOTALL)
    assert found is not None, f"README.md has no part {name}"
    return found[1]


def output() -> str:
    """The shown findings and the counts, out of a real run from the repository's root."""
    day = load().verified
    arguments = ["check", "--no-cache", "--as-of", day, FIXTURE]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 1
    paragraphs = result.stdout.rstrip("\n").split("\n\n")
    chosen = [
        next(p for p in paragraphs if f"{file}:" in p.splitlines()[0] and f"[{code} " in p.splitlines()[0])
        for file, code in SHOWN
    ]
    counts = next(p for p in paragraphs if " findings in " in p.splitlines()[0])
    parts = [f"$ {CHECK}", *(f"{paragraph}\n" for paragraph in chosen), "[...]\n", counts]
    return "```text\n" + "\n".join(parts) + "\n```\n"


def rules() -> str:
    """The table of rules as of the day of the facts."""
    catalog = load()
    day = datetime.date.fromisoformat(catalog.verified)
    pages = {file.name.partition("-")[0]: file.name for file in (ROOT / "rules").glob("PCL*.md")}
    rows = [
        f"| [{rule.code}](rules/{pages[rule.code]}) | {rule.name} | {rule.severity(day)} | {rule.fix} |"
        f" {rule.summary} |"
        for rule in catalog.rules.values()
    ]
    head = f"| code | name | severity ({day}) | fix | finds |\n| --- | --- | --- | --- | --- |"
    return "\n".join([head, *rows]) + "\n"


def keys() -> str:
    """The table of configuration keys."""
    rows = [f"| `{key.name}` | {key.about} | {key.allowed} |" for key in KEYS]
    return "\n".join(["| key | meaning | value |\n| --- | --- | --- |", *rows]) + "\n"


@pytest.mark.parametrize("part", [output, rules, keys], ids=lambda part: part.__name__)
def test_a_written_part_is_what_the_tool_says(
    part: object, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(part)
    monkeypatch.chdir(ROOT)
    name, wanted = part.__name__, part()
    text = README.read_text(encoding="utf-8")
    if request.config.getoption("--update-snapshots"):
        text = text.replace(section(text, name), "", 1) if section(text, name) else text
        head, mark, rest = text.partition(f"<!-- end of {name} -->")
        text = head + wanted + mark + rest
        README.write_text(text, encoding="utf-8")

    assert section(text, name) == wanted, "run pytest --update-snapshots tests/test_readme.py and review it"


def test_every_option_in_readme_exists() -> None:
    text = README.read_text(encoding="utf-8")
    known = {option for command in cli.commands.values() for each in command.params for option in each.opts}
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", re.sub(r"<!--.*?-->", "", text)))

    assert used - known - {"--version"} == set()


def test_links_lead_somewhere() -> None:
    text = README.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (ROOT / target).is_file(), target


@pytest.mark.parametrize("start", [".[dev]", "pip install -q . "])
def test_the_two_lines_set_up_in_an_environment_of_their_own(start: str) -> None:
    [line] = [line for line in README.read_text(encoding="utf-8").splitlines() if start in line]

    assert line.startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_the_shown_facts_file_is_accepted(tmp_path: Path) -> None:
    [block] = re.findall(r"```toml\n(\[\[endpoint\]\].*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "facts.toml"
    file.write_text(block)
    catalog = load([file])

    paths = {(row.method, row.path): row for row in catalog.endpoints}
    assert paths["GET", "/rest/v1.0/projects/{project_id}/widgets"].rule == "deprecated-endpoint"
    assert paths["GET", "/rest/v1.0/line_item_types"].rule is None
    assert ("DELETE", "/rest/v1.0/sub_jobs/{id}") not in paths


def test_the_shown_configuration_is_accepted(tmp_path: Path) -> None:
    from procore_lint.config import read

    [block] = re.findall(
        r"```toml\n(\[tool\.procore-lint\].*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    file = tmp_path / "pyproject.toml"
    file.write_text(block)

    assert read(str(file)).fail_on == "error"


def test_the_shown_ignores_are_understood() -> None:
    from procore_lint.directives import parse
    from procore_lint.extract.comments import comments

    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    [block] = [block for block in blocks if "procore-lint:" in block]
    lines = block.strip().splitlines()
    # A file's ignore stands above the first statement; README shows it last.
    found = [each for line in [*lines[:-1], ""] for c in comments(line.encode()) for each in parse(c)]
    top = [each for c in comments(lines[-1].encode()) for each in parse(c)]

    assert [each.problem for each in (*found, *top)] == ["", "", ""]


@pytest.mark.parametrize("name", TABLES)
def test_the_page_of_facts_lists_every_key(name: str) -> None:
    table = TABLES[name]
    part = (
        (ROOT / "docs/facts.md")
        .read_text(encoding="utf-8")
        .partition(f"## `[[{name}]]`")[2]
        .partition("\n## ")[0]
    )
    listed = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", part, re.MULTILINE))

    assert listed == {key: kind.allowed for key, kind in table.keys.items()}
    for key in (*table.identity, *table.required):
        assert f"`{key}`" in part.partition("| key |")[0]
