"""Finding code in the facts: by its place, by what encloses it, and what has run before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from procore_lint import facts
from procore_lint.project import walk as every
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo
from procore_lint.values import Place

Chain = tuple[msgspec.Struct, ...]
_DEFINITIONS = (facts.Function, facts.Class)


def chain_to(module: ModuleInfo, place: Place) -> Chain:
    """The nodes from a statement of the module down to the outermost expression at `place`; () if none."""
    if place.path != module.path:
        return ()
    body = module.node.body  # to be open is to keep what is found
    if place not in module.chains:
        module.chains[place] = _search(module, body, tuple(place.span), ())
    return module.chains[place]


def expression(module: ModuleInfo, place: Place) -> msgspec.Struct | None:
    """The outermost expression at `place`."""
    chain = chain_to(module, place)
    return chain[-1] if chain else None


def parts(node: object) -> Iterator[msgspec.Struct]:
    """The nodes directly below a node."""
    if isinstance(node, tuple):
        for item in node:
            if isinstance(item, tuple):
                yield from parts(item)
            elif type(item) in facts.MADE_OF:
                yield item
    elif isinstance(node, msgspec.Struct):
        for value in facts.parts(node):
            if isinstance(value, tuple):
                yield from parts(value)
            elif isinstance(value, msgspec.Struct):
                yield value


def walk(node: object) -> Iterator[msgspec.Struct]:
    """A node and everything below it; of a tuple, everything in it."""
    return (part for part, _ in every.walk(node))


def function_at(module: ModuleInfo, place: Place) -> FunctionInfo | None:
    """The innermost function whose body holds the expression at `place`."""
    chain = chain_to(module, place)
    for node, below in zip(reversed(chain), (None, *reversed(chain)), strict=False):
        if isinstance(node, facts.Function) and (below is None or not is_header(module, node, below)):
            return next((info for info in module.functions if info.span == node.span), None)
    return None


def is_header(module: ModuleInfo, function: msgspec.Struct, below: msgspec.Struct) -> bool:
    """Whether a part of a function is not of its body: a default or a decorator, run where it is defined."""
    if not isinstance(function, facts.Function):
        return False
    returns = module.inside_of(function).returns
    return isinstance(below, facts.Param) or below is returns or any(below is d for d in function.decorators)


def in_header(module: ModuleInfo, place: Place) -> bool:
    """Whether an expression stands in a default or a decorator: it is run once, and not by each call."""
    chain = chain_to(module, place)
    return any(is_header(module, above, below) for above, below in pairwise(chain))


def class_at(module: ModuleInfo, place: Place) -> ClassInfo | None:
    """The class in whose body, outside of any method, the expression at `place` stands."""
    for node in reversed(chain_to(module, place)):
        if isinstance(node, facts.Function):
            return None
        if isinstance(node, facts.Class):
            return next((info for info in module.classes if info.span == node.span), None)
    return None


def before(module: ModuleInfo, place: Place) -> Iterator[facts.Stmt]:
    """The statements of the function at hand that have certainly run when `place` is reached, last first."""
    chain = chain_to(module, place)
    inner = [node for node in chain if hasattr(node, "__struct_fields__")]
    top = max((i for i, node in enumerate(inner) if isinstance(node, facts.Function)), default=-1)
    for holder, child in reversed(list(zip(inner[max(top, 0) :], inner[max(top, 0) + 1 :], strict=False))):
        source = module.inside_of(holder) if isinstance(holder, facts.Function) else holder
        for name in ("body", "orelse", "final"):
            yield from _ahead(getattr(source, name, None), child)
        branches = holder.handlers if isinstance(holder, facts.Try) else ()
        for block in holder.cases if isinstance(holder, facts.Match) else branches:
            yield from _ahead(block, child)
    if top < 0 and inner:
        yield from _ahead(module.node.body, inner[0])


def _ahead(block: object, child: msgspec.Struct) -> Iterator[facts.Stmt]:
    if not isinstance(block, tuple):
        return
    number = next((i for i, statement in enumerate(block) if statement == child), None)
    if number is not None:
        yield from reversed(block[:number])


def keyword(call: facts.Call, name: str) -> facts.Expr | None:
    """The value of a keyword argument."""
    return next((argument.value for argument in call.args if argument.name == name), None)


def is_spread(call: facts.Call) -> bool:
    return any(argument.name == "**" for argument in call.args)


#: They call what they are given, with what they are given for it, and take no keywords for it.
_CALLING = frozenset(
    """map imap imap_unordered map_async starmap starmap_async run_in_executor apply apply_async Thread
    Process Timer""".split()
)


def is_handed_over(call: facts.Call) -> bool:
    """Whether what sends a request is handed to what calls it: `pool.map(requests.get, urls)`."""
    name = call.func.name if isinstance(call.func, facts.Attr) else getattr(call.func, "id", "")
    return name in _CALLING


def root_name(node: object) -> str:
    """The name that an expression begins with, "" where it begins otherwise."""
    while isinstance(node, (facts.Attr, facts.Item, facts.Call)):
        node = node.func if isinstance(node, facts.Call) else node.obj
    return node.id if isinstance(node, facts.Name) else ""


def near(nodes: Iterable[msgspec.Struct], span: tuple[int, ...]) -> Iterator[msgspec.Struct]:
    """Sibling nodes in their order, without the functions and classes that cannot hold a place.

    Of definitions side by side only the last that begins before the place may hold it. The others stay
    closed: a file with many findings would be opened whole for each.
    """
    siblings = list(nodes)
    definitions = [node for node in siblings if isinstance(node, _DEFINITIONS)]
    begun = bisect_right(definitions, span[:2], key=_start)
    holder = definitions[begun - 1] if begun else None
    for node in siblings:
        if node is holder or not isinstance(node, _DEFINITIONS):
            yield node


def _start(node: facts.Function | facts.Class) -> tuple[int, ...]:
    """Where a definition begins: at its first decorator."""
    spans = [getattr(decorator, "span", node.span) for decorator in node.decorators]
    return min([node.span, *spans])[:2]


def assignments(module: ModuleInfo, nodes: Iterable[msgspec.Struct], place: Place) -> Iterator[facts.Assign]:
    """The assignments among statements and in the blocks below them that may hold a place."""
    for node in near(nodes, tuple(place.span)):
        if isinstance(node, facts.Assign):
            yield node
        source = module.inside_of(node) if isinstance(node, facts.Function) else node
        for name in ("body", "orelse", "handlers", "final", "cases"):
            for block in _blocks(getattr(source, name, None)):
                yield from assignments(module, block, place)


def _blocks(value: object) -> Iterator[tuple[msgspec.Struct, ...]]:
    if isinstance(value, tuple) and any(isinstance(item, tuple) for item in value):
        yield from value
    elif isinstance(value, tuple):
        yield value


def _search(module: ModuleInfo, node: object, span: tuple[int, ...], above: Chain) -> Chain:
    for part in near(_open_parts(module, node), span):
        here = getattr(part.value if isinstance(part, facts.Eval) else part, "span", None)
        is_header = isinstance(part, (facts.Function, facts.Class, facts.If, facts.Loop))
        if here is not None and not is_header:
            if here == span and not isinstance(
                part, (facts.Eval, facts.Assign, facts.AugAssign, facts.Return)
            ):
                return (*above, part)
            if not _covers(here, span):
                continue
        found = _search(module, part, span, (*above, part))
        if found:
            return found
    return ()


def _open_parts(module: ModuleInfo, node: object) -> Iterator[msgspec.Struct]:
    """The parts of a node; a function's as the module keeps them: the next look-up needs them again."""
    if isinstance(node, facts.Function):
        inside = module.inside_of(node)
        return parts((inside.params, inside.body, node.decorators, inside.returns))
    return parts(node)


def _covers(outer: tuple[int, ...], inner: tuple[int, ...]) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
