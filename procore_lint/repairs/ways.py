"""The ways on which a request is reached: whether what a fix writes for it is run on all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from procore_lint import facts
from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import Chain, chain_to
from procore_lint.values import Client, Mapping, Nothing, Place, Prepared, Value, members

_Branch = tuple[object, str]


def is_passed_by(module: ModuleInfo, place: Place, made: Place, requests: Sequence[Request]) -> bool:
    """Whether some way from where a thing is made to a request passes by a statement that adds to it."""
    branches = list(_branches(chain_to(module, place)))
    if not branches:
        return False
    known = [*_branches(chain_to(module, made))]
    sent = [[*_branches(chain_to(module, request.place))] for request in requests]
    return any(
        branch not in known and not (sent and all(branch in around for around in sent)) for branch in branches
    )


def _branches(chain: Chain) -> Iterator[_Branch]:
    """The blocks of the function at the end of a chain that are not run on every way through it."""
    start = max((i for i, node in enumerate(chain) if isinstance(node, facts.Function)), default=0)
    for holder, child in pairwise(chain[start:]):
        if isinstance(holder, facts.If):
            name = "body" if child in holder.body else "orelse"
            if child != holder.test and not _ends(holder.orelse if name == "body" else holder.body):
                yield holder, name
        elif isinstance(holder, facts.Try):
            if child in holder.body or child in holder.orelse:
                if not all(map(_ends, holder.handlers)):
                    yield holder, "body"
            elif child not in holder.final and not _ends((*holder.body, *holder.orelse)):
                yield holder, f"handler {next((i for i, h in enumerate(holder.handlers) if child in h), 0)}"
        elif isinstance(holder, facts.Loop):
            if child in holder.body or child in holder.orelse:
                yield holder, "body"
        elif isinstance(holder, facts.Match) and child != holder.subject:
            yield holder, f"case {next((i for i, c in enumerate(holder.cases) if child in c), 0)}"


def _ends(block: tuple[facts.Stmt, ...]) -> bool:
    return bool(block) and isinstance(block[-1], (facts.Raise, facts.Return, facts.Jump))


def left_out(request: Request, place: Place) -> list[Mapping | None]:
    """What a request is sent with instead of the mapping made at `place`, on other ways; None for nothing."""
    return _fewest(_instead(value, place, ()) for value in request.headers if _may_be(value, place))


def _instead(value: Value, place: Place, around: tuple[Mapping, ...]) -> list[Mapping | None]:
    """The same of one value; `around` are the mappings that it is spread in, which it may hold itself."""
    found: list[Mapping | None] = []
    for member in members(value):
        mapping = member.headers if isinstance(member, (Client, Prepared)) else member
        if isinstance(mapping, Nothing):
            found.append(None)
        elif isinstance(mapping, Mapping) and mapping.place != place and not _has_header(mapping):
            if any(mapping is outer for outer in around):
                continue
            inside = (*around, mapping)
            spread = [_instead(v, place, inside) for v in mapping.spreads if _may_be(v, place)]
            found += _fewest(spread) if spread else [mapping]
    return found


def _fewest(found: Iterable[list[Mapping | None]]) -> list[Mapping | None]:
    """What adds to the headers on all ways is enough, whatever else does."""
    return next(iter(sorted(found, key=len)), [])


def _has_header(mapping: Mapping) -> bool:
    return any(key.strip().lower() == "procore-company-id" for key in mapping.entries)


def _may_be(value: Value, place: Place) -> bool:
    return any(mapping.place == place for mapping in headers.mappings((value,)))
