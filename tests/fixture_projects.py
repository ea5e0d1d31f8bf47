"""The fixture projects and the findings that their `# error: [rule]` marks promise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

FIXTURES = Path(__file__).parent / "fixtures"
MARK = re.compile(r"# error: ((?:\[[a-z0-9-]+\]\s*)+)$")
#: Made by the engine around the judge, not by the judge.
OF_THE_ENGINE = frozenset({"unreadable-file", "unused-ignore", "unknown-ignore", "expired-ignore"})


class Place(NamedTuple):
    """One expected or reported finding: path relative to the project's root, 1-based line, rule name."""

    path: str
    line: int
    rule: str


@dataclass(frozen=True)
class Project:
    """A folder that stands for a repository, with `procore-lint.toml` at its root."""

    name: str
    root: Path

    def files(self) -> dict[str, bytes]:
        """The bytes of every Python file by its POSIX path relative to the root."""
        found = sorted(path for path in self.root.rglob("*") if path.suffix in {".py", ".pyi"})
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in found}

    def expected(self) -> set[Place]:
        """What the marks in the project's files promise."""
        return {place for path, data in self.files().items() for place in marks(path, data)}


def projects() -> list[Project]:
    """Every fixture project, by name."""
    roots = sorted(marker.parent for marker in FIXTURES.rglob("procore-lint.toml"))
    return [Project(root.relative_to(FIXTURES).as_posix(), root) for root in roots]


def marks(path: str, data: bytes) -> set[Place]:
    """The findings that the trailing `# error: [rule]` comments of one file promise."""
    found = set()
    for number, line in enumerate(data.decode("utf-8").splitlines(), start=1):
        mark = MARK.search(line.rstrip())
        for rule in re.findall(r"\[([a-z0-9-]+)\]", mark.group(1)) if mark else ():
            found.add(Place(path, number, rule))
    return found


def difference(expected: Iterable[Place], reported: Iterable[Place], sources: Mapping[str, bytes]) -> str:
    """What is missing and what is unexpected, with the lines; "" when both are the same."""
    promised, found = set(expected), set(reported)
    rows = [("missing", place) for place in promised - found] + [
        ("unexpected", place) for place in found - promised
    ]
    shown = []
    for kind, place in sorted(rows, key=lambda row: row[1]):
        lines = sources.get(place.path, b"").decode("utf-8").splitlines()
        text = lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""
        shown.append(f"{kind:<10} {place.path}:{place.line} {place.rule}\n           | {text}")
    return "\n".join(shown)
