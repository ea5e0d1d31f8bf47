from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from projects import write

from procore_lint.files import walk
from procore_lint.ignores import level

PATTERNS = """# a comment
*.pyi
*.py[cod]
/anchored.py
build_*/
docs/_made/
**/deep/gen?.py
keep/*
!keep/me.py
tail\\ .py
[xy]z.py
a/**/end.py
inner/**
!inner/back.py
"""

FILES = [
    "a.pyi", "anchored.py", "sub/anchored.py", "build_x/a.py", "docs/_made/a.py", "sub/docs/_made/a.py",
    "deep/gen1.py", "q/deep/gen2.py", "deep/gen10.py", "keep/me.py", "keep/not.py", "keep/d/x.py", "xz.py",
    "sub/yz.py", "a/end.py", "a/b/end.py", "a/b/c/end.py", "inner/x.py", "inner/back.py", "trailing.py",
    "plain.py", "sub/plain.py", "sub/only.py", "sub/deep2/only.py",
]  # fmt: skip

git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def taken_by_git(root: Path) -> list[str]:
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    command = ["git", "ls-files", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    return sorted(path for path in done.stdout.split("\0") if path.endswith((".py", ".pyi")))


@git
def test_gitignore_files_at_every_level_mean_what_they_mean_to_git(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(FILES, ""))
    write(
        tmp_path,
        {
            ".gitignore": PATTERNS + "trailing.py   \n",
            "sub/.gitignore": "/only.py\n!anchored.py\n",
            "a/b/.gitignore": "!end.py\n",
        },
    )
    expected = taken_by_git(tmp_path)

    assert walk(str(tmp_path)).files == expected
    assert 5 < len(expected) < len(FILES)


@git
def test_the_repositorys_own_exclude_file_counts(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "b.py": ""})
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".git/info").mkdir(exist_ok=True)
    (tmp_path / ".git/info/exclude").write_text("b.py\n")

    assert walk(str(tmp_path)).files == ["a.py"]


@git
def test_a_project_below_the_repository_obeys_the_files_above_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".gitignore": "api/made/\n*_pb2.py\n", "api/made/a.py": "", "api/b.py": "", "api/c_pb2.py": ""},
    )
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)

    assert walk(str(tmp_path / "api")).files == ["b.py"]


_part = st.text("ab*?[]!/.", min_size=1, max_size=6)


@git
@example(["//a"])
@example(["a//b", "b//"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_part, min_size=1, max_size=3))
def test_any_patterns_mean_what_they_mean_to_git(tmp_path: Path, patterns: list[str]) -> None:
    if any("[" in pattern or "]" in pattern for pattern in patterns):
        patterns = [pattern.replace("[", "a").replace("]", "b") for pattern in patterns]
    files = ["a.py", "b/a.py", "a/b.py", "ab/a/b.py", "a/b/ab.py"]
    write(tmp_path, dict.fromkeys(files, ""))
    (tmp_path / ".gitignore").write_text("\n".join(patterns) + "\n")

    assert walk(str(tmp_path)).files == taken_by_git(tmp_path)


def test_common_patterns_need_no_pathspec(tmp_path: Path) -> None:
    program = "import sys; from procore_lint.ignores import level; level(open(sys.argv[1])); print('pathspec' in sys.modules)"
    lists = {
        "common": "*.py[cod]\n*$py.class\nbuild/\ndocs/_build/\n/.venv\n!x.py\nfoo*\n",
        "rare": "a/**/b\n",
    }
    write(tmp_path, lists)

    shown = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / name)], check=True, capture_output=True, text=True
        )
        for name in lists
    ]

    assert [done.stdout.strip() for done in shown] == ["False", "True"]


def test_a_level_of_comments_and_blank_lines_is_none() -> None:
    assert level(["# nothing\n", "\n", "/\n"]) is None
