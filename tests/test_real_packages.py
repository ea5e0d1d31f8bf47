"""Published packages that call Procore: each gets the findings that somebody reviewed, line by line.

They are downloaded (a wheel is an archive; nothing of it runs) and never kept in the repository. Without
the package index these tests are skipped.
"""

from __future__ import annotations

import ast
import functools
import io
import shutil
import subprocess
import sys
import tokenize
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from projects import TODAY

from procore_lint import facts
from procore_lint.catalog import Catalog
from procore_lint.cli import cli
from procore_lint.engine import run
from procore_lint.extract import extract
from procore_lint.finding import Finding
from procore_lint.options import Options, Tools

if TYPE_CHECKING:
    from procore_lint.checks.base import Context

WHEELS = ("procore==0.1.0", "propycore==0.8.0", "pyprocore==2.4.0", "tap-procore==0.0.5")
PACKAGES = tuple(wheel.partition("==")[0] for wheel in WHEELS)
EXPECTED = Path(__file__).parent / "data" / "real_packages.txt"

pytestmark = pytest.mark.slow

EVERY = pytest.mark.parametrize("package", PACKAGES)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each package unzipped below its name, as a project of its own."""
    folder = tmp_path_factory.mktemp("packages")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--ignore-requires-python"]
    command += ["--retries", "1", "--timeout", "15", "--dest", str(folder / "wheels"), *WHEELS]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip()[-300:]}")
    for wheel in (folder / "wheels").glob("*.whl"):
        name = wheel.name.partition("-")[0].replace("_", "-")
        zipfile.ZipFile(wheel).extractall(folder / name)
        (folder / name / "procore-lint.toml").write_text("")
    return folder


def findings(root: Path, *paths: str, triage: bool = True) -> list[Finding]:
    options = Options(cwd=str(root), today=TODAY, triage=triage)
    return list(run(paths or (".",), options).findings)


@pytest.fixture(scope="session")
def wholes(packages: Path) -> dict[str, list[Finding]]:
    """What a run over each whole package finds."""
    return {package: findings(packages / package) for package in PACKAGES}


def expected(package: str) -> set[tuple[str, str]]:
    """The reviewed findings of a package as ("path:line", rule)."""
    found = set()
    for line in EXPECTED.read_text(encoding="utf-8").splitlines():
        row = line.partition("#")[0].split()
        if row and row[0] == package:
            found.add((row[1], row[2]))
    return found


@EVERY
def test_a_published_package_gets_the_findings_that_were_reviewed(
    wholes: dict[str, list[Finding]], package: str
) -> None:
    found = {(f"{each.path}:{each.span.line}", each.rule) for each in wholes[package]}

    assert sorted(found) == sorted(expected(package))


@EVERY
def test_every_file_of_a_package_alone_is_judged_on_what_the_whole_run_is_judged_on(
    packages: Path, wholes: dict[str, list[Finding]], package: str
) -> None:
    root = packages / package
    known = functools.cache(extract)
    judged: list[Mapping[str, facts.Module]] = []

    def judge(modules: Mapping[str, facts.Module], catalog: Catalog, context: Context) -> list[Finding]:
        judged.append(dict(modules))
        return []

    def modules(path: str) -> Mapping[str, facts.Module] | None:
        judged.clear()
        run([path], Options(cwd=str(root), today=TODAY, jobs=1), Tools(known, judge))
        return judged[0] if judged else None

    whole, with_findings = modules("."), {each.path for each in wholes[package]}
    for file in root.rglob("*.py"):
        path = file.relative_to(root).as_posix()
        assert modules(path) == whole or path not in with_findings, path


@EVERY
def test_a_file_of_a_package_alone_gets_what_the_whole_run_finds_in_it(
    packages: Path, wholes: dict[str, list[Finding]], package: str
) -> None:
    """One file for each rule, and one without a finding: a run over the largest package takes seconds."""
    root, whole = packages / package, wholes[package]
    found = {each.rule: each.path for each in whole}
    silent = min(
        path
        for file in root.rglob("*.py")
        if (path := file.relative_to(root).as_posix()) not in {each.path for each in whole}
    )

    for path in sorted({*found.values(), silent}):
        assert findings(root, path) == [each for each in whole if each.path == path], path


@EVERY
def test_triage_loses_no_finding_of_a_package(
    packages: Path, wholes: dict[str, list[Finding]], package: str
) -> None:
    assert findings(packages / package, triage=False) == wholes[package]


def test_every_expected_line_has_a_package_and_a_reason() -> None:
    lines = [line for line in EXPECTED.read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")]

    assert {line.split()[0] for line in lines} <= set(PACKAGES)
    assert all(len(line.partition("# ")[2]) > 10 for line in lines)


def comments(path: Path) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    return sorted(token.string for token in tokens if token.type == tokenize.COMMENT)


@EVERY
def test_what_is_fixed_in_a_package_parses_keeps_its_comments_and_is_done_at_once(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    root = tmp_path / package
    shutil.copytree(packages / package, root)
    monkeypatch.chdir(root)
    before = {path: path.read_bytes() for path in root.rglob("*.py")}
    command = ["check", "--fix", "--unsafe-fixes", "--exit-zero", "--no-cache", "--quiet"]

    CliRunner().invoke(cli, command, catch_exceptions=False)
    once = {path: path.read_bytes() for path in before}
    CliRunner().invoke(cli, command, catch_exceptions=False)

    assert {path: path.read_bytes() for path in before} == once
    for path in before:
        if once[path] != before[path]:
            ast.parse(once[path])
            original = packages / package / path.relative_to(root)
            assert comments(path) == comments(original), path
