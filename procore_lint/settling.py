"""Did a round of fixes do what it said? The findings before it against those after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procore_lint.edits import Rewritten
from procore_lint.endpoints import ENDPOINT_RULES
from procore_lint.finding import Finding

#: A mended finding leaves its inline ignore unused. That is no defect of the fix, and is mended in turn.
CONSEQUENCES = frozenset({"unused-ignore"})
#: What a mended finding may lay bare at its place: the path that replaces /vapid may be deprecated itself.
UNCOVERED = {"vapid-endpoint": frozenset(ENDPOINT_RULES)}


@dataclass(slots=True, eq=False)
class Mended:
    """A finding between rounds; `eligible` where it may be fixed, `reason` why it was given up."""

    finding: Finding
    eligible: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """A round that stands, and the findings after it."""

    state: list[Mended]


def settle(
    before: Sequence[Mended],
    batch: Sequence[Mended],
    after: Sequence[Finding],
    edited: Mapping[str, Rewritten],
) -> Settled | str:
    """Match the findings after a round with those before it, or say why the round does not stand.

    A finding is the same where rule and place agree, the place moved along with the edits. Failing that,
    where rule, path and message agree: a place may be chosen anew when code around it changes.
    """
    gone = {id(item) for item in batch}
    rest = [item for item in before if id(item) not in gone]
    places = {id(item): _places(item.finding, edited) for item in before}
    matched: dict[int, Mended] = {}
    taken: set[int] = set()
    for number, finding in enumerate(after):
        for item in rest:
            if (
                id(item) not in taken
                and _same_rule(item.finding, finding)
                and _at(finding) in places[id(item)]
            ):
                matched[number] = item
                taken.add(id(item))
                break
    state: list[Mended] = []
    for number, finding in enumerate(after):
        same = matched.get(number)
        if same is None:
            if any(_same_rule(one.finding, finding) and _at(finding) in places[id(one)] for one in batch):
                return "the finding would still be there"
            same = next((one for one in rest if id(one) not in taken and _alike(one.finding, finding)), None)
        if same is not None:
            taken.add(id(same))
            state.append(Mended(finding, same.eligible, same.reason))
        elif finding.rule in CONSEQUENCES or any(_uncovers(one.finding, finding) for one in batch):
            state.append(Mended(finding, eligible=True))
        else:
            return f"it would bring a new finding: {finding.code} at {finding.path}:{finding.span.line}"
    return Settled(state)


def _uncovers(one: Finding, other: Finding) -> bool:
    return other.rule in UNCOVERED.get(one.rule, ())


def _at(finding: Finding) -> tuple[int, int]:
    return finding.span.line, finding.span.column


def _same_rule(one: Finding, other: Finding) -> bool:
    return one.path == other.path and one.rule == other.rule


def _alike(one: Finding, other: Finding) -> bool:
    return _same_rule(one, other) and one.message == other.message


def _places(finding: Finding, edited: Mapping[str, Rewritten]) -> set[tuple[int, int]]:
    rewritten = edited.get(finding.path)
    return rewritten.moved(*_at(finding)) if rewritten else {_at(finding)}
