from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from procore_lint import baseline
from procore_lint.baseline import Baseline, BaselineError
from procore_lint.finding import Finding, Span


def found(mark: str, path: str = "app/client.py", message: str = "no header") -> Finding:
    span = Span(3, 1, 3, 9)
    return Finding(
        "missing-company-header", "PCL201", "error", message, "h", "u", path, span, "Client.get", mark
    )


def test_a_baseline_is_sorted_with_one_entry_a_line(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    baseline.write(file, Baseline.accepting([found("b2", "b.py"), found("a1", "ä.py"), found("a0", "b.py")]))
    assert file.read_text(encoding="utf-8") == (
        '{"version": 1, "findings": [\n'
        '{"path": "b.py", "rule": "missing-company-header", "symbol": "Client.get", "fingerprint": "a0",'
        ' "message": "no header"},\n'
        '{"path": "b.py", "rule": "missing-company-header", "symbol": "Client.get", "fingerprint": "b2",'
        ' "message": "no header"},\n'
        '{"path": "ä.py", "rule": "missing-company-header", "symbol": "Client.get", "fingerprint": "a1",'
        ' "message": "no header"}\n'
        "]}\n"
    )


@pytest.mark.parametrize("marks", [[], ["a"], ["a", "b", "c"]])
def test_what_is_written_is_read_back(tmp_path: Path, marks: list[str]) -> None:
    file = tmp_path / "baseline.json"
    accepted = Baseline.accepting(map(found, marks))
    baseline.write(file, accepted)
    assert baseline.load(file) == accepted
    assert json.loads(file.read_text())["version"] == 1


def test_a_long_message_is_cut_to_one_short_line() -> None:
    (entry,) = Baseline.accepting([found("a", message="no\n" + "x" * 300)]).entries
    assert entry.message.startswith("no xxx")
    assert entry.message.endswith("...")
    assert len(entry.message) == 100


def test_a_finding_without_fingerprint_cannot_be_accepted() -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        Baseline.accepting([found("")])


def test_known_findings_are_held_back_and_entries_without_defect_are_stale() -> None:
    accepted = Baseline.accepting([found("known"), found("gone")])
    new, known, stale = baseline.filter([found("known"), found("new")], accepted)
    assert [finding.fingerprint for finding in new] == ["new"]
    assert known == 1
    assert [entry.fingerprint for entry in stale] == ["gone"]
    assert [entry.fingerprint for entry in accepted.without(stale).entries] == ["known"]


def test_an_entry_that_the_run_could_not_have_found_is_not_stale() -> None:
    accepted = Baseline.accepting([found("a", "checked.py"), found("b", "elsewhere.py")])
    stale = baseline.filter([], accepted, lambda entry: entry.path == "checked.py").stale
    assert [entry.path for entry in stale] == ["checked.py"]


def merged(tmp_path: Path, change: str) -> Baseline:
    file = tmp_path / "baseline.json"
    baseline.write(file, Baseline.accepting(map(found, "abc")))
    rows = file.read_text().splitlines(keepends=True)
    if change == "comma too many":
        rows[-2] = rows[-2].replace("}\n", "},\n")
    elif change == "comma too few":
        rows[1] = rows[1].replace("},\n", "}\n")
    elif change == "a line twice":
        rows.insert(1, rows[1])
    file.write_text("".join(rows))
    return baseline.load(file)


@pytest.mark.parametrize("change", ["comma too many", "comma too few", "a line twice"])
def test_what_a_merge_by_lines_leaves_is_read(tmp_path: Path, change: str) -> None:
    assert merged(tmp_path, change) == Baseline.accepting(map(found, "abc"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a baseline"),
        ("[]", "not a baseline"),
        ('{"version": 1}', "not a baseline"),
        ('{"version": 2, "findings": []}', "version 2, expected 1"),
        ('{"version": 1, "findings": [3]}', "entry 1 must hold"),
        ('{"version": 1, "findings": [{"path": "a"}]}', "entry 1 must hold"),
        ('{"version": 1, "findings": [\n{"path": \n]}\n', "not JSON"),
        (
            '{"version": 1, "findings": [\n<<<<<<< ours\n]}',
            ":2: a merge conflict: keep the lines of both sides",
        ),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_broken_baseline_is_an_error_that_names_the_file(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BaselineError) as error:
        baseline.load(file)
    assert str(error.value).startswith(str(file))
    assert words in str(error.value)


def test_a_missing_baseline_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(BaselineError, match="--write-baseline"):
        baseline.load(tmp_path / "none.json")
    with pytest.raises(BaselineError, match=r"none/b\.json: the baseline cannot be written"):
        baseline.write(tmp_path / "none" / "b.json", Baseline())


def test_a_failed_write_leaves_the_old_baseline_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "baseline.json"
    baseline.write(file, Baseline.accepting([found("a")]))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BaselineError, match="No space left"):
        baseline.write(file, Baseline())
    assert [entry.fingerprint for entry in baseline.load(file).entries] == ["a"]
    assert os.listdir(tmp_path) == ["baseline.json"]


@pytest.mark.skipif(os.name == "nt", reason="permissions and links of POSIX")
def test_permissions_and_links_outlive_a_write(tmp_path: Path) -> None:
    file, link = tmp_path / "baseline.json", tmp_path / "link.json"
    baseline.write(file, Baseline())
    assert stat.S_IMODE(file.stat().st_mode) & 0o600 == 0o600
    file.chmod(0o640)
    link.symlink_to(file)
    baseline.write(link, Baseline.accepting([found("a")]))
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert len(baseline.load(file).entries) == 1


def test_a_path_that_is_no_text_survives_the_baseline(tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    baseline.write(file, Baseline.accepting([found("a", "b\udcff.py"), found("b", "ä.py")]))
    assert [entry.path for entry in baseline.load(file).entries] == ["b\udcff.py", "ä.py"]
    assert "ä.py" in file.read_text(encoding="utf-8")
