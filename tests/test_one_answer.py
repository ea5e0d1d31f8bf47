"""A file gets the same findings alone, in the whole run, with every file parsed, with any number of processes."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixture_projects import Project, projects
from projects import TODAY, write

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


def test_a_file_in_a_directory_that_nothing_marks_is_judged_with_what_it_can_import_alone(
    tmp_path: Path,
) -> None:
    wrapper = (
        "import requests\ndef get(path, headers):\n"
        "    return requests.get('https://api.procore.com/rest/v1.0' + path, headers=headers)\n"
    )
    caller = "from {0} import get\nget('/projects', {{}})\n"
    write(
        tmp_path,
        {
            "beside.py": wrapper,
            "package/__init__.py": "",
            "package/inner.py": wrapper,
            "elsewhere/unrelated/caller.py": "from beside import get\nget('/users', {'Procore-Company-Id': '1'})\n",
            "one.py": caller.format("beside"),
            "scripts/two.py": caller.format("package.inner"),
        },
    )

    alone = [(finding.path, finding.span.line) for finding in findings(tmp_path, "one.py", "beside.py")]
    assert alone == [("beside.py", 3)]
    assert not findings(tmp_path, "package/inner.py"), "its caller lies where nobody looked: not decided"
    together = findings(tmp_path, "package/inner.py", "scripts/two.py")
    assert [finding.path for finding in together] == ["package/inner.py"]
    reads = run(["one.py"], Options(cwd=str(tmp_path), today=TODAY)).summary.read
    assert reads == 4, "one.py, beside.py and the package; nothing of elsewhere and scripts"
