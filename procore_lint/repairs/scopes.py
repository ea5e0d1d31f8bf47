"""Which names mean something of their own where code is written, and hide what the module or Python means."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import Chain, chain_to, is_header, parts
from procore_lint.repairs.names import bound_by
from procore_lint.values import Place

_OWN_SCOPE = (facts.Function, facts.Class, facts.Lambda)


class Scopes:
    """The names that functions and modules bind; each body is read once."""

    def __init__(self) -> None:
        self._bound: dict[tuple[str, tuple[int, ...]], frozenset[str]] = {}

    def hidden(self, module: ModuleInfo, place: Place) -> frozenset[str]:
        """The names that the functions, lambdas and comprehensions around a place bind, wherever in them."""
        found: set[str] = set()
        for node in chain_to(module, place):
            found |= self._of(module, node)
        return frozenset(found)

    def binds(self, module: ModuleInfo, node: msgspec.Struct, below: Chain, name: str) -> bool:
        """Whether a node around some code binds a name for it; `below` is what leads to the code."""
        return name in self._of(module, node) and not (below and is_header(module, node, below[0]))

    def _of(self, module: ModuleInfo, node: msgspec.Struct) -> frozenset[str]:
        if isinstance(node, facts.Function):
            return self._of_function(module, node)
        if isinstance(node, facts.Lambda):
            return frozenset(param.name for param in node.params)
        if isinstance(node, facts.Comp):
            loops = (facts.Loop(loop.target, loop.iter, (), (), node.span) for loop in node.loops)
            return frozenset(name for loop in loops for name in bound_by(loop))
        return frozenset()

    def is_builtin(self, module: ModuleInfo, place: Place, name: str) -> bool:
        """Whether a name of Python's own means at a place what Python means by it."""
        key = (module.path, ())
        if key not in self._bound:
            self._bound[key] = frozenset(name for node in own(module.node.body) for name in bound_by(node))
        return name not in self._bound[key] and name not in self.hidden(module, place)

    def _of_function(self, module: ModuleInfo, node: facts.Function) -> frozenset[str]:
        key = (module.path, tuple(node.span))
        if key not in self._bound:
            inside = module.inside_of(node)
            bound = {param.name for param in inside.params}
            outside: set[str] = set()
            for part in own(inside.body):
                if isinstance(part, facts.Scope):
                    outside.update(part.names)
                bound.update(bound_by(part))
            self._bound[key] = frozenset(bound - outside)
        return self._bound[key]


def own(node: object) -> Iterator[msgspec.Struct]:
    """The code of a scope: of the functions, classes and lambdas in it no more than that they are there."""
    for part in parts(node):
        yield part
        if not isinstance(part, _OWN_SCOPE):
            yield from own(part)
