"""The command line where it writes: baselines, ignores, patches and fixes; and `--changed`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from cli_helpers import DEFECT, RULE, invoke
from projects import write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, {"procore-lint.toml": "", "app.py": DEFECT, "clean.py": "x = 1\n"})


def test_a_baseline_accepts_what_was_there_and_shows_what_is_new(project: Path) -> None:
    assert invoke("check", *RULE, "--write-baseline", "baseline.json").exit_code == 0
    assert invoke("check", *RULE, "--baseline", "baseline.json").exit_code == 0
    write(project, {"app.py": "\n" + DEFECT, "new.py": DEFECT})

    done = invoke("check", *RULE, "--baseline", "baseline.json", "--format", "json")

    report = json.loads(done.stdout)
    assert [row["path"] for row in report["findings"]] == ["new.py"]
    assert report["summary"]["baselined"] == 1


def test_stale_baseline_entries_are_told_and_pruned(project: Path) -> None:
    invoke("check", *RULE, "--write-baseline", "baseline.json")
    write(project, {"app.py": "x = 1\n"})

    told = invoke("check", *RULE, "--baseline", "baseline.json")
    pruned = invoke("check", *RULE, "--baseline", "baseline.json", "--prune-baseline")

    assert "1 baseline entries match nothing" in told.stderr
    assert "1 entries dropped" in pruned.stderr
    assert json.loads((project / "baseline.json").read_text())["findings"] == []


def test_add_ignores_accepts_every_finding_with_the_reason(project: Path) -> None:
    done = invoke("check", *RULE, "--add-ignores", "until the migration")

    assert done.exit_code == 0, done.output
    assert "# procore-lint: ignore[vapid-endpoint] -- until the migration" in (project / "app.py").read_text()
    assert invoke("check", *RULE).exit_code == 0


#: A defect of the linter's own that has a safe fix.
UNUSED = "x = 1  # procore-lint: ignore[vapid-endpoint] -- long gone\n"


def test_a_diff_changes_no_file_and_a_fix_does(project: Path) -> None:
    write(project, {"clean.py": UNUSED})

    patch = invoke("check", "clean.py", "--diff")
    before = (project / "clean.py").read_text()
    fixed = invoke("check", "clean.py", "--fix", "--format", "json")

    assert (patch.exit_code, "+x = 1\n" in patch.stdout) == (1, True)
    assert before == UNUSED
    assert (fixed.exit_code, json.loads(fixed.stdout)["summary"]["fixed"]) == (0, 1)
    assert (project / "clean.py").read_text() == "x = 1\n"
    assert (invoke("check", "clean.py", "--diff").stdout, invoke("check", "clean.py").exit_code) == ("", 0)


def test_fix_only_fixes_and_leaves_the_rest_unsaid(project: Path) -> None:
    write(project, {"app.py": DEFECT + UNUSED})

    done = invoke("check", "app.py", "--fix-only")

    assert (done.exit_code, done.stdout) == (0, "")
    mended = DEFECT.replace("/vapid/", "/rest/v1.0/")
    assert (project / "app.py").read_text() == mended + "x = 1\n"


def test_the_patch_is_one_that_git_applies(project: Path) -> None:
    write(project, {"clean.py": UNUSED})
    invoke("check", "clean.py", "--diff", "--output", "fix.patch")

    subprocess.run(["git", "apply", "fix.patch"], cwd=project, check=True)

    assert (project / "clean.py").read_text() == "x = 1\n"


def test_standard_input_is_not_written_back(project: Path) -> None:
    done = invoke("check", "-", "--stdin-filename", "clean.py", "--fix", input=UNUSED)

    assert (done.exit_code, "take --diff" in done.stderr) == (2, True)


def test_changed_reports_only_changed_lines(project: Path) -> None:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], cwd=project, check=True)
    write(project, {"app.py": DEFECT + DEFECT})

    rows = json.loads(invoke("check", *RULE, "--changed", "--format", "json").stdout)["findings"]

    assert [row["line"] for row in rows] == [6]
