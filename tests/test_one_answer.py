"""A file gets the same findings alone, in the whole run, with every file parsed, with any number of processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixture_projects import Project, projects
from projects import TODAY

from procore_lint.engine import run
from procore_lint.finding import Finding
from procore_lint.options import Options

EVERY = pytest.mark.parametrize("project", projects(), ids=lambda project: project.name)


def findings(root: Path, *paths: str, **options: object) -> list[Finding]:
    return list(run(paths or (".",), Options(cwd=str(root), today=TODAY, **options)).findings)  # type: ignore[arg-type]


@EVERY
def test_a_file_alone_gets_what_the_whole_run_finds_in_it(project: Project) -> None:
    whole = findings(project.root)

    for path in project.files():
        assert findings(project.root, path) == [finding for finding in whole if finding.path == path], path


@EVERY
def test_triage_loses_no_finding(project: Project) -> None:
    assert findings(project.root, triage=False) == findings(project.root)


@EVERY
def test_standard_input_gets_what_the_file_gets(project: Project) -> None:
    whole = findings(project.root)

    for path, data in list(project.files().items())[:5]:
        replaced = {str(project.root / path): data}
        expected = [finding for finding in whole if finding.path == path]
        assert findings(project.root, path, replaced=replaced) == expected, path


@EVERY
def test_the_working_directory_changes_paths_alone(project: Project) -> None:
    inside = findings(project.root)
    above = findings(project.root.parent, project.root.name)

    assert [(f"{project.root.name}/{f.path}", f.span, f.rule, f.fingerprint) for f in inside] == [
        (f.path, f.span, f.rule, f.fingerprint) for f in above
    ]
