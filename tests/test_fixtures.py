"""Fixture projects: each gets the findings that its marks promise, whole and file by file."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from fixture_projects import FIXTURES, OF_THE_ENGINE, Place, Project, difference, marks, projects

AS_OF = datetime.date(2026, 11, 23)
PROJECTS = projects()
FILES = [(project, path) for project in PROJECTS for path in project.files()]


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_a_project_gets_the_findings_that_its_marks_promise(project: Project) -> None:
    from procore_lint import catalog as catalogs
    from procore_lint.checks import judge
    from procore_lint.checks.base import Context
    from procore_lint.extract import extract

    catalog = catalogs.load()
    context = Context(as_of=AS_OF, rules=frozenset(catalog.rules), company_headers=frozenset(), report=None)
    sources = project.files()
    modules = {path: extract(data) for path, data in sources.items()}
    findings = judge(modules, catalog, context)
    reported = {Place(finding.path, finding.span.line, finding.rule) for finding in findings}
    reported = {place for place in reported if place.rule not in OF_THE_ENGINE}
    expected = {place for place in project.expected() if place.rule not in OF_THE_ENGINE}
    shown = difference(expected, reported, sources)
    assert not shown, f"{project.name}\n{shown}"


@pytest.mark.parametrize(
    ("project", "path"), FILES, ids=[f"{project.name}:{path}" for project, path in FILES]
)
def test_a_file_checked_alone_gets_the_findings_of_the_whole_run(
    project: Project, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from procore_lint.cli import cli

    monkeypatch.chdir(project.root)
    arguments = ["check", "--format", "json", "--exit-zero", "--no-cache", "--as-of", AS_OF.isoformat(), path]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["findings"]
    reported = {Place(row["path"], row["line"], row["rule"]) for row in rows}
    expected = {place for place in project.expected() if place.path == path}
    shown = difference(expected, reported, project.files())
    assert not shown, f"{project.name}\n{shown}"


def test_the_legacy_integration_shows_every_rule() -> None:
    from procore_lint import catalog as catalogs

    legacy = Project("legacy_integration", FIXTURES / "legacy_integration")
    shown = {place.rule for place in legacy.expected()}
    assert shown == set(catalogs.load().rules) - OF_THE_ENGINE


def test_the_modern_integration_has_the_files_of_the_legacy_one_and_no_mark() -> None:
    legacy = Project("legacy_integration", FIXTURES / "legacy_integration")
    modern = Project("modern_integration", FIXTURES / "modern_integration")
    assert set(modern.files()) == set(legacy.files())
    assert modern.expected() == set()


def test_a_mark_names_each_rule_of_its_line() -> None:
    source = b"x = 1\ny = 2  # error: [vapid-endpoint] [legacy-api-host]\n"
    assert marks("a.py", source) == {
        Place("a.py", 2, "legacy-api-host"),
        Place("a.py", 2, "vapid-endpoint"),
    }


def test_every_fixture_folder_is_a_project() -> None:
    roots = [project.root for project in PROJECTS]
    loose = [path for path in FIXTURES.rglob("*.py") if not _inside(path, roots)]
    assert loose == []


def _inside(path: Path, roots: list[Path]) -> bool:
    return any(root in path.parents for root in roots)
