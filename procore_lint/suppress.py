"""Inline ignores applied: findings that a comment accepts go, comments that accept nothing are findings.

The narrowest ignore that covers a finding takes it; a wider one that is left with nothing is unused.
In the middle of a statement an ignore speaks for its element (a row of a table, an argument); a rule that
reports nothing there is ignored in the whole statement, as formatters move comments about inside it.
"""

from __future__ import annotations

import datetime
import difflib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from procore_lint.catalog import Catalog
from procore_lint.directives import Directive, Named, parse
from procore_lint.facts import Comment, Facts
from procore_lint.finding import Finding, Fix, Span

#: The rules about ignores; an ignore cannot speak for itself.
OWN = ("unused-ignore", "unknown-ignore", "expired-ignore")


class Suppressed(msgspec.Struct, frozen=True):
    """What is left: findings kept and those about ignores, in report order; how many were accepted."""

    findings: tuple[Finding, ...]
    suppressed: int


class _Ignore(msgspec.Struct):
    """A directive with its known names resolved to rules, and the names that took a finding."""

    directive: Directive
    rules: dict[Named, str]
    expired: bool
    #: Names that report nothing in what it covers at first.
    wide: set[Named] = msgspec.field(default_factory=set)
    used: set[Named] = msgspec.field(default_factory=set)

    def lines(self, name: Named) -> tuple[int, int]:
        """The first and last line in which it ignores a rule."""
        return self.directive.around if name in self.wide else self.directive.covers

    def width(self, name: Named) -> tuple[bool, int]:
        """How much it covers, for the order from narrow to wide."""
        first, last = self.lines(name)
        return (self.directive.file, last - first)


class _Here:
    """The findings of one file before ignores, found by rule and line."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        self._lines: dict[str, list[tuple[int, int]]] = {}  # of a rule: line and index of each finding
        self._long: dict[str, list[int]] = {}  # those over several lines
        for index, finding in enumerate(findings):
            self._lines.setdefault(finding.rule, []).append((finding.span.line, index))
            if finding.span.end_line > finding.span.line:
                self._long.setdefault(finding.rule, []).append(index)
        for listed in self._lines.values():
            listed.sort()

    def covered(self, directive: Directive, lines: tuple[int, int], rule: str) -> set[int]:
        """The indices of a rule's findings that begin in `lines`, or that the comment stands in."""
        listed = self._lines.get(rule, [])
        if directive.file:
            return {index for _, index in listed}
        first, last = lines
        found = {
            index for _, index in listed[bisect_left(listed, (first, 0)) : bisect_left(listed, (last + 1, 0))]
        }
        if lines != (0, 0):
            here = directive.span.line
            spans = ((index, self.findings[index].span) for index in self._long.get(rule, ()))
            found.update(index for index, span in spans if span.line <= here <= span.end_line)
        return found

    def matches(self, ignores: Sequence[_Ignore]) -> dict[int, list[tuple[_Ignore, Named]]]:
        """For each index of a finding the names that cover it, from narrow to wide."""
        found: dict[int, list[tuple[_Ignore, Named]]] = {}
        for ignore in ignores:
            directive = ignore.directive
            for name, rule in ignore.rules.items():
                covered = self.covered(directive, directive.covers, rule)
                if not covered and directive.around != directive.covers:
                    ignore.wide.add(name)
                    covered = self.covered(directive, directive.around, rule)
                for index in covered:
                    found.setdefault(index, []).append((ignore, name))
        for listed in found.values():
            listed.sort(key=lambda match: match[0].width(match[1]))
        return found

    def rules(self, directive: Directive) -> list[str]:
        """The rules that an ignore at this place could name."""
        for lines in (directive.covers, directive.around):
            rules = [rule for rule in sorted(self._lines) if self.covered(directive, lines, rule)]
            if rules:
                return rules
        return []


def apply(
    findings: Sequence[Finding],
    comments: Mapping[str, Sequence[Comment]],
    modules: Mapping[str, Facts],
    ran: frozenset[str],
    catalog: Catalog,
    as_of: datetime.date,
) -> Suppressed:
    """Take out the findings that inline ignores accept, and add the findings about the ignores.

    `comments` and `modules` are keyed by the findings' paths; a file without an entry has none. Only
    rules in `ran` are judged for being unused, and never in a file that could not be read whole.
    An ignore is expired on the days after its `until`.
    """
    kept = [finding for finding in findings if finding.path not in comments]
    judge = _Judge(catalog, as_of, ran)
    suppressed = 0
    for path, listed in comments.items():
        ignores = _ignores(listed, catalog, as_of)
        here = _Here([finding for finding in findings if finding.path == path])
        matches = here.matches(ignores)
        for index, finding in enumerate(here.findings):
            accepted = False
            for ignore, name in matches.get(index, ()):
                if ignore.expired or not accepted:
                    ignore.used.add(name)
                accepted = accepted or not ignore.expired
            suppressed += accepted
            if not accepted:
                kept.append(finding)
        module = modules.get(path)
        whole = module is None or module.problem is None
        for ignore in ignores:
            said = judge.ignore(path, ignore, here, whole)
            kept.extend(finding for finding in said if finding.rule in ran)
    return Suppressed(tuple(sorted(kept, key=lambda finding: finding.place)), suppressed)


def _ignores(comments: Sequence[Comment], catalog: Catalog, as_of: datetime.date) -> list[_Ignore]:
    names = {name.lower(): rule.name for rule in catalog.rules.values() for name in (rule.code, rule.name)}
    return [
        _Ignore(
            directive,
            {name: names[name.text.lower()] for name in directive.names if name.text.lower() in names}
            if not directive.problem
            else {},
            directive.until is not None and directive.until < as_of,
        )
        for comment in comments
        for directive in parse(comment, names)
    ]


class _Judge(msgspec.Struct, frozen=True):
    """Makes the findings about ignores."""

    catalog: Catalog
    as_of: datetime.date
    ran: frozenset[str]

    def ignore(self, path: str, ignore: _Ignore, here: _Here, whole: bool) -> Iterator[Finding]:
        """What is wrong with one ignore, `here` being the findings of its file before ignores."""
        directive = ignore.directive
        if directive.problem:
            advice = directive.advice or _naming(directive, here)
            yield self.finding("unknown-ignore", path, directive.span, directive.problem, advice)
            return
        for name in directive.names:
            if name not in ignore.rules:
                yield self.finding(
                    "unknown-ignore",
                    path,
                    name.span,
                    f"no rule is called `{name.text}`",
                    self._near(name.text),
                )
            elif ignore.rules[name] in OWN:
                advice = f"leave `{name.text}` out of a run with --ignore or the `ignore` setting"
                yield self.finding(
                    "unknown-ignore", path, name.span, f"`{name.text}` cannot be ignored inline", advice
                )
        judged = [name for name, rule in ignore.rules.items() if rule in self.ran and rule not in OWN]
        unused = [name for name in judged if whole and name not in ignore.used]
        if ignore.expired and (ignore.used or len(unused) < len(directive.names)):
            yield self.finding(
                "expired-ignore",
                path,
                directive.span,
                f"this ignore ended on {directive.until}",
                "mend what it accepted, or give it a later `until` and a reason",
            )
        elif unused:
            listed = " and ".join(f"`{name.text}`" for name in unused)
            edit = directive.without(path, unused)
            title = "Remove the unused ignore" if not edit.content else f"Remove {listed} from the ignore"
            fix = Fix("safe", title, (edit,))
            yield self.finding(
                "unused-ignore",
                path,
                directive.span,
                f"{listed} finds nothing to ignore {_where(directive)}",
                title,
                fix,
            )

    def finding(
        self, rule: str, path: str, span: Span, message: str, advice: str, fix: Fix | None = None
    ) -> Finding:
        entry = self.catalog.rules[rule]
        severity = entry.severity(self.as_of)
        return Finding(rule, entry.code, severity, message, advice, entry.url, path, span, fix=fix)

    def _near(self, text: str) -> str:
        rules = self.catalog.rules
        codes = [rule.code for rule in rules.values()]
        if len(text) > 3 and any(code.startswith(text.upper()) for code in codes):
            return "an ignore names each rule by its name or whole code"
        near = difflib.get_close_matches(text, [*rules, *codes], 1)
        return f"did you mean `{near[0]}`?" if near else "`procore-lint rules` lists the names"


def _where(directive: Directive) -> str:
    if directive.file:
        return "in this file"
    first, last = directive.around
    if first == 0:
        return "here: no code follows in its block"
    return f"in line {first}" if first == last else f"in lines {first} to {last}"


def _naming(directive: Directive, here: _Here) -> str:
    word = "ignore-file" if directive.file else "ignore"
    rules = here.rules(directive)
    if rules:
        return f"write `# procore-lint: {word}[{', '.join(rules)}] -- reason`"
    return f"name the rules: `# procore-lint: {word}[missing-company-header] -- reason`"
