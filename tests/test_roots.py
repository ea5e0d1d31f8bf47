from __future__ import annotations

from pathlib import Path

from projects import write

from procore_lint.roots import root_of


def root(tmp_path: Path, path: str, cwd: str = "") -> str:
    found = root_of(str(tmp_path / path), str(tmp_path / cwd) if cwd else str(tmp_path))
    return Path(found).relative_to(tmp_path).as_posix()


def test_a_repository_a_configuration_or_our_table_marks_a_root(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "r/.git/HEAD": "",
            "r/pkg/pyproject.toml": "[project]\n",
            "r/pkg/a.py": "",
            "r/own/procore-lint.toml": "",
            "r/own/a.py": "",
            "r/table/pyproject.toml": "[tool.procore-lint]\n",
            "r/table/deep/a.py": "",
        },
    )

    assert root(tmp_path, "r/pkg/a.py") == "r"
    assert root(tmp_path, "r/pkg") == "r"
    assert root(tmp_path, "r/own/a.py") == "r/own"
    assert root(tmp_path, "r/table/deep") == "r/table"


def test_else_the_nearest_project_file_marks_it(tmp_path: Path) -> None:
    write(tmp_path, {"p/setup.py": "", "p/q/setup.cfg": "", "p/q/a.py": "", "p/a.py": ""})

    assert root(tmp_path, "p/q/a.py") == "p/q"
    assert root(tmp_path, "p/a.py") == "p"


def test_else_the_directory_itself_or_for_a_file_the_working_directory(tmp_path: Path) -> None:
    write(tmp_path, {"a/b/c.py": "", "d/e.py": ""})

    assert root(tmp_path, "a/b") == "a/b"
    assert root(tmp_path, "a/b/c.py", cwd="a") == "a"
    assert root(tmp_path, "d/e.py", cwd="a") == "d"
