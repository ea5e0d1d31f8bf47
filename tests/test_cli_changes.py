"""The command line where it writes: ignores, patches and fixes; and `--changed`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from cli_helpers import DEFECT, RULE, invoke
from projects import write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, {"procore-lint.toml": "", "app.py": DEFECT, "clean.py": "x = 1\n"})


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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--diff", "--add-ignores", "why"), "leave out --add-ignores"),
        (("--diff", "--write-baseline", "b.json"), "leave out --write-baseline"),
        (("--fix-only", "--add-ignores", "why"), "take --fix with --add-ignores"),
        (("--fix-only", "--write-baseline", "b.json"), "take --fix with --write-baseline"),
        (("--changed", "--write-baseline", "b.json"), "leave out --changed"),
        (("--prune-baseline",), "needs a baseline"),
        (("--stdin-filename", "app.py"), "give the path '-'"),
    ],
)
def test_options_that_would_be_passed_over_are_refused(
    project: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = invoke("check", *RULE, *arguments)

    assert (done.exit_code, words in done.stderr, done.stdout) == (2, True, "")
    assert (project / "app.py").read_text() == DEFECT
    assert not (project / "b.json").exists()


def test_a_file_that_cannot_be_written_is_told_in_a_quiet_run_and_exits_with_two(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode, **_: mode != os.W_OK)
    done = invoke("check", "app.py", "--fix-only", "--quiet")

    assert done.exit_code == 2
    assert "app.py: not written: it is read-only" in done.stderr
    assert (project / "app.py").read_text() == DEFECT


def test_a_file_that_cannot_be_read_exits_with_two_whatever_is_found(project: Path) -> None:
    (project / "gone.py").symlink_to("nowhere.py")

    done = invoke("check", "gone.py", "--exit-zero")

    assert (done.exit_code, "the run is incomplete" in done.stdout) == (2, True)


def test_standard_input_is_not_written_back(project: Path) -> None:
    done = invoke("check", "-", "--stdin-filename", "clean.py", "--fix", input=UNUSED)

    assert (done.exit_code, "take --diff" in done.stderr) == (2, True)


@pytest.fixture
def committed(project: Path) -> Path:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], cwd=project, check=True)
    return project


def changed_lines(*paths: str) -> list[tuple[str, int]]:
    rows = json.loads(invoke("check", *paths, *RULE, "--changed", "--format", "json").stdout)["findings"]
    return [(row["path"], row["line"]) for row in rows]


def test_changed_reports_only_changed_lines(committed: Path) -> None:
    write(committed, {"app.py": DEFECT + DEFECT})

    assert changed_lines() == [("app.py", 6)]


def test_changed_follows_the_links_that_lead_to_a_file(committed: Path) -> None:
    write(committed, {"src/app.py": DEFECT})
    (committed / "link").symlink_to("src")

    assert changed_lines("link") == [("link/app.py", 3)]
