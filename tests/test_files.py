from __future__ import annotations

import os
from pathlib import Path

import pytest
from projects import write

from procore_lint import files
from procore_lint.files import is_python, left_out, walk
from procore_lint.ignores import Stack, level


def test_python_files_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write(tmp_path, {"b.py": "", "a/c.pyi": "", "a/b.pyw": "", "a/d.txt": "", "setup.cfg": ""})

    assert walk(str(tmp_path)).files == ["a/b.pyw", "a/c.pyi", "b.py"]


def test_environments_caches_and_dependencies_are_left_out(tmp_path: Path) -> None:
    names = [".git", "node_modules", "__pycache__", ".tox", ".mypy_cache", "dist", "site-packages", ".venv"]
    write(tmp_path, {f"{name}/x.py": "" for name in names})
    write(tmp_path, {"my-env/pyvenv.cfg": "", "my-env/lib/x.py": "", "src/ok.py": "", "env/ok.py": ""})
    (tmp_path / ".git/HEAD").write_text("")

    assert walk(str(tmp_path)).files == ["env/ok.py", "src/ok.py"]


def test_a_directory_with_an_environments_mark_is_walked_when_it_is_the_root(tmp_path: Path) -> None:
    write(tmp_path, {"pyvenv.cfg": "", "a.py": ""})

    assert walk(str(tmp_path)).files == ["a.py"]


def test_links_to_directories_make_no_loop(tmp_path: Path) -> None:
    write(tmp_path, {"a/b/x.py": ""})
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "around").symlink_to(tmp_path)

    assert walk(str(tmp_path)).files == ["a/b/x.py"]


def test_a_linked_file_counts_once_and_only_from_outside_the_root(tmp_path: Path) -> None:
    write(tmp_path, {"root/x.py": "", "shared/y.py": ""})
    root = tmp_path / "root"
    (root / "also_x.py").symlink_to(root / "x.py")
    (root / "y.py").symlink_to(tmp_path / "shared/y.py")
    (root / "z.py").symlink_to(tmp_path / "shared/y.py")
    (root / "gone.py").symlink_to(root / "nothing.py")

    tree = walk(str(root))

    assert "x.py" in tree.files
    assert len({"y.py", "z.py"} & set(tree.files)) == 1
    assert len(tree.files) == 2
    assert tree.passed_over == {"a link to another file": 2, "not a file": 1}


def test_pipes_that_look_like_python_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")

    assert walk(str(tmp_path)).files == []


def test_a_directory_that_cannot_be_listed_does_not_stop_the_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"closed/x.py": "", "gone/x.py": "", "open/x.py": ""})
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        if path.endswith("gone"):
            raise FileNotFoundError(2, "No such file or directory")
        return real(path)

    monkeypatch.setattr(files.os, "scandir", scandir)

    tree = walk(str(tmp_path))

    assert tree.files == ["open/x.py"]
    assert tree.passed_over == {"unreadable": 1, "vanished": 1}


def test_projects_inside_the_project_are_named_and_not_entered(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            "sub/.git": "gitdir: elsewhere\n",
            "sub/a.py": "",
            "tool/pyproject.toml": "[tool.procore-lint]\n",
            "tool/a.py": "",
            "lib/pyproject.toml": "# procore-lint is not configured here\n",
            "lib/a.py": "",
        },
    )

    tree = walk(str(tmp_path))

    assert tree.files == ["lib/a.py"]
    assert sorted(tree.nested) == [str(tmp_path / "sub"), str(tmp_path / "tool")]


def test_a_walk_below_the_root_obeys_the_rules_on_the_way(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".gitignore": "x.py\n", "a/.gitignore": "y.py\n", "a/b/x.py": "", "a/b/y.py": "", "a/b/z.py": ""},
    )

    assert walk(str(tmp_path), "a/b").files == ["a/b/z.py"]


def test_a_named_file_obeys_the_rules_of_a_walk_when_it_must(tmp_path: Path) -> None:
    write(
        tmp_path,
        {".gitignore": "made/\n", "made/x.py": "", "a/x.py": "", "env/pyvenv.cfg": "", "env/x.py": ""},
    )
    excluded = Stack().with_level(level(["a/"]))

    assert left_out(str(tmp_path), "made/x.py", Stack()) == "ignored by git"
    assert left_out(str(tmp_path), "node_modules/x.py", Stack()) == "excluded"
    assert left_out(str(tmp_path), "env/x.py", Stack()) == "excluded"
    assert left_out(str(tmp_path), "a/x.py", excluded) == "excluded"
    assert left_out(str(tmp_path), "a/x.py", Stack()) == ""


@pytest.mark.parametrize(
    ("name", "content", "python"),
    [
        ("a.py", "", True),
        ("a.pyi", "", True),
        ("script", "#!/usr/bin/env python3\n", True),
        ("script", "#!/bin/sh\n", False),
        ("notes", "python\n", False),
        ("a.txt", "#!/usr/bin/env python3\n", False),
    ],
)
def test_named_files_are_python_by_suffix_or_shebang(
    tmp_path: Path, name: str, content: str, python: bool
) -> None:
    (tmp_path / name).write_text(content)

    assert is_python(str(tmp_path / name)) is python
