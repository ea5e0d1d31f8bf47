"""Statements added beside another one, and comments taken away."""

from __future__ import annotations

import re

import libcst as cst

from procore_lint.finding import Edit
from procore_lint.replacement import InsertStatement, RemoveComment
from procore_lint.rewrite.quotes import styled
from procore_lint.rewrite.tree import Impossible, Tree, parse

_LINE_END = re.compile(r"\r\n|\r|\n|\Z")
_END_OF_STATEMENT = re.compile(r"[ \t\f]*;?[ \t\f]*(?:#[^\r\n]*)?")
_JUMPS = (cst.Return, cst.Raise, cst.Break, cst.Continue)


def statement(tree: Tree, wanted: InsertStatement) -> list[Edit]:
    """The edit that adds a statement. Raises Impossible."""
    shared = _in_line(tree, wanted)
    if shared is not None:
        return [shared]
    neighbour = _neighbour(tree, wanted)
    first = tree.start(_first(tree, neighbour))
    indentation = tree.indentation(first)
    if indentation is None:
        raise Impossible("the statement shares its line")
    code = styled(tree, wanted.code.strip("\r\n"))
    lines = code.splitlines()
    if parse(wanted.code) is None or any("'''" in line or '"""' in line for line in lines):
        raise Impossible("the code cannot be indented as it is")
    newline = tree.newline(first)
    if wanted.where == "before":
        code = "".join(f"{line}{newline}{indentation}" for line in lines)
        return [tree.edit(first, first, code)]
    end = tree.end(neighbour)
    line_end = tree.line_end(end)
    if _END_OF_STATEMENT.fullmatch(tree.text, end, line_end) is None:
        raise Impossible("something follows in the line")
    code = "".join(f"{newline}{indentation}{line}" for line in lines)
    return [tree.edit(line_end, line_end, code)]


def _in_line(tree: Tree, wanted: InsertStatement) -> Edit | None:
    """The edit that adds a short statement to the line in which its neighbour stands with others."""
    found = tree.around(wanted.span, (cst.BaseSmallStatement, cst.BaseCompoundStatement))
    if not isinstance(found, cst.BaseSmallStatement):
        return None
    line = tree.parents[found]
    if not isinstance(line, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
        return None
    edge = line.body[0 if wanted.where == "before" else -1]
    if isinstance(line, cst.SimpleStatementLine) and found is edge:
        return None
    code = styled(tree, wanted.code.strip("\r\n"))
    plain = parse(code)
    if plain is None or len(plain.body) != 1 or hasattr(plain.body[0], "body") or "\n" in code:
        raise Impossible("the code needs a line of its own")
    if wanted.where == "before":
        return tree.edit(tree.start(found), tree.start(found), f"{code}; ")
    if isinstance(found, _JUMPS):
        raise Impossible("what follows this statement never runs")
    return tree.edit(tree.end(found), tree.end(found), f"; {code}")


def comment(tree: Tree, wanted: RemoveComment) -> list[Edit]:
    """The edit that removes a comment. Raises Impossible."""
    node = tree.at(wanted.span, cst.Comment)
    if node.value != wanted.text:
        raise Impossible("another comment stands there")
    start, end = tree.start(node), tree.end(node)
    if tree.indentation(start) is None:
        before = tree.text[tree.line_start(start) : start]
        return [tree.edit(start - len(before) + len(before.rstrip(" \t\f")), end, "")]
    found = _LINE_END.match(tree.text, end)
    return [tree.edit(tree.line_start(start), found.end() if found else end, "")]


def _neighbour(tree: Tree, wanted: InsertStatement) -> cst.SimpleStatementLine | cst.BaseCompoundStatement:
    found = tree.around(wanted.span, (cst.BaseSmallStatement, cst.BaseCompoundStatement))
    line = tree.parents[found]
    if isinstance(found, cst.BaseSmallStatement):
        if not isinstance(line, cst.SimpleStatementLine):
            raise Impossible("the statement stands in the line of another")
        if found is not line.body[0 if wanted.where == "before" else -1]:
            raise Impossible("the statement shares its line")
        if wanted.where == "after" and isinstance(found, _JUMPS):
            raise Impossible("what follows this statement never runs")
        if wanted.where == "before" and _must_be_first(tree, found, line):
            raise Impossible("nothing may stand before this statement")
        return line
    if isinstance(found, cst.BaseCompoundStatement) and isinstance(line, (cst.Module, cst.IndentedBlock)):
        return found
    raise Impossible("the statement is part of another")


def _first(tree: Tree, node: cst.CSTNode) -> cst.CSTNode:
    """The node that begins a statement: its first decorator, if it has one."""
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)) and node.decorators:
        return node.decorators[0]
    return node


def _must_be_first(tree: Tree, small: cst.BaseSmallStatement, line: cst.SimpleStatementLine) -> bool:
    if isinstance(small, cst.ImportFrom) and isinstance(small.module, cst.Name):
        return small.module.value == "__future__"
    block = tree.parents[line]
    body = block.body if isinstance(block, (cst.Module, cst.IndentedBlock)) else ()
    return (
        isinstance(small, cst.Expr)
        and isinstance(small.value, cst.SimpleString)
        and body[0] is line
        and tree.leads
    )
