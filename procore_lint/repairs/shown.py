"""Writing an expression down again in the user's own names."""

from __future__ import annotations

import msgspec

from procore_lint import facts


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


def last_name(node: object) -> str:
    """The last name of a plain expression, as of `mock.call_args`; "" for any other."""
    return (shown(node) or "").rpartition(".")[2]


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
