"""What LibCST reads for one edit: the statement or element at its place, and no more."""

from __future__ import annotations

import ast
from collections.abc import Callable

import libcst as cst
import pytest
from fix_helpers import rewritten, span_of

from procore_lint.replacement import InsertItem, InsertStatement, Replacement, ReplaceText
from procore_lint.rewrite.excerpt import excerpt


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that LibCST parses."""
    texts: list[str] = []
    parse = cst.parse_module

    def counting(source: str) -> cst.Module:
        texts.append(source)
        return parse(source)

    monkeypatch.setattr(cst, "parse_module", counting)
    return texts


def replaced(text: str, literal: str = "'app'") -> str | None:
    return rewritten(text, ReplaceText("m.py", span_of(text, literal), "app", "api"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1\nb = 'app'  # c\nd = 2\n", "b = 'app'  # c\n"),
        ("def f():\n    a = 1\n    return 'app'\nd = 2\n", "if 1:\n    return 'app'\n"),
        ("if a:\n    b\nelif c:\n    d('app')\n", "if 1:\n    d('app')\n"),
        ("try:\n    b\nexcept A:\n    d('app')\n", "if 1:\n    d('app')\n"),
        ("match a:\n    case 1:\n        d(\n'app')\n", "if 1:\n        d(\n'app')\n"),
        ("class A:\n\t@f('app')\n\tdef g(self):\n\t\tpass\n\tx = 1\n", "if 1:\n\t@f('app')\n\tdef g(self):\n\t\tpass\n"),
        ("a = 1\nb = 2; c = 'app'\nd = 3\n", "b = 2; c = 'app'\n"),
        ("a = '''\n'''; c = 'app'\nd = 3\n", "a = '''\n'''; c = 'app'\n"),
    ],
)  # fmt: skip
def test_the_innermost_statement_is_read(read: list[str], text: str, lines: str) -> None:
    assert replaced(text) == text.replace("app", "api")
    assert read == [lines]


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    b\nelif c('app'):\n    d\n",
        "if a: b('app')\n",
        "if a: \\\n    b('app')\n",
        "@\\\nb('app')\ndef f(): pass\n",
        "x = 1; \\\ny = 'app'\n",
    ],
)
def test_what_cannot_be_read_without_its_neighbours_is_read_with_them(read: list[str], text: str) -> None:
    assert replaced(text) == text.replace("app", "api")
    assert read[-1] == text


ROWS = "".join(f"    {{'id': {number}, 'path': 'old'}},  # {number}\n" for number in range(100))
TABLE = f"ROWS = [\n{ROWS}    {{'path': 'app'}},  # here\n{ROWS}]\n"


def test_of_a_long_table_one_row_is_read(read: list[str]) -> None:
    assert replaced(TABLE) == TABLE.replace("app", "api")
    assert read == ["[\n    {'path': 'app'},  # here\n\n]"]


@pytest.mark.parametrize(
    ("before", "row", "after"),
    [
        ("f(\n", "    path='app',\n", ")\n"),
        ("x = {\n", "    'path': 'app',\n", "}\n"),
        ("x = {\n    'a': {\n", "        'path': g('app')\n", "    },\n}\n"),
        ("x = (\n    *a,\n", "    'app'\n    'b',\n", ")\n"),
    ],
)
def test_of_a_long_display_or_call_one_element_is_read(
    read: list[str], before: str, row: str, after: str
) -> None:
    filler = "".join(f"    # {number}\n" for number in range(100))
    text = before + filler + row + filler + after
    assert replaced(text) == text.replace("app", "api")
    (part,) = read
    assert part.count("\n") <= row.count("\n") + 2
    assert row in part


def test_an_item_goes_into_the_row_that_was_read(read: list[str]) -> None:
    row = "{'path': 'app'}"
    after = rewritten(TABLE, InsertItem("m.py", span_of(TABLE, row), "K", 'v("x")'))
    assert after == TABLE.replace(row, "{'path': 'app', 'K': v('x')}")
    assert len(read) == 1


@pytest.mark.parametrize(
    "row",
    [
        "    1, {'path': 'app'},\n",
        "    {'path': 'app'}, 1,\n",
        "    {'path': 'app'\n    }, {\n    'path': 1},\n",
        "    a + \\\n    b('app'),\n",
    ],
)
def test_elements_that_share_a_line_are_read_with_the_table(read: list[str], row: str) -> None:
    text = f"ROWS = [\n{ROWS}{row}{ROWS}]\n"
    assert replaced(text) == text.replace("app", "api")
    assert row in read[-1]


def inserted(text: str, where: str) -> Replacement:
    return InsertStatement("m.py", span_of(text, "here"), "b()", "before" if where == "before" else "after")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("def f():\n    'here'\n", None),
        ("def f():\n    a\n    'here'\n", "def f():\n    a\n    b()\n    'here'\n"),
        ("a\n'here'\n", "a\nb()\n'here'\n"),
    ],
)
def test_a_docstring_is_known_by_its_place_in_its_block(text: str, after: str | None) -> None:
    assert rewritten(text, inserted(text, "before")) == after


def test_a_place_between_statements_is_in_none() -> None:
    text = "a = 1\n# here\nb = 2\n"
    assert excerpt(ast.parse(text), text.split("\n"), 2, 2) is None
    assert excerpt(ast.parse(text), text.split("\n"), 1, 3) is None


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("change", [str, lambda text: text.replace("    ", "\t"), lambda text: "\x0c" + text])
def test_lines_keep_their_places_whatever_ends_and_indents_them(
    newline: str, change: Callable[[str], str]
) -> None:
    text = "def f():\n    é = 'ü'\n\n    if é:\n        return g('é', 'app')  # ñ\n    return 2"
    text = change(text).replace("\n", newline)
    assert replaced(text) == text.replace("app", "api")
