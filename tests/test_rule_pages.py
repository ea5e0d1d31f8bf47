"""The rule pages: their shape, their metadata, and their examples, which are run."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from procore_lint.catalog import Catalog, Rule, load, rules_dir

PAGES = sorted(rules_dir().glob("PCL*.md"))
AS_OF = datetime.date(2026, 11, 23)
SECTIONS = ["What it finds", "Why it breaks", "Example", "Use instead", "Fix safety", "Limits"]
DESIGNED = {
    "PCL001": "unreadable-file",
    "PCL002": "unused-ignore",
    "PCL003": "unknown-ignore",
    "PCL004": "expired-ignore",
    "PCL101": "hardcoded-token-lifetime",
    "PCL102": "token-lifetime-fallback",
    "PCL103": "revoke-access-token",
    "PCL104": "legacy-oauth-host",
    "PCL201": "missing-company-header",
    "PCL202": "legacy-api-host",
    "PCL203": "vapid-endpoint",
    "PCL301": "file-link-logic",
    "PCL302": "file-link-construction",
    "PCL303": "file-host-allowlist",
    "PCL304": "file-download-without-token",
    "PCL305": "token-sent-off-procore",
    "PCL401": "deprecated-cost-code-endpoint",
    "PCL402": "legacy-cost-code-endpoint",
    "PCL403": "deprecated-endpoint",
    "PCL501": "traditional-service-account",
    "PCL502": "unclear-service-account",
    "PCL601": "webhook-directory-update",
}
_MARK = re.compile(r"# error: \[([a-z, -]+)\]")
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def examples(page: str, section: str) -> list[str]:
    return _PYTHON.findall(sections(page)[section])


def marked(source: str) -> set[tuple[int, str]]:
    return {
        (number, name.strip())
        for number, line in enumerate(source.splitlines(), start=1)
        for found in _MARK.finditer(line)
        for name in found[1].split(",")
    }


def reported(source: str, catalog: Catalog) -> set[tuple[int, str]]:
    """The lines and rules found in one example, analysed as a project of one file."""
    from procore_lint.checks import judge
    from procore_lint.checks.base import Context
    from procore_lint.extract import extract
    from procore_lint.extract.comments import comments
    from procore_lint.suppress import apply

    path, data = "example.py", source.encode()
    rules = frozenset(catalog.rules)
    context = Context(as_of=AS_OF, rules=rules, company_headers=frozenset(), report=None)
    modules = {path: extract(data)}
    findings = judge(modules, catalog, context)
    left = apply(findings, {path: comments(data)}, modules, rules, catalog, AS_OF).findings
    found = {(finding.span.line, finding.rule) for finding in left}
    problem = modules[path].problem
    return found if problem is None else found | {(problem.line, "unreadable-file")}


def test_every_designed_rule_has_a_page_and_no_page_is_left_over(catalog: Catalog) -> None:
    assert {rule.code: rule.name for rule in catalog.rules.values()} == DESIGNED


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
class TestPage:
    def test_heading_and_file_name_agree(self, file: Path, catalog: Catalog) -> None:
        code, _, name = file.stem.partition("-")
        assert file.read_text(encoding="utf-8").startswith(f"# {name} ({code})\n")
        assert catalog.rules[name].code == code

    def test_sections_stand_in_their_order_and_say_something(self, file: Path) -> None:
        found = sections(file.read_text(encoding="utf-8"))
        assert list(found) == SECTIONS
        assert all(len(text.strip()) > 10 for text in found.values())

    def test_metadata_is_complete_and_points_to_known_changes(self, file: Path, catalog: Catalog) -> None:
        rule = catalog.rules[file.stem.partition("-")[2]]
        assert rule.severities
        assert 20 < len(rule.summary) <= 100
        assert not rule.summary.endswith(".")
        assert set(rule.changes) <= set(catalog.changes)
        if rule.code.startswith("PCL0"):
            assert (rule.url, rule.changes) == ("", ())
        else:
            assert rule.url.startswith("https://developers.procore.com/")
            assert rule.changes

    def test_fix_safety_section_agrees_with_the_metadata(self, file: Path, catalog: Catalog) -> None:
        rule = catalog.rules[file.stem.partition("-")[2]]
        text = sections(rule.page)["Fix safety"]
        assert text.strip().startswith("No fix is offered") == (rule.fix == "none")
        if rule.fix in ("safe", "unsafe"):
            assert rule.fix in text.lower()

    def test_links_to_other_pages_lead_to_a_page(self, file: Path) -> None:
        for target in re.findall(r"\]\((PCL[^)]+)\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).is_file()

    def test_the_example_marks_the_rule_and_the_cure_marks_nothing(self, file: Path) -> None:
        page, name = file.read_text(encoding="utf-8"), file.stem.partition("-")[2]
        wrong, right = examples(page, "Example"), examples(page, "Use instead")
        assert wrong
        assert right
        assert all(name in {rule for _, rule in marked(source)} for source in wrong)
        assert not any(marked(source) for source in right)

    @pytest.mark.parametrize("section", ["Example", "Use instead"])
    def test_examples_are_judged_as_they_are_marked(self, file: Path, section: str, catalog: Catalog) -> None:
        for source in examples(file.read_text(encoding="utf-8"), section):
            assert sorted(reported(source, catalog)) == sorted(marked(source))


@pytest.mark.parametrize(
    ("name", "day", "severity"),
    [
        ("missing-company-header", "2022-06-15", "info"),
        ("missing-company-header", "2022-06-16", "warning"),
        ("missing-company-header", "2023-08-04", "error"),
        ("hardcoded-token-lifetime", "2023-09-25", "warning"),
        ("hardcoded-token-lifetime", "2023-09-26", "error"),
        ("traditional-service-account", "2025-03-17", "warning"),
        ("traditional-service-account", "2025-03-18", "error"),
        ("vapid-endpoint", "2022-02-01", "error"),
        ("webhook-directory-update", "2026-06-30", "error"),
        ("file-download-without-token", "2023-06-01", "error"),
        ("file-link-logic", "2024-06-29", "warning"),
        ("unclear-service-account", "2026-11-23", "info"),
        ("token-lifetime-fallback", "2026-11-23", "warning"),
        ("deprecated-cost-code-endpoint", "2026-11-23", "warning"),
    ],
)
def test_severity_follows_the_life_cycle(name: str, day: str, severity: str, catalog: Catalog) -> None:
    rule: Rule = catalog.rules[name]
    assert rule.severity(datetime.date.fromisoformat(day)) == severity


def test_no_page_or_fact_calls_900_seconds_the_lifetime_of_a_token(catalog: Catalog) -> None:
    allowed = "not only 7200, 5400 and 900"
    for rule in catalog.rules.values():
        assert not re.search(r"(?<!-)\b(?:900|15 minutes)\b", rule.page.replace(allowed, ""))
    assert "never reflected" in catalog.changes["access-token-lifetime-900"].status
