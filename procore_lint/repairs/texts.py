"""The expression that a literal is a part of, as it reads with another text in the literal's place.

For the help of findings: the user's own line, made anew. Nothing here names an edit.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import Chain, chain_to
from procore_lint.repairs.shown import shown
from procore_lint.values import Place

#: Longer code is no help in one line.
LONGEST = 160


def composed(module: ModuleInfo, place: Place) -> tuple[facts.Expr, facts.Const] | None:
    """The whole text expression around the literal at `place`, and that literal."""
    chain = chain_to(module, place)
    if not chain:
        return None
    literal = _literal(chain)
    whole: msgspec.Struct = chain[-1]
    for above in reversed(chain[:-1]):
        inside = isinstance(above, (facts.Arg, facts.Seq))
        if inside or (isinstance(above, facts.Attr) and above.name == "format"):
            pass  # decided by what stands around it
        elif not _makes_text(above):
            break
        else:
            whole = above
    return (whole, literal) if literal is not None else None  # type: ignore[return-value]


def _literal(chain: Chain) -> facts.Const | None:
    node = chain[-1]
    if isinstance(node, facts.Format):
        texts = [part for part in node.parts if isinstance(part, facts.Const)]
        node = texts[0] if len(texts) == 1 else node
    return node if isinstance(node, facts.Const) and isinstance(node.value, str) else None


def _makes_text(node: msgspec.Struct) -> bool:
    if isinstance(node, facts.Call):
        name = node.func.name if isinstance(node.func, facts.Attr) else shown(node.func)
        return name == "urljoin" or (name in ("format", "join") and isinstance(node.func, facts.Attr))
    return isinstance(node, facts.Format) or (isinstance(node, facts.Bin) and node.op in "+%")


def rewritten(module: ModuleInfo, place: Place, new: str) -> str | None:
    """The expression around the literal at `place` with `new` for its text; if long, the literal alone."""
    found = composed(module, place)
    if found is None:
        return None
    whole, literal = found
    other = facts.Const(new, literal.span, literal.is_bytes)
    code = shown(substituted(whole, literal, other), exact=False)
    return code if code is not None and len(code) <= LONGEST else shown(other, exact=False)


def corrected(module: ModuleInfo, place: Place, old: str, new: str) -> str | None:
    """The assignment of the literal at `place`, else the expression around it, with `new` for `old` in it."""
    found = composed(module, place)
    if found is None or str(found[1].value).count(old) != 1:
        return None
    text = str(found[1].value).replace(old, new)
    held = assignment(module, place)
    literal = facts.Const(text, found[1].span, found[1].is_bytes)
    written = line(substituted(held[1], found[1], literal)) if held is not None else None
    return written or rewritten(module, place, text)


def substituted(node: object, old: msgspec.Struct, new: msgspec.Struct) -> object:
    """A node with the node `old` below it replaced; what does not hold it stays the same object.

    A function's inside is made anew whenever it is opened, so that nodes are known by their spans as well.
    """
    if node is old or (node == old and hasattr(old, "span")):
        return new
    if isinstance(node, msgspec.Struct):
        inner = {name: getattr(node, name) for name in node.__struct_fields__}
        other = {name: substituted(value, old, new) for name, value in inner.items()}
        changed = {name: value for name, value in other.items() if value is not inner[name]}
        return msgspec.structs.replace(node, **changed) if changed else node
    if isinstance(node, tuple):
        items = tuple([substituted(item, old, new) for item in node])
        return node if all(a is b for a, b in zip(items, node, strict=True)) else items
    return node


def assignment(module: ModuleInfo, place: Place) -> tuple[str, facts.Assign] | None:
    """The name or attribute to which the code at `place` is assigned, and the statement."""
    for node in reversed(chain_to(module, place)):
        if isinstance(node, facts.Assign):
            target = shown(node.targets[0]) if len(node.targets) == 1 and node.value is not None else None
            return (target, node) if target is not None else None
        if isinstance(node, (facts.Function, facts.Lambda)):
            return None
    return None


def line(statement: object) -> str | None:
    """The code of an assignment to one target; None where it is no short line."""
    if not isinstance(statement, facts.Assign) or len(statement.targets) != 1:
        return None
    target, value = shown(statement.targets[0]), shown(statement.value, exact=False)
    hint = shown(statement.annotation, exact=False)
    if target is None or value is None or (statement.annotation is not None and hint is None):
        return None
    written = f"{target}{f': {hint}' if hint else ''} = {value}"
    return written if len(written) <= LONGEST else None


def holes(node: facts.Expr) -> list[str]:
    """The code of what a text expression puts between its literals, each once."""
    return list(dict.fromkeys(code for code in (shown(h, exact=False) for h in _holes(node)) if code))


def _holes(node: object) -> Iterator[object]:
    if isinstance(node, facts.Const):
        return
    if isinstance(node, facts.Format):
        for part in node.parts:
            yield from _holes(part)
    elif isinstance(node, facts.Bin):
        yield from _holes(node.left)
        items = node.right.items if isinstance(node.right, facts.Seq) else (node.right,)
        for item in items:
            yield from _holes(item)
    elif isinstance(node, facts.Call) and _makes_text(node):
        for argument in node.args:
            items = argument.value.items if isinstance(argument.value, facts.Seq) else (argument.value,)
            for item in items:
                yield from _holes(item)
    else:
        yield node


def listed(codes: list[str]) -> str:
    """`a`, `b` and `c`."""
    marked = [f"`{code}`" for code in codes]
    return " and ".join(part for part in (", ".join(marked[:-1]), marked[-1]) if part) if marked else ""
