"""The commands that are measured: procore-lint, its peers with like rules, and the floors."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from measure import Command

HERE = Path(__file__).resolve().parent
RULES = HERE / "rules"
CHECKOUT = HERE.parent

#: The newest of each; the page names the versions that ran.
PACKAGES = ("ruff", "fixit", "semgrep", "flake8", "bandit", "ast-grep-cli", "setuptools<81")

_READ = """
import os
for folder, _, names in os.walk("."):
    for name in names:
        if name.endswith(".py"):
            with open(f"{folder}/{name}", "rb") as stream:
                data = stream.read()
"""
_SCAN = f"{_READ}            b'procore' in data.lower()\n"
OURS = "procore-lint"
WARM = "procore-lint, warm"
LOWER = "Python: read, lower, in"
CLICK = 'python -c "import click"'


def install(work: Path) -> Path:
    """An environment with the peers below `work`; the directory of its commands."""
    root = work / "peers"
    scripts = root / ("Scripts" if sys.platform == "win32" else "bin")
    if not (scripts / "ruff").exists():
        venv.create(root, with_pip=True, clear=True)
        subprocess.run([str(scripts / "python"), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return scripts


def versions(scripts: Path) -> str:
    """The peers with their versions, for the caption of the table."""
    shown = subprocess.run(
        [str(scripts / "python"), "-m", "pip", "list", "--format", "freeze"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    wanted = {package.partition("<")[0] for package in PACKAGES} - {"setuptools"}
    return ", ".join(
        line.replace("==", " ") for line in shown.stdout.splitlines() if line.partition("==")[0] in wanted
    )


def ours(root: Path, cache: Path, *paths: str) -> list[Command]:
    """procore-lint without a cache and with one that is filled."""
    check = [sys.executable, "-m", "procore_lint", "check", *(paths or (".",))]
    environment = {"PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": ""}
    return [
        Command(OURS, [*check, "--no-cache"], root, environment),
        Command(WARM, [*check, "--cache-dir", str(cache)], root, environment),
    ]


def peers(root: Path, scripts: Path) -> list[Command]:
    """The other tools, each over the whole tree without a cache."""

    def run(name: str, *arguments: str, **environment: str) -> Command:
        return Command(name, [str(scripts / arguments[0]), *arguments[1:]], root, environment)

    ast_grep = str(RULES / "ast_grep" / "sgconfig.yml")
    semgrep = ("--metrics=off", "--disable-version-check", "--quiet", "--no-git-ignore", "--jobs", "2")
    whole = "--x-ignore-semgrepignore-files"  # else it leaves out every folder of tests
    fixit = [str(scripts / "fixit"), "--rules", "fixit_rules.procore", "lint", "."]
    return [
        run("ruff check", "ruff", "check", "--no-cache", "--isolated", "--quiet", "."),
        run("ast-grep", "ast-grep", "scan", "--config", ast_grep, "--json=stream", "."),
        run("semgrep", "semgrep", "scan", *semgrep, whole, "--config", str(RULES / "semgrep.yml"), "."),
        run("flake8 -j2", "flake8", "--isolated", "-j2", "."),
        run("bandit", "bandit", "--quiet", "--recursive", "."),
        Command("Fixit", fixit, root, {"PYTHONPATH": str(RULES)}),
    ]


def floors(root: Path) -> list[Command]:
    """What no linter can go below."""
    found = [
        Command("Python: read every file", [sys.executable, "-c", _READ], root),
        Command(LOWER, [sys.executable, "-c", _SCAN], root),
        Command(CLICK, [sys.executable, "-c", "import click"], root),
    ]
    if shutil.which("rg"):
        found.insert(0, Command("rg -c procore", ["rg", "--count", "--ignore-case", "procore", "."], root))
    return found
