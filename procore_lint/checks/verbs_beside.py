"""The HTTP verb beside a path: `Endpoint("DELETE", path)`, `call_api(path, "GET")`, rows of tables."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to
from procore_lint.values import Piece, Place, Text

_VERBS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"})


def verb_beside(module: ModuleInfo, text: Text) -> str | None:
    """The one verb among what a path is written beside, in a call, a tuple or a dict."""
    place = next((part.place for part in text.parts if isinstance(part, Piece)), None)
    verbs = set(_beside(module, place)) if place is not None else set()
    return verbs.pop() if len(verbs) == 1 else None


def _beside(module: ModuleInfo, place: Place) -> Iterator[str]:
    chain = chain_to(module, place)
    for holder, child in zip(reversed(chain[:-1]), reversed(chain[1:]), strict=True):
        if isinstance(holder, facts.Call) and child is not holder.func:
            return (yield from _verbs(argument.value for argument in holder.args))
        if isinstance(holder, facts.Seq):
            if holder.kind == "tuple":  # a list or set is of paths alone, or of anything
                yield from _verbs(iter(holder.items))
            return
        if isinstance(holder, facts.Dict):
            return (yield from _verbs(value for _, value in holder.items))
        if not isinstance(holder, (facts.Format, facts.Bin, facts.Arg, facts.Attr, facts.Call)):
            return


def _verbs(nodes: Iterator[facts.Expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, facts.Const) and isinstance(node.value, str) and node.value.upper() in _VERBS:
            yield node.value.upper()
