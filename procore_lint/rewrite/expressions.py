"""One expression in place of another: only the tokens that differ are written anew."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from procore_lint.finding import Edit
from procore_lint.replacement import ReplaceExpr
from procore_lint.rewrite.quotes import fitting
from procore_lint.rewrite.tree import Impossible, Tree, parse
from procore_lint.source import Lines

_LAYOUT = frozenset(
    (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
)
_ATOMS = (
    cst.Name, cst.Attribute, cst.Subscript, cst.Call, cst.Integer, cst.Float, cst.SimpleString,
    cst.FormattedString, cst.List, cst.Dict, cst.Set, cst.ListComp, cst.DictComp, cst.SetComp,
)  # fmt: skip
_ROOMY = (
    cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Return, cst.Arg, cst.Expr, cst.Element, cst.Index, cst.If,
    cst.While, cst.Param,
)  # fmt: skip
_LOOSE = (cst.Tuple, cst.Yield, cst.NamedExpr, cst.GeneratorExp, cst.ConcatenatedString)


@dataclass(frozen=True, slots=True)
class _Token:
    key: object
    start: int
    end: int


def expression(tree: Tree, wanted: ReplaceExpr) -> list[Edit]:
    """The edits that replace an expression. Raises Impossible where it is not the one named."""
    node = tree.at(wanted.span, cst.BaseExpression, hole=True)
    new = fitting(tree, node, wanted.new.strip())
    start, end = tree.start(node), tree.end(node)
    source = tree.text[start:end]
    if _dump(source) != _dump(wanted.old):
        raise Impossible("another expression stands there")
    if _needs_parentheses(tree, node, new):
        return _checked(tree, start, end, f"({new})")
    ours, theirs = _tokens(source), _tokens(new)
    head = _shared(ours, theirs)
    tail = _shared(ours[head:][::-1], theirs[head:][::-1])
    if head == len(ours) == len(theirs):
        raise Impossible("nothing would change")
    while min(len(ours), len(theirs)) == head + tail:
        # Something must remain on both sides, or blanks would be left or missing around the gap.
        head, tail = (head - 1, tail) if head else (head, tail - 1)
    first, last = ours[head], ours[len(ours) - tail - 1]
    content = new[theirs[head].start : theirs[len(theirs) - tail - 1].end]
    begin = first.start
    if head and content[0] in ".[(,":
        # What attaches to the token before it leaves no blank behind.
        begin = len(source[:begin].rstrip(" \t"))
    return _checked(tree, start + begin, start + last.end, content)


def _checked(tree: Tree, start: int, end: int, content: str) -> list[Edit]:
    lost = [comment for comment in tree.nodes(cst.Comment) if start <= tree.start(comment) < end]
    if not lost:
        return [tree.edit(start, end, content)]
    rest = tree.text[end : tree.line_end(end)]
    in_text = any(isinstance(above, cst.FormattedString) for above in tree.ancestors(lost[0]))
    if in_text or len(lost) > 1 or set(rest) & {*"#'\"\\;"}:
        raise Impossible("a comment would be lost")
    # It moves to the end of the line.
    return [tree.edit(start, end + len(rest), f"{content}{rest.rstrip()}  {lost[0].value}")]


def _dump(code: str) -> str:
    tree = parse(f"({code}\n)")
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
        raise Impossible("no expression")
    return ast.dump(tree.body[0].value)


def _needs_parentheses(tree: Tree, node: cst.BaseExpression, code: str) -> bool:
    try:
        new = cst.parse_expression(code)
    except cst.ParserSyntaxError as error:
        raise Impossible("the new code is no expression") from error
    if new.lpar or node.lpar or isinstance(new, _ATOMS):
        return False
    if isinstance(new, _LOOSE):
        return True
    if isinstance(new, cst.BinaryOperation) and isinstance(node, cst.BinaryOperation):
        return type(new.operator) is not type(node.operator)
    return not isinstance(tree.parents[node], _ROOMY)


def _tokens(code: str) -> list[_Token]:
    # In parentheses line ends mean nothing; they take one character off the first line's columns.
    lines = Lines(f"({code}\n)")
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(lines.text, newline="").readline):
            if token.type not in _LAYOUT:
                start, end = (lines.offset(line, column + 1) - 1 for line, column in (token.start, token.end))
                found.append(_Token(_key(token), start, end))
    except (tokenize.TokenError, SyntaxError) as error:
        raise Impossible("no tokens") from error
    return found[1:-1]


def _key(token: tokenize.TokenInfo) -> object:
    """What makes two tokens the same: `'a'` and `"a"` are, `1` and `True` are not."""
    if token.type == tokenize.NUMBER or (token.type == tokenize.STRING and "f" not in _prefix(token.string)):
        tree = parse(token.string)
        return ast.dump(tree) if tree is not None else token.string
    return token.string


def _prefix(string: str) -> str:
    return string[: min(string.find(quote) for quote in "'\"" if quote in string)].lower()


def _shared(left: Sequence[_Token], right: Sequence[_Token]) -> int:
    number = 0
    for one, other in zip(left, right, strict=False):
        if one.key != other.key:
            break
        number += 1
    return number
