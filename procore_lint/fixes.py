"""Findings mended: fixes applied in rounds, each round judged again before it counts.

Pure: nothing is read but through `read`, nothing is written (`writing` does that). A round takes the
fixes that do not overlap, and stands when every edited file parses, the mended findings are gone and no
new one came. A round that fails is halved until the fix to blame is alone; that one is left out, with
the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from procore_lint.edits import EditError, Page, overlap
from procore_lint.finding import Edit, Finding, Fix
from procore_lint.settling import Mended, Settled, settle

#: Analyses in one run, at most. Halving finds one bad fix among 500 in ten.
ATTEMPTS = 200

Read = Callable[[str], "bytes | None"]


class Recheck(Protocol):
    """Judges the project as it would be with other contents of some files (all of them, each time)."""

    def __call__(self, changed: Mapping[str, bytes], /) -> Sequence[Finding]: ...


@dataclass(frozen=True, slots=True)
class Change:
    """A file to write. Files of one `group` are mended by a common fix: all of them are written or none."""

    path: str
    before: bytes
    after: bytes
    group: int


@dataclass(frozen=True, slots=True)
class Left:
    """A finding whose fix was not applied, and why, in words that follow "not fixed: "."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What fixes make of a project: files, findings mended, left with a reason, and remaining."""

    changes: tuple[Change, ...]
    fixed: tuple[Finding, ...]
    left: tuple[Left, ...]
    findings: tuple[Finding, ...]


def resolve(findings: Sequence[Finding], read: Read) -> list[Finding]:
    """The findings with the edits of their fixes computed; a fix that cannot be made exactly is dropped."""
    if all(finding.fix is None or finding.fix.replacement is None for finding in findings):
        return [*findings]
    from procore_lint.rewrite import Sources, edits

    sources = Sources(read)
    resolved: list[Finding] = []
    for finding in findings:
        fix: Fix | None = finding.fix
        if fix is not None and fix.replacement is not None and not fix.edits:
            found = edits(fix.replacement, sources)
            fix = fix._replace(edits=found) if found else None
        resolved.append(finding if fix is finding.fix else finding._replace(fix=fix))
    return resolved


def apply(
    findings: Sequence[Finding],
    read: Read,
    recheck: Recheck,
    *,
    unsafe: bool,
    known: Sequence[Finding] | None = None,
    forbidden: Callable[[str], str] = lambda _: "",
    attempts: int = ATTEMPTS,
) -> Applied:
    """Apply the fixes of `findings`, the unsafe ones only where `unsafe` says so.

    `known` are all findings that `recheck` gives for the unchanged project, where that is more than
    `findings` (accepted ones, lines that nobody asked for): they are no news, and stay unfixed.
    `forbidden` gives the reason why a path must not be written, "" where it may be.
    """
    run = _Run(read, recheck, unsafe, forbidden)
    run.state = [Mended(finding, eligible=True) for finding in findings]
    run.state += [Mended(finding, eligible=False) for finding in _beyond(known or (), findings)]
    limit: int | None = None
    for _ in range(attempts):
        batch = run.batch(limit)
        if not batch:
            break
        reason = run.attempt(batch)
        if not reason:
            limit = None
        elif len(batch) > 1:
            limit = len(batch) // 2
        else:
            batch[0].mended.reason = reason
            run.left.append(Left(batch[0].mended.finding, reason))
            limit = None
    else:
        run.left += [Left(item.mended.finding, "too many rounds") for item in run.batch(None)]
    return run.applied()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A finding with the edits of its fix, by path."""

    mended: Mended
    edits: Mapping[str, tuple[Edit, ...]]


@dataclass(slots=True)
class _Run:
    """The state between rounds: contents so far, findings of the last analysis, what was left."""

    read: Read
    recheck: Recheck
    unsafe: bool
    forbidden: Callable[[str], str]
    state: list[Mended] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    linked: list[frozenset[str]] = field(default_factory=list)
    fixed: list[Finding] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    _pages: dict[str, Page | EditError] = field(default_factory=dict)

    def current(self, path: str) -> bytes | None:
        """The content of a file as it is by now."""
        return self.contents[path] if path in self.contents else self.read(path)

    def page(self, path: str) -> Page:
        """The file as it is by now, ready to be edited. Raises EditError."""
        if path not in self._pages:
            data = self.current(path)
            try:
                if data is None:
                    raise EditError("it cannot be read")
                self._pages[path] = Page.of(data)
            except EditError as error:
                self._pages[path] = error
        page = self._pages[path]
        if isinstance(page, EditError):
            raise EditError(f"{path}: {page}")
        return page

    def batch(self, limit: int | None) -> list[_Candidate]:
        """The next fixes that do not overlap: safe ones first, then in the order of the text."""
        open_ = [
            item for item in self.state if item.eligible and not item.reason and self._wanted(item.finding)
        ]
        resolved = resolve([item.finding for item in open_], self.current)
        for item, finding in zip(open_, resolved, strict=True):
            if finding.fix is None:
                item.reason = "the code around it cannot be edited exactly"
                self.left.append(Left(item.finding, item.reason))
            item.finding = finding
        ready = [item for item in open_ if item.finding.fix is not None and item.finding.fix.edits]
        ready.sort(
            key=lambda item: (item.finding.fix is not None and item.finding.fix.safety, item.finding.place)
        )
        taken: dict[str, list[tuple[tuple[int, int], Edit]]] = {}
        batch: list[_Candidate] = []
        for item in ready:
            if limit is not None and len(batch) == limit:
                break
            try:
                candidate = self._candidate(item)
                places = [
                    (path, self.page(path).interval(edit), edit)
                    for path, edits in candidate.edits.items()
                    for edit in edits
                ]
            except EditError as error:
                item.reason = str(error)
                self.left.append(Left(item.finding, item.reason))
                continue
            if not any(
                overlap(place, other) and edit != theirs
                for path, place, edit in places
                for other, theirs in taken.get(path, ())
            ):
                batch.append(candidate)
                for path, place, edit in places:
                    taken.setdefault(path, []).append((place, edit))
        return batch

    def attempt(self, batch: Sequence[_Candidate]) -> str:
        """Apply a batch and judge the result; the reason why it does not stand, "" if it does."""
        edits: dict[str, tuple[Edit, ...]] = {}
        for candidate in batch:
            for path, theirs in candidate.edits.items():
                edits[path] = tuple(dict.fromkeys((*edits.get(path, ()), *theirs)))
        try:
            edited = {path: self.page(path).rewrite(theirs) for path, theirs in edits.items()}
        except EditError as error:
            return str(error)
        if any(rewritten.data == self.current(path) for path, rewritten in edited.items()):
            return "the fix changes nothing"
        contents = {**self.contents, **{path: rewritten.data for path, rewritten in edited.items()}}
        after = self.recheck(contents)
        settled = settle(self.state, [candidate.mended for candidate in batch], after, edited)
        if not isinstance(settled, Settled):
            return settled
        self.fixed += [candidate.mended.finding for candidate in batch]
        self.linked += [frozenset(candidate.edits) for candidate in batch]
        self.state = settled.state
        self.contents = contents
        for path in edits:
            del self._pages[path]
        return ""

    def applied(self) -> Applied:
        """The outcome of all rounds."""
        groups = _groups(self.linked)
        changes = []
        for path, after in sorted(self.contents.items()):
            before = self.read(path)
            if before is not None and before != after:
                changes.append(Change(path, before, after, groups[path]))
        return Applied(
            tuple(changes), tuple(self.fixed), tuple(self.left), tuple(item.finding for item in self.state)
        )

    def _wanted(self, finding: Finding) -> bool:
        return finding.fix is not None and (self.unsafe or finding.fix.safety == "safe")

    def _candidate(self, item: Mended) -> _Candidate:
        edits: dict[str, tuple[Edit, ...]] = {}
        for edit in item.finding.fix.edits if item.finding.fix is not None else ():
            edits[edit.path] = (*edits.get(edit.path, ()), edit)
        for path in edits:
            why = self.forbidden(path)
            if why:
                raise EditError(f"{path}: {why}")
        return _Candidate(item, edits)


def _beyond(known: Sequence[Finding], asked: Sequence[Finding]) -> list[Finding]:
    """Those of `known` that are not asked for, whatever they carry besides place, rule and message."""
    open_ = Counter((finding.place, finding.rule, finding.message) for finding in asked)
    beyond = []
    for finding in known:
        key = (finding.place, finding.rule, finding.message)
        if open_[key]:
            open_[key] -= 1
        else:
            beyond.append(finding)
    return beyond


def _groups(linked: Sequence[frozenset[str]]) -> dict[str, int]:
    """Number the files so that those of one fix share a number."""
    groups: dict[str, int] = {}
    for number, paths in enumerate(linked):
        joined = {groups[path] for path in paths if path in groups}
        groups = {path: number if group in joined else group for path, group in groups.items()}
        groups.update(dict.fromkeys(paths, number))
    return groups
