"""From a named replacement to text edits, exact to the character, or none at all.

The only room that imports LibCST; `fixes` imports it where a fix is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import libcst as cst

from procore_lint import replacement as named
from procore_lint.finding import Edit
from procore_lint.replacement import Replacement, Single
from procore_lint.rewrite import expressions, lists, statements
from procore_lint.rewrite.literals import Body
from procore_lint.rewrite.tree import Impossible, Sources, Tree

__all__ = ["Sources", "edits"]

#: Replacements that look at nothing around their node.
_INSIDE = (named.ReplaceText, named.RenameKey, named.InsertItem, named.InsertKeyword, named.RemoveKeyword)


def edits(replacement: Replacement, sources: Sources) -> tuple[Edit, ...] | None:
    """The edits of a replacement in the order of the text; None where it cannot be made exactly."""
    parts = replacement.parts if isinstance(replacement, named.Combined) else (replacement,)
    found: list[Edit] = []
    try:
        for part in parts:
            inside = isinstance(part, _INSIDE)
            found += _single(part, sources.tree(part.path, part.span, statement=not inside))
    except Impossible:
        return None
    found = sorted(dict.fromkeys(found), key=lambda edit: (edit.path, edit.span))
    for one, other in pairwise(found):
        if one.path == other.path and (one.span[2:] > other.span[:2] or one.span == other.span):
            return None
    return tuple(found)


def _single(part: Single, tree: Tree) -> list[Edit]:
    if isinstance(part, named.ReplaceText):
        return _text(tree, part)
    if isinstance(part, named.RenameKey):
        return _key(tree, part)
    if isinstance(part, named.InsertItem):
        return lists.item(tree, part)
    if isinstance(part, named.InsertKeyword):
        return lists.keyword(tree, part)
    if isinstance(part, named.RemoveKeyword):
        return lists.without_keyword(tree, part)
    if isinstance(part, named.InsertStatement):
        return statements.statement(tree, part)
    if isinstance(part, named.ReplaceExpr):
        return expressions.expression(tree, part)
    return statements.comment(tree, part)


def _text(tree: Tree, part: named.ReplaceText) -> list[Edit]:
    found = [
        (body, place) for body in _bodies(tree, _literal(tree, part)) for place in body.occurrences(part.old)
    ]
    if not found:
        return [_joined(tree, part)]
    if len(found) != 1:
        raise Impossible("the text does not stand there once")
    body, (start, end) = found[0]
    new = body.spelled(part.new)
    if new is None or start < 0 or end < 0:
        raise Impossible("the text cannot be written there")
    return [tree.edit(start, end, new)]


def _key(tree: Tree, part: named.RenameKey) -> list[Edit]:
    literal = tree.at(part.span, (cst.SimpleString, cst.ConcatenatedString))
    bodies = list(_bodies(tree, literal))
    if len(bodies) > 1:
        return [_joined(tree, part)]
    body = bodies[0]
    new = body.spelled(part.new)
    if new is None or body.value() != part.old:
        raise Impossible("another key stands there")
    return [tree.edit(body.offset, body.offset + len(body.source), new)]


def _joined(tree: Tree, part: named.ReplaceText | named.RenameKey) -> Edit:
    """One literal in place of several side by side whose whole value is the old text."""
    literal = tree.at(part.span, cst.ConcatenatedString)
    bodies = list(_bodies(tree, literal))
    plain = all(not {"b", "f"} & set(body.prefix.lower()) for body in bodies)
    start, end = tree.start(literal), tree.end(literal)
    if not plain or "".join(body.value() for body in bodies) != part.old:
        raise Impossible("another text stands there")
    if any(start <= tree.start(comment) < end for comment in tree.nodes(cst.Comment)):
        raise Impossible("a comment would be lost")
    first = bodies[0]
    new = first.spelled(part.new)
    if new is None:
        raise Impossible("the text cannot be written there")
    return tree.edit(start, end, f"{first.prefix}{first.quote}{new}{first.quote}")


def _literal(tree: Tree, part: named.ReplaceText) -> cst.BaseString:
    # Before Python 3.12 a text inside an f-string is placed at the whole f-string: the innermost one holds.
    return tree.around(part.span, cst.BaseString)


def _bodies(tree: Tree, literal: cst.CSTNode) -> Iterator[Body]:
    if isinstance(literal, cst.ConcatenatedString):
        yield from _bodies(tree, literal.left)
        yield from _bodies(tree, literal.right)
    elif isinstance(literal, cst.SimpleString):
        inside = tree.start(literal) + len(literal.prefix) + len(literal.quote)
        yield Body(inside, tree.inside(inside, literal.raw_value), literal.prefix, literal.quote)
    elif isinstance(literal, cst.FormattedString):
        for text in literal.parts:
            if isinstance(text, cst.FormattedStringText):
                at = tree.start(text)
                yield Body(at, tree.inside(at, text.value), literal.prefix, literal.quote)
