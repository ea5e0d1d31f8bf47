"""Which binding of a name holds where it is read."""

from __future__ import annotations

import msgspec

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to
from procore_lint.repairs.names import bound_by, given
from procore_lint.repairs.scopes import Scopes, own
from procore_lint.values import Place

_Span = tuple[int, ...]


class Binding(msgspec.Struct, frozen=True):
    """What a name means at a place: the scope that binds it, and the last statement there that did.

    `scope` is None for what is bound outside of all functions, `last` where it is a parameter still. `loops`
    are those around the place that bind the name again behind it: it means something else in the next turn.
    """

    scope: tuple[str, _Span] | None
    last: _Span | None = None
    loops: tuple[_Span, ...] = ()
    value: facts.Expr | None = None  # what the last statement gives, if that is all it does

    @property
    def is_parameter(self) -> bool:
        return self.scope is not None and self.last is None and not self.loops


class _Bound(msgspec.Struct, frozen=True):
    """A node that binds a name, from where on."""

    node: msgspec.Struct
    end: _Span
    value: facts.Expr | None


class Bindings:
    """The bindings of the names in a program's functions; each is looked for once."""

    def __init__(self) -> None:
        self._scopes = Scopes()
        self._bound: dict[tuple[str, _Span], dict[str, list[_Bound]]] = {}

    def at(self, module: ModuleInfo, place: Place, name: str) -> Binding:
        """What a name means at a place."""
        chain = chain_to(module, place)
        for index in range(len(chain) - 1, -1, -1):
            node = chain[index]
            if not self._scopes.binds(module, node, chain[index + 1 : index + 2], name):
                continue
            span: _Span = tuple(getattr(node, "span", ()))
            if not isinstance(node, facts.Function):
                return Binding((module.path, span))
            bound = self._in(module, node).get(name, [])
            ahead = max((b for b in bound if b.end <= tuple(place.span[:2])), key=_end, default=None)
            loops = tuple(
                tuple(loop.span)
                for loop in chain[index:]
                if isinstance(loop, facts.Loop) and _binds_behind(loop, bound, place)
            )
            if ahead is None:
                return Binding((module.path, span), None, loops)
            return Binding((module.path, span), ahead.end, loops, ahead.value)
        return Binding(None)

    def _in(self, module: ModuleInfo, function: facts.Function) -> dict[str, list[_Bound]]:
        key = (module.path, tuple(function.span))
        if key not in self._bound:
            found: dict[str, list[_Bound]] = {}
            for node in own(module.inside_of(function).body):
                values = dict[str, facts.Expr | None]()
                if isinstance(node, facts.Assign):
                    if node.value is None:
                        continue
                    values = {t.id: v for t, v in given(node) if isinstance(t, facts.Name)}
                    whole = len(node.targets) == 1 and isinstance(node.targets[0], facts.Seq)
                    if whole and not isinstance(node.value, facts.Seq):
                        values = {}
                for name in bound_by(node):
                    end = _behind(node)
                    found.setdefault(name, []).append(_Bound(node, end, values.get(name)))
            self._bound[key] = found
        return self._bound[key]


def _end(bound: _Bound) -> _Span:
    return bound.end


def _behind(node: msgspec.Struct) -> _Span:
    """Where what a node binds is bound."""
    target = node.target if isinstance(node, facts.Loop) else None
    if isinstance(node, facts.With):
        target = next((held for _, held in node.items if held is not None), None)
    span = getattr(target if target is not None else node, "span", None)
    return tuple(span)[2:] if span is not None else (2**31, 0)


def _binds_behind(loop: facts.Loop, bound: list[_Bound], place: Place) -> bool:
    inside = {id(node) for node in own(loop.body)}
    return any(id(b.node) in inside and b.end > tuple(place.span[:2]) for b in bound)
