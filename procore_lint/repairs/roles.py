"""What code uses an expression as: the segment of a path that it fills, the key that it is given under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.repairs.code import walk
from procore_lint.repairs.shown import shown

#: The word before a gap: `/companies/`, `?company_id=`.
_BEFORE = regex(r"(?:([A-Za-z_-]+)/|[?&]([A-Za-z_\[\]]+)=)\Z")
_HOLES = regex(r"%\(?\w*\)?[sdir]|\{\w*[^}]*\}")
#: A field of `str.format` by its name, and what it takes of that.
_NAMED = regex(r"\{([A-Za-z_]\w*)([^{}!:]*)[^{}]*\}")
_COMPANY = frozenset({"company", "companies", "companyid", "procorecompanyid", "procorecompany"})
_ID = regex(r"(?:_|\A)(?:id|pk|key|uid|uuid)\Z|[a-z]Id\Z")

Role = tuple[str, msgspec.Struct, bool]


def roles(nodes: object) -> Iterator[Role]:
    """Words and the expressions used for them; the last says whether the word is a segment of a path."""
    for node in walk(nodes):
        if isinstance(node, facts.Format):
            yield from _between(node.parts)
        elif isinstance(node, facts.Bin) and node.op == "+":
            yield from _between(_summands(node))
        elif isinstance(node, facts.Bin) and node.op == "%" and isinstance(node.left, facts.Const):
            right = node.right
            yield from _filled(node.left.value, right.items if isinstance(right, facts.Seq) else (right,))
        elif isinstance(node, facts.Dict):
            for key, value in node.items:
                if isinstance(key, facts.Const) and isinstance(key.value, str):
                    yield key.value, value, False
        elif isinstance(node, facts.Assign):
            for target in node.targets:
                if isinstance(target, facts.Item) and isinstance(target.index, facts.Const) and node.value:
                    yield str(target.index.value), node.value, False
        elif isinstance(node, facts.Call):
            text = node.func.obj if isinstance(node.func, facts.Attr) and node.func.name == "format" else None
            if isinstance(text, facts.Const) and isinstance(text.value, str):
                yield from _formatted(text.value, node.args)
            else:
                yield from ((arg.name, arg.value, False) for arg in node.args if arg.name)


def of_company(nodes: object) -> Iterator[msgspec.Struct]:
    """The expressions that are used as the id of a company."""
    for word, node, _ in roles(nodes):
        if _is_company(word):
            yield bare(node)


def companies_in_path(nodes: object) -> frozenset[str]:
    """The code of what fills `/companies/{...}`: a request whose path names an id is none without it."""
    found = (shown(bare(node)) for word, node, is_segment in roles(nodes) if is_segment and _is_company(word))
    return frozenset(filter(None, found))


def is_something_else(code: str, nodes: object) -> bool:
    """Whether `code` is used as the id of something that is no company: `/vendors/{x}`, `vendor_id=x`."""
    return any(
        (is_segment or _ID.search(word)) and not _is_company(word) and shown(bare(node)) == code
        for word, node, is_segment in roles(nodes)
    )


def bare(node: msgspec.Struct) -> msgspec.Struct:
    """An expression without `str()` or `int()` around it."""
    while isinstance(node, facts.Call) and shown(node.func) in ("str", "int") and len(node.args) == 1:
        node = node.args[0].value
    return node


def is_composed(node: object) -> bool:
    """Whether an expression puts a text together of several parts, as a path is: no id is made so."""
    node = bare(node) if isinstance(node, msgspec.Struct) else node
    if isinstance(node, facts.Format):
        return sum(not (isinstance(part, facts.Const) and part.value == "") for part in node.parts) > 1
    if isinstance(node, facts.Bin) and node.op == "+":
        return any(_is_text(part) for part in _summands(node))
    if isinstance(node, facts.Bin) and node.op == "%":
        return _is_more_than_a_hole(node.left)
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr):
        if node.func.name == "join":
            return _is_text(node.func.obj)
        return node.func.name == "format" and _is_more_than_a_hole(node.func.obj)
    if isinstance(node, facts.Cond):
        return is_composed(node.body) or is_composed(node.orelse)
    return isinstance(node, facts.Logic) and any(map(is_composed, node.values))


def _is_text(node: object) -> bool:
    return isinstance(node, facts.Format) or (isinstance(node, facts.Const) and isinstance(node.value, str))


def _is_more_than_a_hole(node: object) -> bool:
    text = node.value if isinstance(node, facts.Const) and isinstance(node.value, str) else ""
    return bool(_HOLES.sub("", text)) or len(_HOLES.findall(text)) > 1


def _is_company(word: str) -> bool:
    return re.sub(r"[^a-z]", "", word.lower()) in _COMPANY


def _between(parts: tuple[facts.Expr, ...]) -> Iterator[Role]:
    for text, node in pairwise(parts):
        if isinstance(text, facts.Const) and not isinstance(node, facts.Const):
            yield from _after(str(text.value), node)


def _filled(text: object, values: tuple[facts.Expr, ...]) -> Iterator[Role]:
    found = _HOLES.finditer(text) if isinstance(text, str) else ()
    for hole, value in zip(found, values, strict=False):
        yield from _after(str(text)[: hole.start()], value)


def _formatted(text: str, given: tuple[facts.Arg, ...]) -> Iterator[Role]:
    """What `text.format(...)` writes whole; of `{company.id}` it writes a part of what it is given."""
    if not any(arg.name == "*" for arg in given):
        yield from _filled(_NAMED.sub("", text), tuple(arg.value for arg in given if arg.name is None))
    named = {arg.name: arg.value for arg in given if arg.name not in (None, "*", "**")}
    for hole in _NAMED.finditer(text):
        value = named.get(hole[1])
        if value is not None and not hole[2]:
            yield hole[1], value, False
            yield from _after(text[: hole.start()], value)


def _after(text: str, node: msgspec.Struct) -> Iterator[Role]:
    match = _BEFORE.search(text)
    if match is not None:
        yield match.group(1) or match.group(2), node, match.group(1) is not None


def _summands(node: facts.Expr) -> tuple[facts.Expr, ...]:
    if isinstance(node, facts.Bin) and node.op == "+":
        return (*_summands(node.left), *_summands(node.right))
    return (node,)
