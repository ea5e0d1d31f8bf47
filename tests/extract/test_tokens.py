from __future__ import annotations

import pytest

from procore_lint.extract.tokens import literals
from procore_lint.source import Lines


def values(text: str) -> list[str]:
    return [literal.value for literal in literals(Lines(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("print 'a' # 'b'\n", ["a"]),
        ("'doc'\nx = 'a'\n", ["a"]),
        ("def f():\n    '''doc 'inner' '''\n    print 'x'\n", ["x"]),
        ("x = ('a'\n     'b')\n", ["ab"]),
        ("x = 'a' + 'b'\n", ["a", "b"]),
        ("x = ur'\\d' + b'\\x41' + r'\\d'\n", ["\\d", "A", "\\d"]),
        ("x = 'a\\tb'\n", ["a\tb"]),
        ("x = 'it\nprint 'ok'\n", ["ok"]),
        ("x = ('open'\ndef f():\n    'doc'\n    y = 'in'\n", ["open", "in"]),
        ("x = '''never closed\nprint 'a'\n", []),
        ("print f'a{b[\"k\"]}c{{d'\n", ["a", "k", "c{d"]),
        ("x = 1; 'loose'; y = 'kept'\n", ["kept"]),
        ("f('''a\n'b' ''', 'c')\n", ["a\n'b' ", "c"]),
    ],
)
def test_only_texts_in_code_are_read(text: str, found: list[str]) -> None:
    assert values(text) == found


def test_spans_are_code_points_and_hold_the_quotes() -> None:
    (literal,) = literals(Lines("é = '😀'\n"))
    assert literal.span == (1, 5, 1, 8)


def test_a_text_inside_a_field_stands_where_it_is() -> None:
    lines = Lines("print f'x{y[\"key\"]}'\n")
    assert [lines.slice(literal.span) for literal in literals(lines)] == ["x", '"key"']
