"""The grammar of inline ignores: what `# procore-lint: ...` says, and what stands beside it.

    # procore-lint: ignore[missing-company-header, PCL203] until=2027-03-01 -- reason
    # procore-lint: ignore-file[legacy-api-host] -- reason

`ignore-file` stands above the file's first statement; a plain `ignore` there speaks for that statement.
One comment may hold several directives, other tools' among them; each is a segment that begins at its
own `#`. Edits made from a directive touch its segment alone. Upper and lower case are one, in names too.

What its author meant as an ignore and what is none has a `problem`, so that it never fails in silence.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Container, Iterator, Sequence

import msgspec

from procore_lint.facts import Comment
from procore_lint.finding import Edit, Span
from procore_lint.lazy import regex

#: The tool's name as people write it.
_TOOL = r"procore[-_ ]?lint(?![\w-])"
_START = regex(
    # Behind a quote it is an example.
    rf"(?<=[\s\w\])])#+(?=\s*{_TOOL})"
    # Another tool's directive: a known bare word, or `word:` and `word[` as all others are written.
    r"|#(?=\s*(?:noqa|nosec|nosemgrep|nopep8|nolint|nosonar|noinspection)\b"
    rf"|\s*(?!{_TOOL})[a-z][\w.-]*\s*[:\[])",
    re.IGNORECASE,
)
_DIRECTIVE = regex(
    rf"#+\s*(?P<tool>{_TOOL})(?P<colon>\s*:)?\s*(?P<word>[a-z][\w-]*)?"
    r"\s*(?:\[(?P<names>[^\]]*)\])?(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
#: An ignore in the middle of another text, where no `#` of its own begins it.
_INSIDE = regex(rf"(?<![\w-]){_TOOL}\s*:\s*ignore(?:-file)?\s*\[(?P<names>[^\]]*)\]", re.IGNORECASE)
_REST = regex(r"(?:\s+until=(?P<until>\S+))?\s*(?:--\s*(?P<reason>.*))?", re.DOTALL | re.IGNORECASE)
_NAME = regex(r"[^,\s](?:[^,]*[^,\s])?")

#: Words of other linters; with one of these a comment meant to ignore something.
_KIN = ("disable", "noqa", "skip", "allow", "off", "nolint", "ignore")


class Named(msgspec.Struct, frozen=True):
    """One rule name or code in the brackets, as written."""

    text: str
    span: Span


class Directive(msgspec.Struct, frozen=True):
    """One ignore: whom it names, the lines that it covers, until when, and why it is not understood."""

    span: Span
    names: tuple[Named, ...]
    listing: Span  # between the brackets
    whole: Span  # what goes when the directive goes
    covers: tuple[int, int]  # first and last line; (0, 0) for none
    around: tuple[int, int]  # what it covers where nothing is to be ignored in `covers`
    file: bool = False
    until: datetime.date | None = None
    reason: str = ""
    problem: str = ""
    advice: str = ""

    def without(self, path: str, gone: Sequence[Named]) -> Edit:
        """The edit that takes the names `gone` out, and with the last of them the directive."""
        kept = [name.text for name in self.names if name not in gone]
        return Edit(path, self.listing, ", ".join(kept)) if kept else Edit(path, self.whole, "")


def parse(comment: Comment, known: Container[str] = ()) -> tuple[Directive, ...]:
    """The ignores in one comment, those with a `problem` included; () where it holds none.

    `known` are the names and codes of rules, in lower case: they tell what was meant from prose.
    """
    text = comment.text
    starts = sorted({0, *(match.start() for match in _START.finditer(text))})
    found: list[Directive] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        segment = text[start:end].rstrip()
        match = _DIRECTIVE.fullmatch(segment)
        if match is not None and _meant(match, known):
            found.append(_directive(comment, match, start, end, len(starts) == 1, known))
        else:
            found.extend(_inside(comment, segment, start, known))
    return tuple(found)


def _meant(match: re.Match[str], known: Container[str]) -> bool:
    """Whether a comment that begins with the tool's name meant to ignore something."""
    word = (match["word"] or "").lower()
    if word in known or any(name[0].lower() in known for name in _NAME.finditer(match["names"] or "")):
        return True
    kin = word.split("-")[0] in _KIN or bool(
        difflib.get_close_matches(word, ["ignore", "ignore-file"], 1, 0.7)
    )
    if kin and match["colon"]:
        return True
    # Without a colon it may be a sentence.
    tail = match["rest"].strip()
    return kin and (match["names"] is not None or not tail or tail.startswith("--"))


def _inside(comment: Comment, segment: str, start: int, known: Container[str]) -> Iterator[Directive]:
    """An ignore that stands in the text of another comment and names a rule."""
    for match in _INSIDE.finditer(segment):
        before = segment[: match.start()].rstrip("# \t")
        named = any(name[0].lower() in known for name in _NAME.finditer(match["names"]))
        if named and before[-1:] not in ("`", "'", '"'):
            first = comment.span[1] + start
            place = Span(comment.span[0], first + match.start(), comment.span[0], first + match.end())
            problem, advice = "this ignore stands inside another comment", f"begin it anew: `# {match[0]}`"
            yield Directive(
                place, (), place, place, comment.covers, comment.around, problem=problem, advice=advice
            )


def _directive(
    comment: Comment, match: re.Match[str], start: int, end: int, alone: bool, known: Container[str]
) -> Directive:
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
    until, problem, advice = _read(match, names, rest, comment.top, known)
    return Directive(
        span=stretch(start, start + len(written)),
        names=names,
        listing=stretch(start + match.start("names"), start + match.end("names")),
        whole=whole,
        covers=comment.covers,
        around=comment.around,
        file="file" in (match["word"] or "").lower(),
        until=until,
        reason=(rest["reason"] or "").strip() if rest is not None else "",
        problem=problem,
        advice=advice,
    )


def _read(
    match: re.Match[str],
    names: tuple[Named, ...],
    rest: re.Match[str] | None,
    top: bool,
    known: Container[str],
) -> tuple[datetime.date | None, str, str]:
    """The day that an ignore ends, or what is wrong with it and what to write instead."""
    written, tail = match["word"] or "", match["rest"].strip()
    word = written.lower()
    meant = "ignore-file" if "file" in word else "ignore"
    inside = ", ".join(name.text for name in names) or (written if word in known else "")
    advice = f"write `# procore-lint: {meant}[{inside}]`" if inside else ""
    if match["tool"].lower() != "procore-lint":
        return None, f"`{match['tool']}` is not the name of procore-lint", advice
    if not match["colon"]:
        return None, "a `:` is missing behind `procore-lint`", advice
    if word not in ("ignore", "ignore-file"):
        problem = f"`{written}` is no directive of procore-lint" if word else "no `ignore` stands before `[`"
        return None, problem, advice
    if not names:
        return None, f"`{written}` names no rule", ""
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
