from __future__ import annotations

import datetime
import json
from pathlib import Path

import jsonschema
import pytest
from projects import write

from procore_lint.config import Config, ConfigError, load, read
from procore_lint.config_keys import KEYS, schema
from procore_lint.toml_files import parse

SCHEMA = Path(__file__).parent.parent / "docs" / "config.schema.json"

FULL = """
select = ["PCL1", "missing-company-header"]
ignore = ["PCL402"]
exclude = ["generated/"]
as-of = 2026-07-01
fail-on = "error"
company-header-names = ["X-Company"]
facts = ["facts/more.toml"]
baseline = "baseline.json"
cache-dir = ".cache"

[per-file-ignores]
"tests/" = ["PCL2"]
"""


def test_every_key_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"procore-lint.toml": FULL})

    assert load(str(tmp_path / "somewhere" / "below")) == Config(
        file=str(tmp_path / "procore-lint.toml"),
        base=str(tmp_path),
        select=("PCL1", "missing-company-header"),
        ignore=("PCL402",),
        exclude=("generated/",),
        per_file_ignores={"tests/": ("PCL2",)},
        as_of=datetime.date(2026, 7, 1),
        fail_on="error",
        company_header_names=("X-Company",),
        facts=(str(tmp_path / "facts/more.toml"),),
        baseline=str(tmp_path / "baseline.json"),
        cache_dir=str(tmp_path / ".cache"),
    )


def test_the_nearest_file_wins_and_a_pyproject_without_the_table_is_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": '[tool.procore-lint]\nignore = ["PCL1"]\n',
            "a/pyproject.toml": '[project]\nname = "procore-lint-user"\n',
            "a/b/procore-lint.toml": 'ignore = ["PCL2"]\n',
            "a/b/pyproject.toml": '[tool.procore-lint]\nignore = ["PCL3"]\n',
        },
    )

    assert load(str(tmp_path / "a")).ignore == ("PCL1",)
    assert load(str(tmp_path / "a/b")).ignore == ("PCL2",)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    config = load(str(tmp_path))

    assert (config.file, config.fail_on, config.select) == ("", "warning", ())


def test_a_configuration_named_on_the_command_line_may_have_any_name(tmp_path: Path) -> None:
    write(
        tmp_path, {"own.toml": 'fail-on = "never"\n', "table.toml": '[tool.procore-lint]\nfail-on = "info"\n'}
    )

    assert read(str(tmp_path / "own.toml")).fail_on == "never"
    assert read(str(tmp_path / "table.toml")).fail_on == "info"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("selct = []\n", ["unknown key selct", "Did you mean 'select'?", "Allowed are: select, ignore"]),
        ("zzz = 1\n", ["unknown key zzz.", "Allowed are"]),
        ('select = "PCL1"\n', ["select must be a list of rule names", "not 'PCL1'"]),
        ("ignore = [1]\n", ["ignore must be a list"]),
        ('as-of = "yesterday"\n', ["as-of must be a day such as 2026-07-01"]),
        ("as-of = 2026-07-01T10:00:00\n", ["as-of must be a day"]),
        ('fail-on = "errors"\n', ['fail-on must be one of "error", "warning", "info", "never"']),
        ('[per-file-ignores]\n"a" = "PCL1"\n', ["per-file-ignores must be a table of gitignore patterns"]),
        ("baseline = 1\n", ["baseline must be a path"]),
        ("select = [\n", ["is not TOML"]),
    ],
)
def test_a_wrong_key_or_type_is_named_with_what_is_allowed(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    write(tmp_path, {"procore-lint.toml": text})

    with pytest.raises(ConfigError) as caught:
        load(str(tmp_path))

    message = str(caught.value)
    assert message.startswith(str(tmp_path / "procore-lint.toml"))
    assert [word for word in words if word not in message] == []


def test_a_key_of_pyproject_is_named_with_its_table(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.procore-lint]\nselct = []\n"})

    with pytest.raises(ConfigError, match=r"unknown key tool\.procore-lint\.selct"):
        load(str(tmp_path))


def test_a_configuration_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read(str(tmp_path / "none.toml"))


def test_the_schema_in_the_docs_is_the_one_of_the_keys(request: pytest.FixtureRequest) -> None:
    text = json.dumps(schema(), indent=2) + "\n"
    if request.config.getoption("--update-snapshots"):
        SCHEMA.write_text(text, encoding="utf-8")

    assert SCHEMA.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("select", ["PCL1"], [""]),
        ("ignore", [], "PCL1"),
        ("exclude", ["a/"], [1]),
        ("per-file-ignores", {"a": ["PCL1"]}, {"a": "PCL1"}),
        ("as-of", "2026-07-01", "July"),
        ("fail-on", "never", "always"),
        ("company-header-names", ["X-Company"], {}),
        ("facts", ["a.toml"], "a.toml"),
        ("baseline", "b.json", ""),
        ("cache-dir", ".cache", False),
    ],
)
def test_schema_and_reader_accept_and_refuse_the_same(key: str, good: object, bad: object) -> None:
    [known] = [each for each in KEYS if each.name == key]
    validator = jsonschema.Draft202012Validator(schema())

    assert validator.is_valid({key: good})
    assert known.accept(good) is not None
    assert not validator.is_valid({key: bad})
    assert known.accept(bad) is None


def test_the_schema_is_a_schema_and_allows_no_other_key() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())

    assert not jsonschema.Draft202012Validator(schema()).is_valid({"selct": []})
    assert jsonschema.Draft202012Validator(schema()).is_valid(
        {key: value for key, value in parse(FULL.encode()).items() if key != "as-of"}
    )
