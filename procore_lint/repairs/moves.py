"""PCL401 to PCL403: the path of a replacement, written into the user's own expression."""

from __future__ import annotations

import re

from procore_lint import facts
from procore_lint.endpoints import Endpoint, split
from procore_lint.lazy import regex
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to
from procore_lint.repairs.shown import shown
from procore_lint.repairs.texts import LONGEST, composed
from procore_lint.values import Place

_HOLE = regex(r"\{(\w+)\}")
_PERCENT = regex(r"%[sdi]")
_REST = regex(r"/?\brest/v\d+(?:\.\d+)?(?=/)")
_MARK = "\0"


def moved(module: ModuleInfo, place: Place, row: Endpoint, version: str | None) -> str | None:
    """The f-string with the first replacement's path, in place of the expression that holds `place`.

    Holes keep the user's code where both paths name them alike; an `id` may be one of another resource.
    `version` is that of the request: a path that is written without it can only be moved within it.
    """
    found = composed(module, place)
    new = row.replacement[0].partition(" ")[2] if row.replacement else ""
    flat = _flat(found[0]) if found is not None else None
    if flat is None or not new.startswith("/rest/"):
        return None
    template = "".join(_MARK if code is not None else text for text, code in flat)
    codes = [code for _, code in flat if code is not None]
    if any(c in template for c in "?#{}%\\\"'") or any(set(code) & set("\\\"'{}") for code in codes):
        return None
    start = _REST.search(template)
    old = split(row.path)[2:]
    if start is not None:
        head, path = template[: start.start()], template[start.end() :]
    else:
        head, path = "", template
        if version != split(new)[1]:
            return None
        new = "/" + "/".join(split(new)[2:])
        new = new if template.startswith("/") else new[1:]
    known = _known(old, split(new), path.strip("/").split("/"), codes[head.count(_MARK) :])
    if known is None:
        return None
    if head and start is not None and not start[0].startswith("/"):
        new = new.removeprefix("/")
    for code in codes[: head.count(_MARK)]:
        head = head.replace(_MARK, f"{{{code}}}", 1)
    written = _HOLE.sub(lambda match: _hole(known.get(match[1]) or _named(match[1])), new)
    code = f"{head}{written}"
    # Outside of functions nothing is there to fill the holes: such a path is a pattern.
    inside = any(isinstance(node, (facts.Function, facts.Lambda)) for node in chain_to(module, place))
    return f'{"f" if inside and "{" in code else ""}"{code}"' if len(code) <= LONGEST else None


def _hole(code: str) -> str:
    return code if code.isdigit() else f"{{{code}}}"


def _named(hole: str) -> str:
    return "item_id" if hole == "id" else hole


def _known(
    old: tuple[str, ...], new: tuple[str, ...], path: list[str], codes: list[str]
) -> dict[str, str] | None:
    """The user's code for each named hole of the old path; None where the two do not agree."""
    if len(old) != len(path):
        return None
    known: dict[str, str] = {}
    given = iter(codes)
    for theirs, ours in zip(old, path, strict=True):
        code = next(given, "") if ours == _MARK else ""
        hole = _HOLE.fullmatch(theirs)
        if (hole is None and theirs != ours) or (_MARK in ours and not code):
            return None
        if hole is not None and (code or ours.isdigit()) and (hole[1] != "id" or _keeps_id(old, new)):
            known[hole[1]] = code or ours
    return known


def _keeps_id(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Whether `{id}` stands behind the same resource in both paths: it is the same one's then."""
    behind = [path[path.index("{id}") - 1] for path in (old, new) if path.count("{id}") == 1]
    return len(behind) == 2 and behind[0] == behind[1]


def _flat(node: object) -> list[tuple[str, str | None]] | None:
    """A text expression as its literals and its code, in order; None where that cannot be told."""
    if isinstance(node, facts.Const) and isinstance(node.value, str):
        return [(node.value, None)]
    parts: list[object] = []
    if isinstance(node, facts.Format):
        parts = list(node.parts)
    elif isinstance(node, facts.Bin) and node.op == "+":
        parts = [node.left, node.right]
    elif isinstance(node, facts.Bin) and node.op == "%" and not isinstance(node.right, facts.Dict):
        values = node.right.items if isinstance(node.right, facts.Seq) else (node.right,)
        return _filled(node.left, _PERCENT, list(values))
    elif isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name == "format":
        if all(argument.name is None for argument in node.args):
            return _filled(node.func.obj, re.compile(r"\{\}"), [argument.value for argument in node.args])
        return None
    if not parts:
        code = shown(node)
        return [("", code)] if code is not None else None
    flat: list[tuple[str, str | None]] = []
    for part in parts:
        inner = _flat(part)
        if inner is None:
            return None
        flat += inner
    return flat


def _filled(
    pattern: object, mark: re.Pattern[str], values: list[facts.Expr]
) -> list[tuple[str, str | None]] | None:
    text = pattern.value if isinstance(pattern, facts.Const) else None
    texts = mark.split(text) if isinstance(text, str) else []
    if len(texts) != len(values) + 1:
        return None
    flat: list[tuple[str, str | None]] = [(texts[0], None)]
    for value, after in zip(values, texts[1:], strict=True):
        code = shown(value)
        if code is None:
            return None
        flat += [("", code), (after, None)]
    return flat
