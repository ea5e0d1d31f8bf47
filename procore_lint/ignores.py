"""Gitignore rules, fast where they are simple: names, suffixes and exact paths without a regex.

A `Level` is one file of patterns (or one list of excludes) together with the directory that the
patterns are relative to. A `Stack` is the levels that apply to one directory, outermost first; as in
git the last pattern that matches decides, and deeper files win over shallower ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from procore_lint.lazy import regex

_GLOB = regex(r"[*?\[]")
_SIMPLE_GLOB = regex(r"[\w.\-+$~ @,=%*?]*(?:\[[\w.\-]+\][\w.\-+$~ @,=%*?]*)*", re.ASCII)


class _Rule(NamedTuple):
    order: int
    include: bool  # True: what matches is ignored; False: a `!pattern`
    directories_only: bool
    pattern: re.Pattern[str] | None = None
    basename: bool = False  # the pattern is held against the last segment alone
    inside: bool = False  # the pattern ends in `**`: it means what lies below, not the directory

    def matches(self, relative: str, name: str, is_dir: bool) -> bool:
        """Whether this glob speaks of the whole of `relative`, a prefix that matches is not enough."""
        if self.pattern is None or (self.directories_only and not is_dir):
            return False
        subject = name if self.basename else (relative + "/" if is_dir else relative)
        match = self.pattern.match(subject)
        return match is not None and (match.end() == len(subject)) is not self.inside


class Level(NamedTuple):
    """Patterns relative to `base`: "" or a POSIX path ending in "/" below the walked root.

    Where the patterns stand above the root, `lift` is the way down from there: "packages/api/".
    """

    base: str
    lift: str
    names: dict[str, list[_Rule]]
    paths: dict[str, list[_Rule]]
    suffixes: list[tuple[str, _Rule]]
    globs: list[_Rule]

    def decide(self, path: str, name: str, is_dir: bool) -> bool | None:
        """True: ignored, False: re-included, None: no pattern of this level speaks of `path`."""
        if not path.startswith(self.base):
            return None
        best = -1
        verdict: bool | None = None
        relative = self.lift + path[len(self.base) :]
        for found in (self.names.get(name), self.paths.get(relative)):
            for rule in found or ():
                if rule.order > best and (is_dir or not rule.directories_only):
                    best, verdict = rule.order, rule.include
        for suffix, rule in self.suffixes:
            if rule.order > best and name.endswith(suffix) and (is_dir or not rule.directories_only):
                best, verdict = rule.order, rule.include
        for rule in self.globs:
            if rule.order > best and rule.matches(relative, name, is_dir):
                best, verdict = rule.order, rule.include
        return verdict

    def covers(self, path: str) -> bool:
        """Whether the file at `path`, or a directory on the way to it, is ignored by this level alone."""
        parts = path.split("/")
        for depth in range(1, len(parts)):
            if self.decide("/".join(parts[:depth]), parts[depth - 1], True):
                return True
        return bool(self.decide(path, parts[-1], False))


class Stack(NamedTuple):
    """The levels that apply in one directory, outermost first."""

    levels: tuple[Level, ...] = ()

    def with_level(self, level: Level | None) -> Stack:
        """This stack with a deeper level on top."""
        return self if level is None else Stack((*self.levels, level))

    def ignores(self, path: str, name: str, is_dir: bool) -> bool:
        """Whether `path` (POSIX, relative to the walked root; `name` its last segment) is ignored."""
        for level in reversed(self.levels):
            verdict = level.decide(path, name, is_dir)
            if verdict is not None:
                return verdict
        return False


def level(lines: Iterable[str], base: str = "", lift: str = "") -> Level | None:
    """Compile gitignore lines; None where no line holds a pattern. Broken patterns are skipped, as in git."""
    made = Level(base, lift, {}, {}, [], [])
    empty = True
    for order, raw in enumerate(lines):
        text = raw.rstrip("\r\n")
        if not text or text.startswith("#"):
            continue
        if not text.endswith("\\ "):
            text = text.rstrip(" ")
        include = not text.startswith("!")
        body = text if include else text[1:]
        if body.strip("/") and "//" not in body:  # no path has an empty segment
            empty = not _add(made, body, order, include) and empty
    return None if empty else made


def _add(made: Level, body: str, order: int, include: bool) -> bool:
    directories_only = body.endswith("/")
    rule = _Rule(order, include, directories_only)
    core = body[:-1] if directories_only else body
    anchored = "/" in core
    plain = "\\" not in core
    if plain and not _GLOB.search(core):
        table = made.paths if anchored else made.names
        table.setdefault(core.lstrip("/"), []).append(rule)
    elif plain and not anchored and core.startswith("*") and not _GLOB.search(core[1:]):
        made.suffixes.append((core[1:], rule))
    elif plain and not anchored and _SIMPLE_GLOB.fullmatch(core):
        made.globs.append(rule._replace(pattern=re.compile(_translate(core)), basename=True))
    else:
        return _add_general(made, body, rule)
    return True


def _translate(core: str) -> str:
    parts = re.split(r"(\*+|\?|\[[^\]]*\])", core)
    special = {"?": "[^/]"}
    text = "".join(
        "[^/]*"
        if part.startswith("*")
        else part
        if part.startswith("[")
        else special.get(part, re.escape(part))
        for part in parts
    )
    return text + r"\Z"


def _add_general(made: Level, body: str, rule: _Rule) -> bool:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern  # a quarter of a short run

    try:
        compiled = GitIgnoreSpecPattern(body).regex
    except ValueError:
        return False
    if compiled is None:
        return False
    made.globs.append(rule._replace(pattern=compiled, inside=body.rstrip("/").endswith("/**")))
    return True
