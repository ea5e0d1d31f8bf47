"""The baseline from the command line: written, obeyed, pruned, and shared by several projects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_helpers import DEFECT, RULE, invoke
from projects import write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, {"procore-lint.toml": "", "app.py": DEFECT, "clean.py": "x = 1\n"})


def entries(file: Path) -> list[tuple[str, str]]:
    return [(entry["path"], entry["rule"]) for entry in json.loads(file.read_text())["findings"]]


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


def test_a_baseline_written_for_some_files_keeps_the_entries_of_the_others(project: Path) -> None:
    write(project, {"other.py": DEFECT})
    invoke("check", *RULE, "--write-baseline", "b.json")
    write(project, {"app.py": "x = 1\n"})

    done = invoke("check", "app.py", *RULE, "--write-baseline", "b.json")

    assert "0 findings accepted in b.json; 1 entries of what was not checked stay" in done.stderr
    assert entries(project / "b.json") == [("other.py", "vapid-endpoint")]
    assert invoke("check", *RULE, "--baseline", "b.json").exit_code == 0


def test_a_baseline_written_for_some_rules_keeps_the_entries_of_the_others(project: Path) -> None:
    both = ("--select", "vapid-endpoint,missing-company-header")
    invoke("check", *both, "--write-baseline", "b.json")
    invoke("check", *RULE, "--write-baseline", "b.json")

    assert entries(project / "b.json") == [
        ("app.py", "missing-company-header"),
        ("app.py", "vapid-endpoint"),
    ]


def test_entries_of_files_that_are_gone_go_with_the_next_writing(project: Path) -> None:
    invoke("check", *RULE, "--write-baseline", "b.json")
    (project / "app.py").unlink()
    invoke("check", "clean.py", *RULE, "--write-baseline", "b.json")

    assert entries(project / "b.json") == []


def test_a_baseline_that_cannot_be_read_is_written_anew(project: Path) -> None:
    write(project, {"b.json": "<<<<<<< ours\n"})
    assert invoke("check", *RULE, "--write-baseline", "b.json").exit_code == 0
    assert entries(project / "b.json") == [("app.py", "vapid-endpoint")]


def test_a_baseline_that_an_editor_gave_a_byte_order_mark_is_read(project: Path) -> None:
    invoke("check", *RULE, "--write-baseline", "b.json")
    (project / "b.json").write_bytes(b"\xef\xbb\xbf" + (project / "b.json").read_bytes())
    assert invoke("check", *RULE, "--baseline", "b.json").exit_code == 0


def test_a_finding_in_a_lambda_stays_accepted_when_lines_shift(project: Path) -> None:
    rule = ("--select", "missing-company-header")
    call = 'run(lambda: requests.get("https://api.procore.com/rest/v1.0/projects", headers={"a": "b"}))\n'
    source = f"import requests\n\n{call}"
    write(project, {"app.py": source})
    assert "1 findings accepted" in invoke("check", "app.py", *rule, "--write-baseline", "b.json").stderr
    write(project, {"app.py": f"# a line\n{source}"})

    assert invoke("check", *rule, "--baseline", "b.json").exit_code == 0
    assert "@" not in (project / "b.json").read_text()


@pytest.fixture
def shared(project: Path) -> Path:
    """Two projects, one inside the other, with one baseline."""
    write(project, {"inner/procore-lint.toml": "", "inner/app.py": DEFECT, "inner/deep.py": "\n" + DEFECT})
    invoke("check", *RULE, "--write-baseline", "b.json")
    return project


def test_projects_that_share_a_baseline_find_no_stale_entry_in_each_others(shared: Path) -> None:
    done = invoke("check", *RULE, "--baseline", "b.json")

    assert (done.exit_code, done.stderr) == (0, "")
    assert ("inner/deep.py", "vapid-endpoint") in entries(shared / "b.json")


def test_pruning_after_a_run_over_one_project_keeps_the_entries_of_the_other(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = entries(shared / "b.json")
    assert "0 entries dropped" in invoke("check", "inner", "--baseline", "b.json", "--prune-baseline").stderr
    monkeypatch.chdir(shared / "inner")
    done = invoke("check", "deep.py", *RULE, "--baseline", "../b.json", "--prune-baseline")

    assert (done.exit_code, "0 entries dropped" in done.stderr) == (0, True)
    assert entries(shared / "b.json") == before


def test_a_mended_defect_of_either_project_is_pruned(shared: Path) -> None:
    write(shared, {"inner/deep.py": "x = 1\n"})
    assert "1 baseline entries match nothing" in invoke("check", *RULE, "--baseline", "b.json").stderr
    invoke("check", "inner", *RULE, "--baseline", "b.json", "--prune-baseline")

    assert ("inner/deep.py", "vapid-endpoint") not in entries(shared / "b.json")
    assert invoke("check", *RULE, "--baseline", "b.json").stderr == ""
