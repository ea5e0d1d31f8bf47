"""Inline ignores applied: findings that a comment accepts go, comments that accept nothing are findings.

The narrowest ignore that covers a finding takes it; a wider one that is left with nothing is unused.
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from procore_lint.catalog import Catalog
from procore_lint.directives import Directive, Named, parse
from procore_lint.facts import Comment, Facts
from procore_lint.finding import Finding, Fix, Span

#: The rules about ignores; an ignore cannot speak for itself.
OWN = ("unused-ignore", "unknown-ignore", "expired-ignore")


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What is left: findings kept and those about ignores, in report order; how many were accepted."""

    findings: tuple[Finding, ...]
    suppressed: int


@dataclass(slots=True)
class _Ignore:
    """A directive with its known names resolved to rules, and the names that took a finding."""

    directive: Directive
    rules: dict[Named, str]
    expired: bool
    used: set[Named] = field(default_factory=set)


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
    ignores = {path: _ignores(listed, catalog, as_of) for path, listed in comments.items()}
    kept: list[Finding] = []
    suppressed = 0
    for finding in findings:
        accepted = False
        for ignore, name in _matches(ignores.get(finding.path, []), finding):
            if ignore.expired or not accepted:
                ignore.used.add(name)
            accepted = accepted or not ignore.expired
        suppressed += accepted
        if not accepted:
            kept.append(finding)
    judge = _Judge(catalog, as_of, ran)
    for path, listed in ignores.items():
        module = modules.get(path)
        whole = module is None or module.problem is None
        here = [finding for finding in findings if finding.path == path]
        for ignore in listed:
            kept.extend(finding for finding in judge.ignore(path, ignore, here, whole) if finding.rule in ran)
    return Suppressed(tuple(sorted(kept, key=lambda finding: finding.place)), suppressed)


def _ignores(comments: Sequence[Comment], catalog: Catalog, as_of: datetime.date) -> list[_Ignore]:
    names = {rule.code: name for name, rule in catalog.rules.items()} | {name: name for name in catalog.rules}
    directives = sorted((d for comment in comments for d in parse(comment)), key=lambda d: d.width)
    return [
        _Ignore(
            directive,
            {name: names[name.text] for name in directive.names if name.text in names}
            if not directive.problem
            else {},
            directive.until is not None and directive.until < as_of,
        )
        for directive in directives
    ]


def _matches(ignores: Sequence[_Ignore], finding: Finding) -> Iterator[tuple[_Ignore, Named]]:
    for ignore in ignores:
        if ignore.directive.reaches(finding.span):
            for name, rule in ignore.rules.items():
                if rule == finding.rule:
                    yield ignore, name


@dataclass(frozen=True, slots=True)
class _Judge:
    """Makes the findings about ignores."""

    catalog: Catalog
    as_of: datetime.date
    ran: frozenset[str]

    def ignore(self, path: str, ignore: _Ignore, here: Sequence[Finding], whole: bool) -> Iterator[Finding]:
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
        if len(text) > 3 and any(code.startswith(text) for code in codes):
            return "an ignore names each rule by its name or whole code"
        near = difflib.get_close_matches(text, [*rules, *codes], 1)
        return f"did you mean `{near[0]}`?" if near else "`procore-lint rules` lists the names"


def _where(directive: Directive) -> str:
    if directive.file:
        return "in this file"
    first, last = directive.covers
    if first == 0:
        return "here: no code follows in its block"
    return f"in line {first}" if first == last else f"in lines {first} to {last}"


def _naming(directive: Directive, here: Sequence[Finding]) -> str:
    word = "ignore-file" if directive.file else "ignore"
    rules = sorted({finding.rule for finding in here if directive.reaches(finding.span)})
    if rules:
        return f"write `# procore-lint: {word}[{', '.join(rules)}] -- reason`"
    return f"name the rules: `# procore-lint: {word}[missing-company-header] -- reason`"
