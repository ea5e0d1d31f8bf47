"""The rules are found wherever the package is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEFT_OUT = (".git", ".venv", "venv", "dist", "build", "__pycache__", ".*_cache", ".hypothesis")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository, so that nothing is built in the tree itself."""
    copy = tmp_path_factory.mktemp("checkout") / "procore-lint"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return copy


@pytest.fixture(scope="session")
def built(checkout: Path) -> Path:
    """The folder with the sdist, and the wheel that was made from the sdist."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "made", "."]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    return checkout / "made"


def rules_seen_from(
    folder: Path, cwd: Path, program: str = "sys.path.insert(0, {folder!r})"
) -> tuple[Path, int]:
    """Where a package in `folder` finds its rules, and how many; the environment's own copy is out of reach."""
    lines = [
        "import site, sys",
        program.format(folder=str(folder)),
        f"sys.path.append({sysconfig.get_path('purelib')!r})",  # as a plain path: no editable install applies
        "from procore_lint.catalog import load, rules_dir",
        "print(rules_dir()); print(len(load().rules)); assert load().endpoints",
    ]
    command = [sys.executable, "-I", "-S", "-c", "\n".join(lines)]
    done = subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True)
    where, number = done.stdout.splitlines()
    return Path(where), int(number)


def test_a_wheel_made_from_the_sdist_finds_its_rules(built: Path, tmp_path: Path) -> None:
    [wheel] = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")

    where, number = rules_seen_from(tmp_path / "site", tmp_path)

    assert where == tmp_path / "site/procore_lint/_rules"
    assert number == len([*(ROOT / "rules").glob("PCL*.md")])


def test_a_wheel_made_from_the_checkout_holds_the_same_files(built: Path, checkout: Path) -> None:
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", "direct", "."]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    [direct], [from_sdist] = (checkout / "direct").glob("*.whl"), built.glob("*.whl")

    names = sorted(zipfile.ZipFile(direct).namelist())

    assert names == sorted(zipfile.ZipFile(from_sdist).namelist())
    assert "procore_lint/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "rules/", "docs/"))]


def test_the_sdist_holds_what_is_needed_to_build_and_test(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"LICENSE", "pyproject.toml", "rules/facts/endpoints.toml", "tests/test_packaging.py"} <= names


def test_an_editable_install_finds_the_checkouts_rules(checkout: Path, tmp_path: Path) -> None:
    program = "import hatchling.build, sys; hatchling.build.build_editable(sys.argv[1])"
    command = [sys.executable, "-c", program, str(tmp_path)]
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")

    where, number = rules_seen_from(tmp_path / "site", tmp_path, "site.addsitedir({folder!r})")

    assert where == checkout / "rules"
    assert number > 15


def test_pre_commit_runs_the_hooks_from_a_repository(checkout: Path, tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "core.hooksPath=/dev/null"]
    user = tmp_path / "user"
    user.mkdir()
    (user / "app.py").write_text(
        'import requests\n\nrequests.get("https://api.procore.com/vapid/projects", headers={"Procore-Company-Id": "1"})\n'
    )
    (user / "clean.py").write_text("x = 1\n")
    for repository in (checkout, user):
        subprocess.run([*git, "init", "-q"], cwd=repository, check=True)
        subprocess.run([*git, "add", "."], cwd=repository, check=True)
        subprocess.run([*git, "commit", "-qm", "all"], cwd=repository, check=True)

    def hook(name: str, *files: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(checkout), name, "--files", *files]
        env = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
        return subprocess.run(command, cwd=user, env=env, capture_output=True, text=True)

    clean, found = hook("procore-lint", "clean.py"), hook("procore-lint", "app.py", "clean.py")
    fixing = hook("procore-lint-fix", "clean.py")

    assert (clean.returncode, "Passed" in clean.stdout) == (0, True), clean.stdout + clean.stderr
    assert (found.returncode, "app.py:3" in found.stdout) == (1, True), found.stdout + found.stderr
    assert "vapid-endpoint" in found.stdout
    assert "clean.py:" not in found.stdout
    assert fixing.returncode == 0, fixing.stdout + fixing.stderr
