"""New code in the quotes that the file prefers."""

from __future__ import annotations

import io
import tokenize

from procore_lint.rewrite.tree import Impossible, Tree
from procore_lint.source import Lines


def styled(tree: Tree, code: str) -> str:
    """`code` with its plain double-quoted literals in the file's preferred quotes. Raises Impossible."""
    if '"' not in code or tree.file.quote == '"':
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
