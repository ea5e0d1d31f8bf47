"""The grammar of inline ignores: what `# procore-lint: ...` says, and what stands beside it.

    # procore-lint: ignore[missing-company-header, PCL203] until=2027-03-01 -- reason
    # procore-lint: ignore-file[legacy-api-host] -- reason

`ignore-file` stands above the file's first statement; a plain `ignore` there speaks for that statement.
One comment may hold several directives, other tools' among them; each is a segment that begins at its
own `#`. Edits made from a directive touch its segment alone.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from procore_lint.facts import Comment
from procore_lint.finding import Edit, Span

_START = re.compile(
    r"(?<=\s)#(?=\s*procore-lint\s*:)"
    # Another tool's directive: a known bare word, or `word:` and `word[` as all others are written.
    r"|#(?=\s*(?:noqa|nosec|nosemgrep|nopep8|nolint|NOSONAR|noinspection)\b"
    r"|\s*(?!procore-lint\b)[A-Za-z][\w.-]*\s*[:\[])"
)
_DIRECTIVE = re.compile(
    r"#\s*procore-lint\s*:\s*(?P<word>[A-Za-z][\w-]*)(?:\s*\[(?P<names>[^\]]*)\])?(?P<rest>.*)", re.DOTALL
)
_REST = re.compile(r"(?:\s+until=(?P<until>\S+))?\s*(?:--\s*(?P<reason>.*))?", re.DOTALL)
_NAME = re.compile(r"[^,\s](?:[^,]*[^,\s])?")

#: Words of other linters; with one of these a comment meant to ignore something.
_KIN = frozenset({"disable", "noqa", "skip", "allow", "off", "nolint", "skip-file", "disable-file"})


@dataclass(frozen=True, slots=True)
class Named:
    """One rule name or code in the brackets, as written."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Directive:
    """One ignore: whom it names, the lines that it covers, until when, and why it is not understood."""

    span: Span
    names: tuple[Named, ...]
    listing: Span  # between the brackets
    whole: Span  # what goes when the directive goes
    covers: tuple[int, int]  # first and last line; (0, 0) for none
    file: bool = False
    until: datetime.date | None = None
    reason: str = ""
    problem: str = ""
    advice: str = ""

    @property
    def width(self) -> tuple[bool, int]:
        """How much it covers, for the order from narrow to wide."""
        return (self.file, self.covers[1] - self.covers[0])

    def reaches(self, span: Span) -> bool:
        """Whether a finding at `span` is covered: it begins in these lines, or the comment stands in it."""
        return (
            self.file
            or self.covers[0] <= span.line <= self.covers[1]
            or (self.covers != (0, 0) and span.line <= self.span.line <= span.end_line)
        )

    def without(self, path: str, gone: Sequence[Named]) -> Edit:
        """The edit that takes the names `gone` out, and with the last of them the directive."""
        kept = [name.text for name in self.names if name not in gone]
        return Edit(path, self.listing, ", ".join(kept)) if kept else Edit(path, self.whole, "")


def parse(comment: Comment) -> tuple[Directive, ...]:
    """The ignores in one comment, those with a `problem` included; () where it holds none."""
    text = comment.text
    starts = sorted({0, *(match.start() for match in _START.finditer(text))})
    found: list[Directive] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        match = _DIRECTIVE.fullmatch(text[start:end].rstrip())
        if match is not None and _meant(match["word"]):
            found.append(_directive(comment, match, start, end, alone=len(starts) == 1))
    return tuple(found)


def _meant(word: str) -> bool:
    return word in _KIN or bool(difflib.get_close_matches(word, ["ignore", "ignore-file"], 1, 0.7))


def _directive(comment: Comment, match: re.Match[str], start: int, end: int, alone: bool) -> Directive:
    line, first = comment.span[0], comment.span[1]

    def stretch(begin: int, stop: int) -> Span:
        return Span(line, first + begin, line, first + stop)

    written = comment.text[start:end].rstrip()
    if alone:
        whole = Span(*comment.whole)
    elif start == 0:
        whole = stretch(0, end)
    else:
        whole = stretch(len(comment.text[:start].rstrip()), start + len(written))
    names = tuple(
        Named(
            name[0],
            stretch(start + match.start("names") + name.start(), start + match.start("names") + name.end()),
        )
        for name in _NAME.finditer(match["names"] or "")
    )
    rest = _REST.fullmatch(match["rest"])
    until, problem, advice = _read(match["word"], names, rest, match["rest"].strip(), comment.top)
    return Directive(
        span=stretch(start, start + len(written)),
        names=names,
        listing=stretch(start + match.start("names"), start + match.end("names")),
        whole=whole,
        covers=comment.covers,
        file=match["word"] == "ignore-file",
        until=until,
        reason=(rest["reason"] or "").strip() if rest is not None else "",
        problem=problem,
        advice=advice,
    )


def _read(
    word: str, names: tuple[Named, ...], rest: re.Match[str] | None, tail: str, top: bool
) -> tuple[datetime.date | None, str, str]:
    """The day that an ignore ends, or what is wrong with it and what to write instead."""
    if word not in ("ignore", "ignore-file"):
        meant = "ignore-file" if word.endswith("file") else "ignore"
        return None, f"`{word}` is no directive of procore-lint", f"write `# procore-lint: {meant}[...]`"
    if not names:
        return None, f"`{word}` names no rule", ""
    if word == "ignore-file" and not top:
        return (
            None,
            "`ignore-file` stands below code",
            "move it above the file's first statement, or use `ignore[...]`",
        )
    if rest is None:
        return (
            None,
            f"`{tail}` is not understood",
            "write the reason after ` -- `, a last day as `until=2027-03-01`",
        )
    if not rest["until"]:
        return None, "", ""
    try:
        return datetime.datetime.strptime(rest["until"], "%Y-%m-%d").date(), "", ""
    except ValueError:
        return None, f"`until={rest['until']}` is no day", "write a day such as `until=2027-03-01`"
