from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from procore_lint.changes import ChangesError, LineSet, changed_lines, keep
from procore_lint.finding import Finding, Span

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

TEN = "".join(f"line_{number} = {number}\n" for number in range(1, 11))


class Repository:
    """A git repository of the test's own, free of the user's configuration."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        command = [
            "git",
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
            *arguments,
        ]
        return subprocess.run(command, cwd=self.path, check=True, capture_output=True, text=True).stdout

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")

    def commit(self, **files: str) -> None:
        for name, text in files.items():
            self.write(f"{name}.py", text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=m")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return Repository(tmp_path)


def altered(number: int, by: str = "altered\n") -> str:
    return TEN.replace(f"line_{number} = {number}\n", by)


def test_the_working_tree_and_the_index_are_compared_with_head(repository: Repository) -> None:
    repository.commit(a=TEN, b=TEN, c=TEN)
    repository.write("a.py", altered(3))
    repository.write("b.py", altered(5, "one\ntwo\n"))
    repository.git("add", "b.py")
    assert changed_lines(repository.path) == {"a.py": LineSet(((3, 3),)), "b.py": LineSet(((5, 6),))}


def test_with_a_revision_the_commits_of_the_branch_count_and_those_of_the_other_side_do_not(
    repository: Repository,
) -> None:
    repository.commit(a=TEN, b=TEN)
    repository.git("branch", "trunk")
    repository.commit(a=altered(2))
    repository.git("checkout", "--quiet", "trunk")
    repository.commit(b=altered(9))
    repository.git("checkout", "--quiet", "main")
    repository.write("b.py", altered(4))
    expected = {"a.py": LineSet(((2, 2),)), "b.py": LineSet(((4, 4),))}
    assert changed_lines(repository.path, "trunk") == expected
    assert changed_lines(repository.path) == {"b.py": LineSet(((4, 4),))}


def test_untracked_files_count_whole_and_ignored_ones_not(repository: Repository) -> None:
    repository.commit(a=TEN)
    repository.write(".gitignore", "build/\n")
    repository.write("new/b.py", TEN)
    repository.write("build/c.py", TEN)
    changed = changed_lines(repository.path)
    assert changed["new/b.py"].touches(7, 7)
    assert "build/c.py" not in changed
    assert "a.py" not in changed


def test_a_renamed_file_counts_only_where_it_was_altered(repository: Repository) -> None:
    repository.commit(a=TEN, same=TEN * 2)
    repository.git("mv", "a.py", "b.py")
    repository.git("mv", "same.py", "moved.py")
    repository.write("b.py", altered(8))
    assert changed_lines(repository.path) == {"b.py": LineSet(((8, 8),))}


def test_a_deleted_file_is_not_there(repository: Repository) -> None:
    repository.commit(a=TEN)
    (repository.path / "a.py").unlink()
    assert changed_lines(repository.path) == {}


NAMES = ["größe.py", "with space.py", "日本/文.py"]
if sys.platform == "linux":
    NAMES += ['quo"te.py', "back\\slash.py", "tab\there.py", "new\nline.py", " b/x.py", "diff --git a.py"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("prefix", ["true", "false"])
def test_odd_names_are_read(repository: Repository, name: str, prefix: str) -> None:
    repository.git("config", "diff.noprefix", prefix)
    repository.write(name, TEN)
    assert changed_lines(repository.path) == {name: LineSet(whole=True)}
    repository.commit()
    repository.write(name, altered(6))
    assert changed_lines(repository.path) == {name: LineSet(((6, 6),))}


def test_code_that_looks_like_a_patch_is_code(repository: Repository) -> None:
    repository.commit(a=TEN)
    repository.write("a.py", altered(1, "++ b/evil.py\n@@ -1 +50 @@\n-- x\ndiff --git a/x b/x\n") + "last")
    assert changed_lines(repository.path) == {"a.py": LineSet(((1, 4), (14, 14)))}


def test_a_last_line_without_newline_does_not_shift_what_follows(repository: Repository) -> None:
    repository.commit(a=TEN + "x", b=TEN)
    repository.write("a.py", TEN + "y")
    repository.write("b.py", altered(2))
    assert changed_lines(repository.path) == {"a.py": LineSet(((11, 11),)), "b.py": LineSet(((2, 2),))}


def test_a_root_below_the_top_of_the_repository_has_paths_of_its_own(repository: Repository) -> None:
    repository.commit(**{"api/a": TEN, "web/b": TEN})
    repository.write("api/a.py", altered(1))
    repository.write("api/new.py", TEN)
    repository.write("web/b.py", altered(1))
    assert sorted(changed_lines(repository.path / "api")) == ["a.py", "new.py"]


def test_what_the_users_git_is_set_to_changes_nothing(repository: Repository) -> None:
    repository.commit(a=TEN)
    for key, value in {
        "color.ui": "always", "diff.external": "false", "diff.mnemonicPrefix": "true", "diff.context": "9",
        "diff.interHunkContext": "9", "core.quotePath": "false", "diff.renames": "false",
    }.items():  # fmt: skip
        repository.git("config", key, value)
    repository.write(".gitattributes", "*.py binary\n")
    repository.write("a.py", altered(3).replace("line_6 = 6", "six"))
    assert changed_lines(repository.path)["a.py"] == LineSet(((3, 3), (6, 6)))


def test_before_the_first_commit_everything_is_changed(repository: Repository) -> None:
    repository.write("a.py", TEN)
    repository.write("b.py", TEN)
    repository.git("add", "a.py")
    assert changed_lines(repository.path) == {"a.py": LineSet(((1, 10),)), "b.py": LineSet(whole=True)}


@pytest.mark.parametrize("ref", ["no-such-branch", "--output=x", "", "HEAD:a.py"])
def test_an_unknown_revision_is_an_error_that_says_what_to_do(repository: Repository, ref: str) -> None:
    repository.commit(a=TEN)
    with pytest.raises(ChangesError, match=r"knows no revision .* fetch it first"):
        changed_lines(repository.path, ref)
    assert not (repository.path / "x").exists()


def test_a_path_in_the_place_of_a_revision_is_told_where_to_stand(repository: Repository) -> None:
    repository.commit(a=TEN)
    with pytest.raises(ChangesError, match="write paths before --changed"):
        changed_lines(repository.path, ".")


def test_a_revision_of_another_history_is_an_error(repository: Repository) -> None:
    repository.commit(a=TEN)
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit(b=TEN)
    with pytest.raises(ChangesError, match="fetch-depth: 0"):
        changed_lines(repository.path, "main")


def test_outside_a_repository_it_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIT_DIR", raising=False)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(ChangesError, match="--changed"):
        changed_lines(tmp_path)


def test_without_git_it_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChangesError, match="not installed"):
        changed_lines(tmp_path)


def test_a_finding_is_kept_when_a_line_of_its_span_changed(repository: Repository) -> None:
    repository.commit(a=TEN, b=TEN)
    repository.write("a.py", altered(4))
    spans = [(1, 3), (1, 4), (4, 4), (4, 8), (5, 5)]
    findings = [
        Finding("r", "PCL201", "error", "m", "h", "u", path, Span(first, 1, last, 5))
        for path in ("a.py", "b.py")
        for first, last in spans
    ]
    kept = keep(findings, changed_lines(repository.path))
    assert [(finding.path, *finding.span[::2]) for finding in kept] == [
        ("a.py", 1, 4),
        ("a.py", 4, 4),
        ("a.py", 4, 8),
    ]


def test_lines_taken_out_of_the_middle_of_a_finding_change_it(repository: Repository) -> None:
    repository.commit(a=TEN)
    repository.write("a.py", altered(4, ""))
    lines = changed_lines(repository.path)["a.py"]
    assert lines.touches(3, 4)
    assert not lines.touches(1, 3)
    assert not lines.touches(4, 9)
