"""Things added to what stands between brackets, in the style of what stands there already."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from procore_lint.finding import Edit
from procore_lint.replacement import InsertItem, InsertKeyword, RemoveKeyword
from procore_lint.rewrite.quotes import styled
from procore_lint.rewrite.tree import Impossible, Tree

_ONLY_A_COMMENT = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?")
_EMPTY_CALL = re.compile(r"\(\s*\)\Z")


def item(tree: Tree, wanted: InsertItem) -> list[Edit]:
    """The edits that add an item to a dict display. Raises Impossible."""
    display = tree.at(wanted.span, cst.Dict)
    quote = _quote(tree, display)
    if not wanted.key.isprintable() or quote in wanted.key or "\\" in wanted.key:
        raise Impossible("the key needs escapes")
    for element in display.elements:
        if isinstance(element, cst.DictElement) and _value(element.key) == wanted.key:
            raise Impossible("the dict holds the key already")
    code = f"{quote}{wanted.key}{quote}: {_one_line(styled(tree, wanted.value))}"
    if display.elements:
        return _appended(tree, display, display.elements, code)
    return [_first(tree, tree.start(display) + 1, tree.end(display) - 1, code)]


def keyword(tree: Tree, wanted: InsertKeyword) -> list[Edit]:
    """The edits that add a keyword argument to a call. Raises Impossible."""
    call = tree.at(wanted.span, cst.Call)
    for argument in call.args:
        if argument.star == "**" or (argument.keyword is not None and argument.keyword.value == wanted.name):
            raise Impossible("the call may pass the keyword already")
        if isinstance(argument.value, cst.GeneratorExp) and not argument.value.lpar:
            raise Impossible("a bare generator takes no second argument")
    code = f"{wanted.name}={_one_line(styled(tree, wanted.value))}"
    if call.args:
        return _appended(tree, call, call.args, code)
    empty = _EMPTY_CALL.search(tree.text[tree.start(call) : tree.end(call)])
    if empty is None:
        raise Impossible("a comment stands where the argument belongs")
    return [_first(tree, tree.start(call) + empty.start() + 1, tree.end(call) - 1, code)]


def without_keyword(tree: Tree, wanted: RemoveKeyword) -> list[Edit]:
    """The edit that takes a keyword argument out of a call. Raises Impossible."""
    call = tree.at(wanted.span, cst.Call)
    named = [a for a in call.args if a.keyword is not None and a.keyword.value == wanted.name]
    if len(named) != 1:
        raise Impossible("the call does not pass the keyword")
    number = list(call.args).index(named[0])
    own = start, end = tree.start(named[0]), tree.end(named[0])
    if number + 1 < len(call.args):
        end = tree.start(call.args[number + 1])
    elif number:
        start = tree.end(call.args[number - 1])
    elif isinstance(named[0].comma, cst.Comma):
        end = tree.end(named[0].comma)
    comments = [tree.start(comment) for comment in tree.nodes(cst.Comment)]
    if any(start <= comment < end and not own[0] <= comment < own[1] for comment in comments):
        start, end = _alone(tree, named[0])
    return [tree.edit(start, end, "")]


def _alone(tree: Tree, argument: cst.Arg) -> tuple[int, int]:
    """An argument on lines of its own, with the comment that ends them. Raises Impossible."""
    start = tree.start(argument)
    end = tree.end(argument.comma if isinstance(argument.comma, cst.Comma) else argument)
    line_end = tree.line_end(end)
    if tree.indentation(start) is None or _ONLY_A_COMMENT.fullmatch(tree.text, end, line_end) is None:
        raise Impossible("a comment would be lost")
    return tree.line_start(start), line_end + len(tree.newline(end))


def _first(tree: Tree, start: int, end: int, code: str) -> Edit:
    """Write the only thing between two brackets."""
    blank = not tree.text[start:end].strip(" \t\f\r\n\\")
    return tree.edit(start, end if blank else start, code)


def _appended(
    tree: Tree, whole: cst.CSTNode, elements: Sequence[cst.BaseDictElement | cst.Arg], code: str
) -> list[Edit]:
    """Write `code` after the last element: on a line of its own where that one has its own."""
    last = elements[-1]
    start, end = tree.start(last), tree.end(last)
    comma = last.comma if isinstance(last.comma, cst.Comma) else None
    indentation = tree.indentation(start)
    if indentation is None or tree.line_start(tree.start(whole)) == tree.line_start(start):
        return [tree.edit(end, end, f", {code}")]
    line = tree.newline(tree.line_start(start) - 1) + indentation + code
    after = end if comma is None else tree.end(comma)
    line_end = tree.line_end(after)
    if _ONLY_A_COMMENT.fullmatch(tree.text, after, line_end) is None:
        return [tree.edit(end, end, f",{line}")]
    if comma is not None:
        return [tree.edit(line_end, line_end, f"{line},")]
    if line_end == end:
        return [tree.edit(end, end, f",{line}")]
    return [tree.edit(end, end, ","), tree.edit(line_end, line_end, line)]


def _quote(tree: Tree, display: cst.Dict) -> str:
    """The quote of the nearest key before the end, else the one that the file uses more."""
    for element in reversed(display.elements):
        if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
            return element.key.quote[0]
    return tree.file.quote


def _value(node: cst.BaseExpression) -> object:
    return node.evaluated_value if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)) else None


def _one_line(code: str) -> str:
    if "\n" in code or "\r" in code:
        raise Impossible("the code has more than one line")
    return code
