from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from procore_lint.edits import Page
from procore_lint.facts import SpanT
from procore_lint.replacement import (
    InsertItem,
    InsertKeyword,
    InsertStatement,
    RenameKey,
    ReplaceExpr,
    Replacement,
    ReplaceText,
)
from procore_lint.rewrite import Sources, edits
from procore_lint.source import Lines, Text, decode, encode

HOST = "app.procore.com"
KEY = "Procore-Company-Id"

newlines = st.sampled_from(["\n", "\r\n", "\r"])
indents = st.sampled_from(["    ", "\t", "  "])
encodings = st.sampled_from([("utf-8", False), ("utf-8", True), ("latin-1", False), ("cp1252", False)])
names = st.sampled_from(["a", "token", "é", "created_at"])
comments = st.sampled_from(["", "", "  # plain", "  # ñ ' \" { ( procore"])
quotes = st.sampled_from(["'", '"', '"""', "'''"])


@dataclass(frozen=True)
class Module:
    """A generated file: one of each thing that can be edited, among comments and odd layout."""

    data: bytes
    text: str
    places: dict[str, SpanT]


@st.composite
def literals(draw: st.DrawFn) -> str:
    quote = draw(quotes)
    prefix = draw(st.sampled_from(["", "r", "f", "rb", "Rf", "u"]))
    around = st.sampled_from(
        ["", "/", "é" if "b" not in prefix else "e", "{{x}}", "\\d" if "r" in prefix.lower() else "\\n"]
    )
    body = f"{draw(around)}https://{HOST}{draw(around)}"
    return f"{prefix}{quote}{body}{quote}"


@st.composite
def brackets(
    draw: st.DrawFn, left: str, right: str, item: st.SearchStrategy[str], newline: str, indent: str
) -> str:
    items = draw(st.lists(item, max_size=3))
    form = draw(st.sampled_from(["line", "rows", "hanging"]))
    tail = "," if items and draw(st.booleans()) else ""
    if form == "line" or not items:
        return f"{left}{', '.join(items)}{tail}{right}"
    rows = []
    for number, one in enumerate(items):
        comma = "," if number < len(items) - 1 else tail
        rows.append(f"{one}{comma}{draw(comments)}")
    if form == "rows":
        return f"{left}{newline}{newline.join(indent * 2 + row for row in rows)}{newline}{indent}{right}"
    return f"{left}{(newline + indent * 2).join(rows)}{newline}{indent}{right}"


@st.composite
def modules(draw: st.DrawFn) -> Module:
    newline, indent = draw(newlines), draw(indents)
    encoding, bom = draw(encodings)
    pair = st.builds(
        "{}: {}".format, st.sampled_from(["'k'", '"ké"', "b"]), st.sampled_from(["1", "(2)", "{'x': 3}"])
    )
    spread = st.sampled_from(["**base", "**(more)"])
    argument = st.sampled_from(["x", "*y", "k_0=(1)", "lambda: 0"])
    parts = {
        "literal": draw(literals()),
        "dict": draw(brackets("{", "}", pair | spread, newline, indent)),
        "call": f"f{draw(brackets('(', ')', argument.filter(lambda one: '=' not in one), newline, indent))}",
        "key": draw(st.sampled_from(["'company_id'", '"company_id"'])),
        "expression": draw(
            st.sampled_from(["created_at+7200", "(created_at) + 7_200", "created_at\t +  7200"])
        ),
    }
    head = (
        [f"# -*- coding: {encoding} -*-"]
        if encoding != "utf-8"
        else draw(st.sampled_from([[], ['"""Doc ü."""']]))
    )
    body = [
        f"{draw(names)} = {parts['literal']}{draw(comments)}",
        f"{draw(names)} = {parts['dict']}{draw(comments)}",
        f"return_ = ({parts['call']}{draw(comments)}",
        f"{indent})",
        f"h[{parts['key']}] = 1; z = 2{draw(comments)}",
        f"e = [{parts['expression']}, 1]{draw(comments)}",
    ]
    lines = [*head, f"{draw(st.sampled_from(['', chr(12)]))}def g({draw(names)}):{draw(comments)}"]
    lines += [indent + row for row in body]
    lines += [f"# {KEY}{draw(comments)}", f"if g:{draw(comments)}", f"{indent}pass{draw(comments)}"]
    text = newline.join(lines) + draw(st.sampled_from(["", newline, newline * 2]))
    found = Lines(text)
    places = {}
    for name, part in parts.items():
        at = text.index(f"= {part}" if name in ("literal", "dict") else part)
        at += 2 if name in ("literal", "dict") else 0
        places[name] = found.span(at, at + len(part))
    at = text.index("return_")
    places["statement"] = found.span(at, at + len("return_"))
    return Module(encode(Text(text, encoding, bom, newline), text), text, places)


def changed(module: Module, replacement: Replacement) -> tuple[bytes, str]:
    """The bytes and text after a replacement that must be possible."""
    found = edits(replacement, Sources({"m.py": module.data}.get))
    assert found, f"refused: {replacement}"
    data = Page.of(module.data).rewrite(found).data
    after = decode(data)
    before = decode(module.data)
    assert (after.encoding, after.bom) == (before.encoding, before.bom)
    assert_the_rest_is_untouched(module.text, after.text, found[0].span[:2], found[-1].span[2:])
    assert comments_of(after.text) == comments_of(module.text)
    return data, after.text


def assert_the_rest_is_untouched(
    before: str, after: str, first: tuple[int, ...], last: tuple[int, ...]
) -> None:
    lines = Lines(before)
    start, end = lines.offset(*first), lines.offset(*last)
    assert after[:start] == before[:start]
    assert after.endswith(before[end:])
    for ending in ("\r\n", "\n", "\r"):
        if ending in before:
            assert after.replace(ending, "").count("\n") + after.replace(ending, "").count("\r") == 0
            break


def comments_of(text: str) -> list[str]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    tokens = tokenize.generate_tokens(io.StringIO(plain).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]


def dump(tree: ast.AST) -> str:
    return ast.dump(tree)


def assigned(tree: ast.Module, number: int) -> ast.Assign:
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    statement = function.body[number]
    assert isinstance(statement, ast.Assign)
    return statement


@settings(max_examples=40)
@given(modules())
def test_replacing_a_text_changes_that_constant_alone(module: Module) -> None:
    _, after = changed(module, ReplaceText("m.py", module.places["literal"], HOST, "api.procore.com"))
    assert dump(ast.parse(after)) == dump(ast.parse(module.text)).replace(HOST, "api.procore.com", 1)


@settings(max_examples=40)
@given(modules())
def test_adding_an_item_adds_that_item_alone(module: Module) -> None:
    data, after = changed(module, InsertItem("m.py", module.places["dict"], KEY, "str(c)"))
    tree = ast.parse(after)
    display = assigned(tree, 1).value
    assert isinstance(display, ast.Dict)
    key, value = display.keys.pop(), display.values.pop()
    assert isinstance(key, ast.Constant)
    assert (key.value, ast.unparse(value)) == (KEY, "str(c)")
    assert dump(tree) == dump(ast.parse(module.text))
    again = InsertItem("m.py", module.places["dict"], KEY, "str(c)")
    assert edits(again, Sources({"m.py": data}.get)) is None


@settings(max_examples=40)
@given(modules())
def test_passing_a_keyword_adds_that_keyword_alone(module: Module) -> None:
    _, after = changed(module, InsertKeyword("m.py", module.places["call"], "headers", "h"))
    tree = ast.parse(after)
    call = assigned(tree, 2).value
    assert isinstance(call, ast.Call)
    assert call.keywords.pop().arg == "headers"
    assert dump(tree) == dump(ast.parse(module.text))


@settings(max_examples=40)
@given(modules())
def test_renaming_a_key_changes_that_key_alone(module: Module) -> None:
    _, after = changed(module, RenameKey("m.py", module.places["key"], "company_id", KEY))
    assert dump(ast.parse(after)) == dump(ast.parse(module.text)).replace("company_id", KEY)


@settings(max_examples=40)
@given(modules())
def test_replacing_an_expression_changes_what_differs_alone(module: Module) -> None:
    replacement = ReplaceExpr("m.py", module.places["expression"], "created_at + 7200", "created_at + t['e']")
    _, after = changed(module, replacement)
    wanted = dump(ast.parse("t['e']", mode="eval").body)
    assert dump(ast.parse(after)) == dump(ast.parse(module.text)).replace("Constant(value=7200)", wanted)


@settings(max_examples=40)
@given(modules(), st.sampled_from(["after", "before"]))
def test_adding_a_statement_adds_that_statement_alone(module: Module, where: str) -> None:
    place = module.places["statement"]
    _, after = changed(
        module, InsertStatement("m.py", place, "new = 1", "after" if where == "after" else "before")
    )
    tree = ast.parse(after)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert ast.unparse(function.body.pop(3 if where == "after" else 2)) == "new = 1"
    assert dump(tree) == dump(ast.parse(module.text))
