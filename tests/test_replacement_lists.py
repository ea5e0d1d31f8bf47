"""Items of dicts and keywords of calls, added and removed in the style of what stands beside them."""

from __future__ import annotations

import pytest
from fix_helpers import rewritten, span_of

from procore_lint.replacement import InsertItem, InsertKeyword, RemoveKeyword


def add_item(text: str, display: str, key: str = "Procore-Company-Id", value: str = "str(c)") -> str | None:
    return rewritten(text, InsertItem("m.py", span_of(text, display), key, value))


def add_keyword(text: str, call: str) -> str | None:
    return rewritten(text, InsertKeyword("m.py", span_of(text, call), "headers", "h"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{}", '{"K": c}'),
        ("{ }", '{"K": c}'),
        ("{  # why\n}", '{"K": c  # why\n}'),
        ("{'a': 1}", "{'a': 1, 'K': c}"),
        ('{"a": 1,}', '{"a": 1, "K": c,}'),
        ("{ 'a': (1) }", "{ 'a': (1), 'K': c }"),
        ("{**a, **b}", '{**a, **b, "K": c}'),
        ('{\n    "a": 1,  # one\n    # foot\n}', '{\n    "a": 1,  # one\n    "K": c,\n    # foot\n}'),
        ('{\n    "a": 1  # one\n}', '{\n    "a": 1,  # one\n    "K": c\n}'),
        ('{\n    "a": 1}', '{\n    "a": 1,\n    "K": c}'),
        ('{\n    "a": 1,}', '{\n    "a": 1,\n    "K": c,}'),
        ('{\n    "a": 1\n}', '{\n    "a": 1,\n    "K": c\n}'),
        ('{"a": 1,\n "b": {\n   2: 3,\n }}', '{"a": 1,\n "b": {\n   2: 3,\n },\n "K": c}'),
        ('{"a": 1,\n "b": 2, "d": 3}', '{"a": 1,\n "b": 2, "d": 3, "K": c}'),
        ('{\n  "a": 1\n  , "b": 2\n}', '{\n  "a": 1\n  , "b": 2, "K": c\n}'),
        ('{\n\t"a": """x\n"""\n}', '{\n\t"a": """x\n""",\n\t"K": c\n}'),
        ('{\r\n    "a": 1,\r\n}', '{\r\n    "a": 1,\r\n    "K": c,\r\n}'),
    ],
)
def test_an_item_is_added_in_the_style_of_its_dict(before: str, after: str) -> None:
    for frame in ("x = {}", "f(a, {})[0]", "if a:\n    y = (\n        {}\n    )\n"):
        assert add_item(frame.replace("{}", before), before, "K", "c") == frame.replace("{}", after)


def test_an_empty_dict_takes_the_quotes_that_the_file_uses_more() -> None:
    assert add_item("a = 'b'\nh = {}\n", "{}", "K", "c") == "a = 'b'\nh = {'K': c}\n"


def test_a_key_that_is_there_is_not_added_again() -> None:
    assert add_item("h = {'Procore-Company-Id': 1}", "{'Procore-Company-Id': 1}") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", "f(headers=h)"),
        ("f( )", "f(headers=h)"),
        ("f(a)", "f(a, headers=h)"),
        ("f(a, *b,)", "f(a, *b, headers=h,)"),
        ("f(a)(\n    b,\n)", "f(a)(\n    b,\n    headers=h,\n)"),
        ("f(\n    b  # url\n)", "f(\n    b,  # url\n    headers=h\n)"),
        ("f((a for a in b))", "f((a for a in b), headers=h)"),
    ],
)
def test_a_keyword_is_passed_in_the_style_of_its_call(before: str, after: str) -> None:
    assert add_keyword(f"await_ = [{before}]", before) == f"await_ = [{after}]"


@pytest.mark.parametrize("call", ["f(headers=1)", "f(**a)", "f(a for a in b)", "f(  # ()\n)"])
def test_a_keyword_that_may_not_be_passed_is_not(call: str) -> None:
    assert add_keyword(f"x = {call}", call) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(a, headers=h)", "f(a)"),
        ("f(headers=h, b=2)", "f(b=2)"),
        ("f(headers=h)", "f()"),
        ("f(headers=h,)", "f()"),
        ("f(\n    a,  # c\n    headers={'x': 1},\n    b=2,\n)", "f(\n    a,  # c\n    b=2,\n)"),
        ("f(\n    a,\n    headers=h,\n)", "f(\n    a,\n)"),
        ("f(a, headers=(h), **k)", "f(a, **k)"),
        ("f(\n    a,  # c\n    headers=h,  # why\n    b=2,  # d\n)", "f(\n    a,  # c\n    b=2,  # d\n)"),
        ("f(\r\n    headers={  # why\r\n    },\r\n    # d\r\n    b=2)", "f(\r\n    # d\r\n    b=2)"),
        ("f(\n    a,  # c\n    headers=h  # why\n)", "f(\n    a,  # c\n)"),
    ],
)
def test_a_keyword_leaves_its_call_without_a_trace(before: str, after: str) -> None:
    assert rewritten(before, RemoveKeyword("m.py", span_of(before, before), "headers")) == after


@pytest.mark.parametrize("text", ["f(a)", "f(a, headers=h,  # why\n  b=1)", "f(**h)"])
def test_a_keyword_that_is_not_there_or_has_a_comment_stays(text: str) -> None:
    assert rewritten(text, RemoveKeyword("m.py", span_of(text, text), "headers")) is None
