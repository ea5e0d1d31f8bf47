"""Helpers of the tests of fixes as a user has them: source in, `check --fix --unsafe-fixes`, source out."""

from __future__ import annotations

import difflib
import json
import textwrap
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner
from projects import write

from procore_lint.cli import cli

Row = dict[str, object]
AS_OF = "2026-11-23"

#: The start of a module that calls the REST API.
REST = """\
import requests

API = "https://api.procore.com/rest/v1.0"
"""


def check(root: Path, *options: str) -> list[Row]:
    """The findings of `check` in a directory, after what its options change."""
    arguments = [
        "check",
        str(root),
        "--format",
        "json",
        "--exit-zero",
        "--no-cache",
        "--as-of",
        AS_OF,
        *options,
    ]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    rows: list[Row] = json.loads(result.stdout)["findings"]
    return rows


def project(root: Path, files: Mapping[str, str]) -> Path:
    """A project on disk with the files, their indentation taken off."""
    marked = {"procore-lint.toml": "", **{name: textwrap.dedent(text) for name, text in files.items()}}
    write(root, marked)
    return root


def mended(root: Path, source: str, *, unsafe: bool = True, name: str = "procore_sync.py") -> str:
    """The source after the fixes; a second run must change nothing."""
    project(root, {name: source})
    options = ["--fix", "--unsafe-fixes"] if unsafe else ["--fix"]
    check(root, *options)
    after = (root / name).read_text()
    check(root, *options)
    assert (root / name).read_text() == after, "the second run changes something"
    return after


def changed(root: Path, source: str, *, unsafe: bool = True, name: str = "procore_sync.py") -> dict[str, str]:
    """The lines that the fixes changed, by what stood there before ("" for a new line)."""
    before = textwrap.dedent(source).splitlines()
    after = mended(root, source, unsafe=unsafe, name=name).splitlines()
    found: dict[str, str] = {}
    for tag, start, end, left, right in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            found["\n".join(before[start:end]).strip()] = "\n".join(after[left:right]).strip()
    return found


def rules(rows: list[Row]) -> set[object]:
    return {row["rule"] for row in rows}
