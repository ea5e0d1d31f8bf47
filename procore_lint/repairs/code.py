"""Finding code by its place in the facts, and writing an expression down again in the user's own names."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo
from procore_lint.values import Place

Chain = tuple[msgspec.Struct, ...]


def chain_to(module: ModuleInfo, place: Place) -> Chain:
    """The nodes from a statement of the module down to the outermost expression at `place`; () if none."""
    if place.path != module.path:
        return ()
    return _search(module.node.body, tuple(place.span), ())


def expression(module: ModuleInfo, place: Place) -> msgspec.Struct | None:
    """The outermost expression at `place`."""
    chain = chain_to(module, place)
    return chain[-1] if chain else None


def parts(node: object) -> Iterator[msgspec.Struct]:
    """The nodes directly below a node."""
    if isinstance(node, msgspec.Struct):
        for value in facts.parts(node):
            if isinstance(value, msgspec.Struct):
                yield value
            elif isinstance(value, tuple):
                yield from parts(value)
    elif isinstance(node, tuple):
        for item in node:
            if isinstance(item, msgspec.Struct):
                yield item
            elif isinstance(item, tuple):
                yield from parts(item)


def walk(node: object) -> Iterator[msgspec.Struct]:
    """A node and everything below it; of a tuple, everything in it."""
    if isinstance(node, msgspec.Struct):
        yield node
    for part in parts(node):
        yield from walk(part)


def function_at(module: ModuleInfo, place: Place) -> FunctionInfo | None:
    """The innermost function whose body holds the expression at `place`."""
    for node in reversed(chain_to(module, place)):
        if isinstance(node, facts.Function):
            return next((info for info in module.functions if info.span == node.span), None)
    return None


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
        for name in ("body", "orelse", "final"):
            yield from _ahead(getattr(holder, name, None), child)
        if isinstance(holder, facts.Try):
            for block in holder.handlers:
                yield from _ahead(block, child)
    if top < 0 and inner:
        yield from _ahead(module.node.body, inner[0])


def _ahead(block: object, child: msgspec.Struct) -> Iterator[facts.Stmt]:
    if not isinstance(block, tuple):
        return
    number = next((i for i, statement in enumerate(block) if statement == child), None)
    if number is not None:
        yield from reversed(block[:number])


def bound(module: ModuleInfo, place: Place, name: str) -> bool:
    """Whether a local name or parameter is certainly bound where `place` is reached."""
    function = function_at(module, place)
    if function is not None and any(param.name == name for param in function.inside.params):
        return True
    return function is not None and any(name in _targets(statement) for statement in before(module, place))


def _targets(statement: facts.Stmt) -> frozenset[str]:
    if isinstance(statement, facts.Assign) and statement.value is not None:
        return frozenset(target.id for target in statement.targets if isinstance(target, facts.Name))
    return frozenset()


def shown(node: object, *, exact: bool = True) -> str | None:
    """The code of a plain expression (names, items, calls, literals, arithmetic); None for any other.

    Not `exact`, for people to read, it shows f-strings (facts keep no format specs), displays and sums too.
    """
    if isinstance(node, facts.Name):
        return node.id
    if isinstance(node, facts.Const):
        return _literal(node)
    if isinstance(node, facts.Attr):
        inner = shown(node.obj, exact=exact)
        return f"{inner}.{node.name}" if inner and _is_primary(node.obj) else None
    if isinstance(node, facts.Item):
        inner, index = shown(node.obj, exact=exact), shown(node.index, exact=exact)
        return f"{inner}[{index}]" if inner and index and _is_primary(node.obj) else None
    if isinstance(node, facts.Call):
        return _call(node, exact)
    if isinstance(node, facts.Bin):
        left, right = shown(node.left, exact=exact), shown(node.right, exact=exact)
        return f"{left} {node.op} {right}" if left and right and _is_flat(node, exact) else None
    if isinstance(node, facts.Logic):
        values = [shown(value, exact=exact) for value in node.values]
        simple = not any(isinstance(value, facts.Logic) for value in node.values)
        return f" {node.op} ".join(v for v in values if v) if all(values) and simple else None
    if isinstance(node, facts.Compare):
        left, right = shown(node.left, exact=exact), shown(node.right, exact=exact)
        return f"{left} {node.op} {right}" if left and right else None
    return None if exact else _display(node)


def _is_flat(node: facts.Bin, exact: bool) -> bool:
    """Whether an operation reads the same without parentheses."""
    for side in (node.left, node.right):
        inner = side.op if isinstance(side, facts.Bin) else None
        if inner is None or inner == node.op == "*":
            continue
        if exact or node.op != "+" or (inner != "%" and (inner != "+" or side is node.right)):
            return False
    return True


def _display(node: object) -> str | None:
    if isinstance(node, facts.Star):
        inner = shown(node.value, exact=False)
        return f"*{inner}" if inner else None
    if isinstance(node, facts.Format):
        return _format(node)
    if isinstance(node, facts.Seq):
        items = [shown(item, exact=False) for item in node.items]
        left, right = {"list": ("[", "]"), "tuple": ("(", ")")}.get(node.kind, ("{", "}"))
        comma = "," if node.kind == "tuple" and len(items) == 1 else ""
        return f"{left}{', '.join(i for i in items if i)}{comma}{right}" if all(items) else None
    if isinstance(node, facts.Dict):
        pairs = [(shown(key, exact=False), shown(value, exact=False)) for key, value in node.items]
        if any(value is None for _, value in pairs) or any(
            key is not None and written is None
            for (key, _), (written, _) in zip(node.items, pairs, strict=True)
        ):
            return None
        return f"{{{', '.join(f'{key}: {value}' if key else f'**{value}' for key, value in pairs)}}}"
    return None


def _format(node: facts.Format) -> str | None:
    written = ""
    for part in node.parts:
        if isinstance(part, facts.Const) and isinstance(part.value, str):
            written += part.value.replace("{", "{{").replace("}", "}}")
            continue
        code = shown(part, exact=False)
        if code is None:
            return None
        written += f"{{{code}}}"
    if "\\" in written or not written.isprintable() or {"'", '"'} <= set(written):
        return None
    return f"f'{written}'" if '"' in written else f'f"{written}"'


def _is_primary(node: object) -> bool:
    return isinstance(node, (facts.Name, facts.Attr, facts.Item, facts.Call)) or (
        isinstance(node, facts.Const) and isinstance(node.value, str)
    )


def _literal(node: facts.Const) -> str | None:
    if isinstance(node.value, str):
        if node.is_bytes or not node.value.isprintable() or '"' in node.value or "\\" in node.value:
            return None
        return f'"{node.value}"'
    return repr(node.value)


def _call(node: facts.Call, exact: bool) -> str | None:
    function = shown(node.func, exact=exact)
    written: list[str] = []
    for argument in node.args:
        value = shown(
            argument.value.value if isinstance(argument.value, facts.Star) else argument.value, exact=exact
        )
        if value is None:
            return None
        if argument.name is None:
            written.append(value)
        elif argument.name in ("*", "**"):
            written.append(f"{argument.name}{value}")
        else:
            written.append(f"{argument.name}={value}")
    return f"{function}({', '.join(written)})" if function and _is_primary(node.func) else None


def access(node: object, key: str) -> tuple[msgspec.Struct, str] | None:
    """The object that `obj["key"]`, `obj.get("key")` or `obj.key` reads from, and "item" or "attribute"."""
    if isinstance(node, facts.Item) and isinstance(node.index, facts.Const) and node.index.value == key:
        return node.obj, "item"
    if isinstance(node, facts.Attr) and node.name == key:
        return node.obj, "attribute"
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name == "get":
        first = node.args[0] if node.args else None
        if first is not None and isinstance(first.value, facts.Const) and first.value.value == key:
            return node.func.obj, "item"
    return None


def read(holder: str, key: str, kind: str) -> str:
    """The code that reads `key` from a holder in the way that `access` met."""
    return f"{holder}.{key}" if kind == "attribute" else f'{holder}["{key}"]'


def keyword(call: facts.Call, name: str) -> facts.Expr | None:
    """The value of a keyword argument."""
    return next((argument.value for argument in call.args if argument.name == name), None)


def is_spread(call: facts.Call) -> bool:
    return any(argument.name == "**" for argument in call.args)


def root_name(node: object) -> str:
    """The name that an expression begins with, "" where it begins otherwise."""
    while isinstance(node, (facts.Attr, facts.Item, facts.Call)):
        node = node.func if isinstance(node, facts.Call) else node.obj
    return node.id if isinstance(node, facts.Name) else ""


def _search(node: object, span: tuple[int, ...], above: Chain) -> Chain:
    for part in parts(node):
        here = getattr(part, "span", None)
        is_header = isinstance(part, (facts.Function, facts.Class, facts.If, facts.Loop))
        if here is not None and not is_header:
            if here == span and not isinstance(part, (facts.Assign, facts.AugAssign, facts.Return)):
                return (*above, part)
            if not _covers(here, span):
                continue
        found = _search(part, span, (*above, part))
        if found:
            return found
    return ()


def _covers(outer: tuple[int, ...], inner: tuple[int, ...]) -> bool:
    return outer[:2] <= inner[:2] and inner[2:] <= outer[2:]
