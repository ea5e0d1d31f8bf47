"""The baseline: findings that a team accepted once, written down so that only new ones are reported.

A sorted JSON file with one entry a line. Two branches that add entries merge line by line; where the
merge leaves a comma too many or too few, or an entry twice, the file is still read.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from procore_lint.errors import UserError
from procore_lint.finding import Finding

VERSION = 1

_HEAD = f'{{"version": {VERSION}, "findings": ['
_FOOT = "]}"
_MESSAGE_LENGTH = 100


class BaselineError(UserError):
    """A baseline that cannot be read or written; the message names the file and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One accepted finding; `symbol` and `message` are there for the people who read the file."""

    path: str
    rule: str
    symbol: str
    fingerprint: str
    message: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted findings, sorted, each fingerprint once."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Baseline:
        """A baseline of these entries in any order."""
        return cls(tuple(sorted({entry.fingerprint: entry for entry in entries}.values())))

    @classmethod
    def accepting(cls, findings: Iterable[Finding]) -> Baseline:
        """A baseline that accepts these findings; raises ValueError for one without fingerprint."""
        return cls.of(map(_entry, findings))

    def without(self, stale: Sequence[Entry]) -> Baseline:
        """This baseline pruned of its stale entries."""
        gone = {entry.fingerprint for entry in stale}
        return Baseline(tuple(entry for entry in self.entries if entry.fingerprint not in gone))


class Filtered(NamedTuple):
    """Findings that are new, how many are known, and entries whose defect is no longer there."""

    new: tuple[Finding, ...]
    known: int
    stale: tuple[Entry, ...]


def filter(
    findings: Sequence[Finding], baseline: Baseline, judged: Callable[[Entry], bool] = lambda entry: True
) -> Filtered:
    """Split findings into new and known ones.

    `judged` says of an entry whether this run could have found it (its file was checked, or is gone,
    and its rule ran): only such entries are stale when nothing matches them.
    """
    accepted = {entry.fingerprint for entry in baseline.entries}
    found = {finding.fingerprint for finding in findings}
    new = tuple(finding for finding in findings if finding.fingerprint not in accepted)
    stale = tuple(entry for entry in baseline.entries if entry.fingerprint not in found and judged(entry))
    return Filtered(new, len(findings) - len(new), stale)


def load(path: Path) -> Baseline:
    """Read a baseline. Raises BaselineError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BaselineError(
            f"{path}: there is no such baseline; write one with --write-baseline {path}"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise BaselineError(f"{path}: the baseline cannot be read: {reason}") from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
            raise BaselineError(
                f"{path}:{number}: a merge conflict: keep the lines of both sides and delete the marker lines"
            )
    try:
        document: object = json.loads(text)
    except ValueError:
        return _by_lines(path, text)
    return _read(path, document)


def write(path: Path, baseline: Baseline) -> None:
    """Write a baseline whole or not at all, keeping the permissions. Raises BaselineError."""
    rows = [_row(entry) for entry in baseline.entries]
    text = "\n".join([_HEAD, *(f"{row}," for row in rows[:-1]), *rows[-1:], _FOOT]) + "\n"
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        try:
            with open(beside, "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, beside)
            os.replace(beside, target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BaselineError(f"{path}: the baseline cannot be written: {error.strerror or error}") from error


def _row(entry: Entry) -> str:
    row = json.dumps(asdict(entry), ensure_ascii=False)
    # Names of files may hold bytes that are no text; only an escape can write these.
    held = row.encode("utf-8", "replace").decode("utf-8") == row
    return row if held else json.dumps(asdict(entry))


def _entry(finding: Finding) -> Entry:
    if not finding.fingerprint:
        raise ValueError(f"{finding.path}:{finding.span.line}: a finding without fingerprint")
    message = " ".join(finding.message.split())
    if len(message) > _MESSAGE_LENGTH:
        message = message[: _MESSAGE_LENGTH - 3] + "..."
    return Entry(finding.path, finding.rule, finding.symbol, finding.fingerprint, message)


def _by_lines(path: Path, text: str) -> Baseline:
    """Read a file whose commas a merge broke."""
    lines = [line.strip().rstrip(",") for line in text.splitlines() if line.strip()]
    if not lines or not lines[0].startswith('{"version"') or lines[-1] != _FOOT:
        raise BaselineError(f"{path}: not a baseline; write it anew with --write-baseline {path}")
    rows = [line for line in lines if line != _FOOT and not line.startswith('{"version"')]
    try:
        version: object = json.loads(lines[0] + _FOOT)
        entries: list[object] = [json.loads(row) for row in rows]
    except ValueError as error:
        raise BaselineError(
            f"{path}: not JSON: {error}; write it anew with --write-baseline {path}"
        ) from error
    return _read(path, {**version, "findings": entries} if isinstance(version, dict) else version)


def _read(path: Path, document: object) -> Baseline:
    again = f"write it anew with --write-baseline {path}"
    if not isinstance(document, dict) or not isinstance(document.get("findings"), list):
        raise BaselineError(f"{path}: not a baseline; {again}")
    if document.get("version") != VERSION:
        raise BaselineError(f"{path}: version {document.get('version')!r}, expected {VERSION}; {again}")
    return Baseline.of(_read_entry(path, row, number) for number, row in enumerate(document["findings"], 1))


def _read_entry(path: Path, row: object, number: int) -> Entry:
    fields: Mapping[object, object] = row if isinstance(row, dict) else {}
    values = {key: value for key, value in fields.items() if isinstance(key, str) and isinstance(value, str)}
    try:
        return Entry(**values)
    except TypeError as error:
        raise BaselineError(
            f"{path}: entry {number} must hold the texts path, rule, symbol, fingerprint and message;"
            f" write it anew with --write-baseline {path}"
        ) from error
