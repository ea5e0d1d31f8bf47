"""One place of a file: LibCST's nodes around it, and the text between any two places.

LibCST says where things are and what they are; edits are made on the text, so that every character
outside of them stays as it is. It reads the statements at the place alone (`excerpt`), and the whole file
where no statement holds the place or LibCST does not read them to the letter.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import libcst as cst
from libcst.metadata import CodePosition, CodeRange, MetadataWrapper, PositionProvider

from procore_lint.facts import SpanT
from procore_lint.finding import Edit, Span
from procore_lint.rewrite.excerpt import Excerpt, element, excerpt
from procore_lint.rewrite.literals import prevailing
from procore_lint.source import Lines, SourceError, decode

N = TypeVar("N", bound=cst.CSTNode)

#: LibCST's parser recurses on the native stack and dies of 10,000 levels; it reads 1,000 with room to spare.
DEPTH = 1000
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE_REST = re.compile(r"[^\r\n]*")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_FORM_FEED = re.compile(r"^[ \t\f]*\f(?=[ \t]*[^ \t\f\r\n])", re.MULTILINE)


class Impossible(Exception):
    """The edit cannot be made exactly as it is named."""


class Sources:
    """The files of one run, each read and parsed at most once. `read` gives bytes, None without a file."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read
        self._files: dict[str, File | None] = {}

    def tree(self, path: str, span: SpanT, *, statement: bool = True) -> Tree:
        """The nodes around a place; raises Impossible where LibCST cannot read it to the letter.

        Without `statement` they may be an element of a long one, if the place is inside of that.
        """
        if path not in self._files:
            self._files[path] = _opened(path, self._read(path))
        file = self._files[path]
        tree = file.tree(span, statement) if file is not None else None
        if tree is None:
            raise Impossible(f"{path} cannot be read exactly")
        return tree


@dataclass(frozen=True)
class File:
    """A file that Python can read, and what LibCST read of it so far, by lines and what surrounds them."""

    path: str
    lines: Lines
    plain: ast.Module
    trees: dict[tuple[int, int, str], Tree | None] = field(default_factory=dict)

    @cached_property
    def quote(self) -> str:
        """The quote that its short literals use more, the double one where they do not say."""
        return prevailing(self.lines.text)

    def tree(self, span: SpanT, statement: bool) -> Tree | None:
        """The nodes around a place, None where LibCST cannot read them to the letter."""
        part = excerpt(self.plain, self.lines.rows, span[0], span[2])
        if part is not None and not statement:
            inner = element(part, self.lines, span[0], span[2])
            tree = None if inner is None else self._read(inner)
            if tree is not None:
                return tree
        tree = None if part is None else self._read(part)
        return tree or self._read(Excerpt(1, len(self.lines.rows), (*self.plain.body,)))

    def _read(self, part: Excerpt) -> Tree | None:
        key = (part.first, part.last, part.head)
        if key not in self.trees:
            self.trees[key] = _parsed(self, part)
        return self.trees[key]


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's text and the nodes of a part of it.

    Offsets count code points of the file from 0; lines and columns are those of spans.
    """

    file: File
    lines: Lines
    module: cst.Module
    leads: bool  # the part's first statement is the first of its block
    positions: Mapping[cst.CSTNode, SpanT]
    by_span: Mapping[SpanT, list[cst.CSTNode]]
    parents: Mapping[cst.CSTNode, cst.CSTNode]

    @property
    def text(self) -> str:
        return self.lines.text

    def start(self, node: cst.CSTNode) -> int:
        """Where a node begins, its parentheses left out."""
        return self.lines.offset(*self.positions[node][:2])

    def end(self, node: cst.CSTNode) -> int:
        """Where a node ends, its parentheses left out."""
        return self.lines.offset(*self.positions[node][2:])

    def inside(self, start: int, value: str) -> str:
        """The text at an offset that LibCST gives as `value`. Raises Impossible where they differ."""
        source = self.text[start : start + len(value)]
        if _LONE_RETURN.sub("\n", source) != value:
            raise Impossible("the text cannot be placed")
        return source

    def nodes(self, kind: type[N] | tuple[type[N], ...]) -> Iterator[N]:
        """All nodes of a kind in this part of the file."""
        return (node for node in self.positions if isinstance(node, kind))

    def at(self, span: SpanT, kind: type[N] | tuple[type[N], ...], *, hole: bool = False) -> N:
        """The outermost node of a kind at exactly this span; raises Impossible. With `hole` it may stand in
        one of an f-string."""
        start, end = self._interval(span)
        found = [node for node in self.by_span.get(span, ()) if isinstance(node, kind)]
        if not found:
            raise Impossible(f"no such code at {start}:{end}")
        node = min(found, key=self._depth)
        return node if hole else self._free(node)

    def around(self, span: SpanT, kind: type[N] | tuple[type[N], ...]) -> N:
        """The innermost node of a kind that holds the span; raises Impossible."""
        start, end = self._interval(span)
        holding = [
            node
            for node in self.nodes(kind)
            if self.positions[node][0] <= span[0] and span[2] <= self.positions[node][2]
            and self.start(node) <= start and end <= self.end(node)
        ]  # fmt: skip
        if not holding:
            raise Impossible(f"no such code around {start}:{end}")
        return self._free(max(holding, key=self._depth))

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The node's parents, nearest first."""
        while not isinstance(node, cst.Module):
            node = self.parents[node]
            yield node

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.lines.starts[self.lines.position(offset)[0] - 1]

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, before its line end."""
        rest = _LINE_REST.match(self.text, offset)
        return rest.end() if rest else offset

    def indentation(self, offset: int) -> str | None:
        """What stands before an offset in its line, None where that is more than blanks."""
        before = self.text[self.line_start(offset) : offset]
        return before if not before.strip(" \t\f") else None

    def newline(self, offset: int) -> str:
        """The line end of the line of an offset, or that of the line before, or of the file."""
        here = _LINE_END.match(self.text, self.line_end(self.line_start(offset)))
        if here:
            return here[0]
        before = [found[0] for found in _LINE_END.finditer(self.text)]
        return before[-1] if before else "\n"

    def edit(self, start: int, end: int, content: str) -> Edit:
        """Replace the text between two offsets."""
        return Edit(self.file.path, Span(*self.lines.span(start, end)), content)

    def _interval(self, span: SpanT) -> tuple[int, int]:
        line, column, end_line, end_column = span
        start, end = self.lines.offset(line, column), self.lines.offset(end_line, end_column)
        if (*self.lines.span(start, end),) != tuple(span) or end < start:
            raise Impossible(f"no such place: {span}")
        return start, end

    def _depth(self, node: cst.CSTNode) -> int:
        return sum(1 for _ in self.ancestors(node))

    def _free(self, node: N) -> N:
        """The node, unless it stands in the hole of an f-string, where quotes and backslashes are taken."""
        if any(isinstance(parent, cst.FormattedStringExpression) for parent in self.ancestors(node)):
            raise Impossible("the code stands inside an f-string")
        return node


def parse(text: str) -> ast.Module | None:
    """The syntax tree of a text, None where it has none or nests too deep to be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of invalid escapes, which are the user's own
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _opened(path: str, data: bytes | None) -> File | None:
    if data is None:
        return None
    try:
        text = decode(data).text
    except SourceError:
        return None
    plain = parse(text)
    return None if plain is None else File(path, Lines(text), plain)


def _parsed(file: File, part: Excerpt) -> Tree | None:
    lines = file.lines
    if _deeper(part.nodes, DEPTH):
        return None
    end = lines.starts[part.last] if part.last < len(lines.starts) else len(lines.text)
    readable, moved = _readable(lines.text[lines.starts[part.first - 1] : end], part.first)
    whole = part.head + readable + part.tail
    try:
        module = cst.parse_module(whole)
        places = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
        exact = module.code == whole
    except (cst.ParserSyntaxError, RecursionError):
        return None
    if not exact:
        return None
    below = part.first - 1 - bool(part.head)
    positions: dict[cst.CSTNode, SpanT] = {}
    by_span: dict[SpanT, list[cst.CSTNode]] = {}
    for node, place in places.items():
        if isinstance(place, CodeRange) and (not part.head or place.start.line > 1):
            span = (*_place(place.start, moved, below), *_place(place.end, moved, below))
            positions[node] = span
            by_span.setdefault(span, []).append(node)
    return Tree(file, lines, module, part.leads, positions, by_span, _parents(module))


def _parents(module: cst.Module) -> dict[cst.CSTNode, cst.CSTNode]:
    """The parent of every node, by a walk over the fields.

    LibCST's own provider costs as much as the parse.
    """
    parents: dict[cst.CSTNode, cst.CSTNode] = {}
    pending: list[cst.CSTNode] = [module]
    while pending:
        node = pending.pop()
        for name in type(node).__dataclass_fields__:
            value: object = getattr(node, name)
            for child in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(child, cst.CSTNode):
                    parents[child] = node
                    pending.append(child)
    return parents


def _readable(text: str, first: int) -> tuple[str, dict[int, int]]:
    """Lines from `first` without what LibCST drops, each in its place, and the columns taken off a line.

    It loses a carriage return that ends the file, and form feeds in an indentation.
    """
    plain = _LONE_RETURN.sub("\n", text)
    moved = {
        plain.count("\n", 0, found.start()) + first: len(found[0]) for found in _FORM_FEED.finditer(plain)
    }
    return _FORM_FEED.sub("", plain), moved


def _place(position: CodePosition, moved: Mapping[int, int], below: int) -> tuple[int, int]:
    line = position.line + below
    return line, position.column + 1 + moved.get(line, 0)


def _deeper(trees: Sequence[ast.AST], limit: int) -> bool:
    level = [*trees]
    for _ in range(limit):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True
