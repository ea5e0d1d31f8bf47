"""New code in the quotes that the file prefers."""

from __future__ import annotations

import io
import tokenize

import libcst as cst

from procore_lint.rewrite.tree import Impossible, Tree
from procore_lint.source import Lines


def fitting(tree: Tree, node: cst.CSTNode, code: str) -> str:
    """`code` for the place of a node: in the hole of an f-string its quotes are taken. Raises Impossible."""
    holders = [above for above in tree.ancestors(node) if isinstance(above, cst.FormattedString)]
    if not holders:
        return styled(tree, code)
    taken = {holder.quote[0] for holder in holders}
    written = _quoted(code) if '"' in taken else code
    if set(written) & {"\\", "\n", "\r", "#", "{", "}", *taken}:
        raise Impossible("the code does not fit into an f-string")
    return written


def styled(tree: Tree, code: str) -> str:
    """`code` with its plain double-quoted literals in the file's preferred quotes. Raises Impossible."""
    return code if tree.file.quote == '"' else _quoted(code)


def _quoted(code: str) -> str:
    """`code` with its plain double-quoted literals in single quotes. Raises Impossible."""
    if '"' not in code:
        return code
    lines = Lines(code)
    pieces: list[str] = []
    done = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(code, newline="").readline):
            inside = token.string[1:-1]
            if token.type != tokenize.STRING or token.string[0] != '"' or set(inside) & {"'", '"', "\\"}:
                continue
            start = lines.offset(token.start[0], token.start[1] + 1)
            pieces += [code[done:start], f"'{inside}'"]
            done = start + len(token.string)
    except (tokenize.TokenError, SyntaxError) as error:
        raise Impossible("no tokens") from error
    return "".join((*pieces, code[done:]))
