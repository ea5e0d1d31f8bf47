from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest
from fix_helpers import rewritten, span_of

from procore_lint.replacement import (
    Combined,
    InsertItem,
    InsertKeyword,
    InsertStatement,
    RemoveComment,
    RemoveKeyword,
    RenameKey,
    ReplaceExpr,
    ReplaceText,
)
from procore_lint.rewrite import Sources, edits


def replace_text(text: str, literal: str, old: str, new: str) -> str | None:
    return rewritten(text, ReplaceText("m.py", span_of(text, literal), old, new))


def add_item(text: str, display: str, key: str = "Procore-Company-Id", value: str = "str(c)") -> str | None:
    return rewritten(text, InsertItem("m.py", span_of(text, display), key, value))


def add_keyword(text: str, call: str) -> str | None:
    return rewritten(text, InsertKeyword("m.py", span_of(text, call), "headers", "h"))


def replace_expr(text: str, place: str, old: str, new: str) -> str | None:
    return rewritten(text, ReplaceExpr("m.py", span_of(text, place), old, new))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 'https://app.procore.com/rest'", "x = 'https://api.procore.com/rest'"),
        ('x = b"app.procore.com"', 'x = b"api.procore.com"'),
        ('x = (Rb"""app.procore.com""")', 'x = (Rb"""api.procore.com""")'),
        ('x = "\\x61pp.procore.com\\n"', 'x = "api.procore.com\\n"'),
        ('x = "é\\\n app.procore.com"', 'x = "é\\\n api.procore.com"'),
        ('x = "https://" "app.procore.com"  # c', 'x = "https://" "api.procore.com"  # c'),
        ('x = f"{{a}}{b!r:>{w}}app.procore.com{c}"', 'x = f"{{a}}{b!r:>{w}}api.procore.com{c}"'),
    ],
)
def test_a_part_of_a_literal_is_replaced_where_it_stands(before: str, after: str) -> None:
    literal = before.removeprefix("x = ").removesuffix("  # c").strip("()")
    assert replace_text(before, literal, "app.procore.com", "api.procore.com") == after


@pytest.mark.parametrize(
    "literal",
    ["'app app'", "'ap' 'p'", "f'a{x}pp'", "'ab'", "b'ap' b'p'", "'app' f'{app}app'"],
)
def test_a_text_that_does_not_stand_there_once_is_not_replaced(literal: str) -> None:
    assert replace_text(f"x = {literal}", literal, "app", "api") is None


def test_a_new_text_is_escaped_as_its_literal_needs_it() -> None:
    assert replace_text("x = 'old'", "'old'", "old", "it's\\\n") == r"x = 'it\'s\\" + "\\n'"
    assert replace_text("x = f'old{a}'", "f'old{a}'", "old", "{b}") == "x = f'{{b}}{a}'"


@pytest.mark.parametrize(
    ("literal", "new"), [("r'old'", "it's"), ("r'old'", "a\\"), ("b'old'", "é"), ("'old'", "\0")]
)
def test_a_text_that_a_literal_cannot_hold_is_not_written(literal: str, new: str) -> None:
    assert replace_text(f"x = {literal}", literal, "old", new) is None


def test_a_regular_expression_is_matched_by_what_it_means() -> None:
    plain, raw = "x = 'storage\\\\.com\\d'", "x = r'storage\\.com\\d'"
    assert replace_text(plain, plain[4:], "storage\\.", "y\\.") == "x = 'y\\\\.com\\d'"
    assert replace_text(raw, raw[4:], "storage\\.", "y\\.") == "x = r'y\\.com\\d'"


def test_half_an_escape_is_no_place_to_replace() -> None:
    assert replace_text("x = 'a\\d'", "'a\\d'", "a\\", "b") is None


def test_a_literal_in_the_hole_of_an_f_string_is_left() -> None:
    text = "x = f\"{f('app')}\""
    assert replace_text(text, "'app'", "app", "it's") is None


def test_a_key_is_renamed_only_where_it_is_the_whole_text() -> None:
    text = "h['company_id'] = 1"
    key = span_of(text, "'company_id'")
    assert rewritten(text, RenameKey("m.py", key, "company_id", "Procore-Company-Id")) == (
        "h['Procore-Company-Id'] = 1"
    )
    assert rewritten(text, RenameKey("m.py", key, "company", "Procore-Company-Id")) is None


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


def statement(before: str, after: str, where: str, code: str = "b()") -> None:
    source = textwrap.dedent(before)
    change = InsertStatement("m.py", span_of(source, "here"), code, "after" if where == "after" else "before")
    assert rewritten(source, change) == textwrap.dedent(after)


def test_a_statement_is_added_after_another_with_its_indentation() -> None:
    statement("if a:\n\there()  # c\n\td()\n", "if a:\n\there()  # c\n\tb()\n\td()\n", "after")


def test_a_statement_is_added_before_another() -> None:
    statement(
        "if a:\n  x = here()\n",
        "if a:\n  b()\n  if c:\n    d()\n  x = here()\n",
        "before",
        "b()\nif c:\n  d()",
    )


def test_a_statement_goes_before_the_decorators_of_a_function() -> None:
    statement("@a\n@c\ndef here(): pass\n", "b()\n@a\n@c\ndef here(): pass\n", "before")


def test_a_statement_is_added_after_a_whole_block() -> None:
    statement("with here:\n    a()\n\nc()\n", "with here:\n    a()\nb()\n\nc()\n", "after")


def test_a_file_without_a_final_newline_stays_so() -> None:
    statement("a = 1\r\nhere = 2", "a = 1\r\nhere = 2\r\nb()", "after")


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("if a: here()\n", "after"),
        ("a(); here()\n", "before"),
        ("here(); a()\n", "after"),
        ("if a:\n    pass\nelif here:\n    pass\n", "before"),
        ("def f():\n    return here\n", "after"),
        ('"""here"""\n', "before"),
        ("from __future__ import annotations as here\n", "before"),
    ],
)
def test_a_place_where_no_statement_can_stand_is_refused(source: str, where: str) -> None:
    change = InsertStatement(
        "m.py", span_of(source, "here"), "b()", "after" if where == "after" else "before"
    )
    assert rewritten(source, change) is None


@pytest.mark.parametrize(
    ("text", "place", "old", "new", "after"),
    [
        ("x = created_at + 7200", "created_at + 7200", "created_at + 7200", "created_at + t['e']",
         "x = created_at + t['e']"),
        ("x = (a  # c\n  + 2*60) * 3", "a  # c\n  + 2*60", "a + 2 * 60", "a + t.e", "x = (a  # c\n  + t.e) * 3"),
        ("d.get('e', 7_200)", "d.get('e', 7_200)", 'd.get("e", 7200)', 'd["e"]', "d['e']"),
        ("a * b", "a", "a", "c + d", "(c + d) * b"),
        ("f(a)", "a", "a", "c or d", "f(c or d)"),
        ("f(a)", "a", "a", "c, d", "f((c, d))"),
        ("x = a + b", "a + b", "a + b", "a", "x = a"),
        ("x = a", "a", "a", "a.b(c)", "x = a.b(c)"),
        ("x = ('é' + a)", "'é' + a", "'é' + a", "'é' + b", "x = ('é' + b)"),
    ],
)  # fmt: skip
def test_only_what_differs_in_an_expression_is_written_anew(
    text: str, place: str, old: str, new: str, after: str
) -> None:
    assert replace_expr(text, place, old, new) == after


def test_a_comment_in_the_way_of_a_replacement_is_not_lost() -> None:
    assert replace_expr("x = (a +  # c\n  b)", "a +  # c\n  b", "a + b", "d") is None


@pytest.mark.parametrize(("place", "old"), [("7200", "3600"), ("b + c", "b + c"), ("a * b", "b * a")])
def test_an_expression_that_is_not_the_one_named_is_left(place: str, old: str) -> None:
    assert replace_expr("x = a * b + c + 7200", place, old, "z") is None


def test_a_comment_is_removed_with_its_line_or_the_blanks_before_it() -> None:
    text = "a = 1  # here\n  # alone\nb = 2\n"
    alone = RemoveComment("m.py", span_of(text, "# alone"), "# alone")
    trailing = RemoveComment("m.py", span_of(text, "# here"), "# here")
    assert rewritten(text, Combined((alone, trailing))) == "a = 1\nb = 2\n"
    assert rewritten(text, RemoveComment("m.py", span_of(text, "# here"), "# other")) is None


def test_replacements_that_only_together_mend_are_made_together_or_not_at_all() -> None:
    text = "import a\n\nf(x)\n"
    both = Combined(
        (
            InsertStatement("m.py", span_of(text, "import a"), "import b"),
            InsertKeyword("m.py", span_of(text, "f(x)"), "headers", "b.h()"),
        )
    )
    assert rewritten(text, both) == "import a\nimport b\n\nf(x, headers=b.h())\n"
    wrong = RenameKey("m.py", span_of(text, "x"), "x", "y")
    assert rewritten(text, Combined((*both.parts, wrong))) is None
    assert both.title == "Add `import b`; Pass `headers=b.h()`"


@pytest.mark.parametrize(
    "change",
    [
        lambda span: ReplaceText("m.py", span, "x", "y"),
        lambda span: InsertItem("m.py", span, "k", "v"),
        lambda span: InsertStatement("m.py", span, "v()"),
    ],
)
@pytest.mark.parametrize("data", [None, b"\xff", b"x = (", b"x = 1\n", b"# coding: utf-7\nx = 1\n", b"\0"])
def test_a_file_or_place_that_cannot_be_read_gets_no_edit(
    change: Callable[[tuple[int, int, int, int]], ReplaceText], data: bytes | None
) -> None:
    assert edits(change((9, 1, 9, 4)), Sources({"m.py": data}.get)) is None


def test_a_file_that_nests_too_deep_for_libcst_gets_no_edit() -> None:
    text = "x = a" + ".b" * 1500 + "\ny = 'app'\n"
    assert replace_text(text, "'app'", "app", "api") is None


def test_each_replacement_says_what_it_does_in_a_title_and_a_help_line() -> None:
    place = (1, 1, 1, 2)
    said = {
        (change.title, change.help)
        for change in (
            ReplaceText("m.py", place, "app", "api"),
            RenameKey("m.py", place, "company_id", "Procore-Company-Id"),
            InsertItem("m.py", place, "K", "str(c)"),
            InsertKeyword("m.py", place, "headers", "h"),
            InsertStatement("m.py", place, "a()\nb()", "before"),
            ReplaceExpr("m.py", place, "t + 7200", "t + e"),
            RemoveComment("m.py", place, "# x"),
        )
    }
    assert said == {
        ("Replace `app` with `api`", "write `api` instead of `app`"),
        (
            "Rename `company_id` to `Procore-Company-Id`",
            "name it `Procore-Company-Id` instead of `company_id`",
        ),
        ('Add `"K": str(c)`', 'add `"K": str(c)` to this dict'),
        ("Pass `headers=h`", "pass `headers=h` in this call"),
        ("Add `a(); b()`", "add `a(); b()` before this line"),
        ("Replace `t + 7200` with `t + e`", "write `t + e` instead of `t + 7200`"),
        ("Remove `# x`", "remove `# x`"),
    }


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
    ],
)
def test_a_keyword_leaves_its_call_without_a_trace(before: str, after: str) -> None:
    assert rewritten(before, RemoveKeyword("m.py", span_of(before, before), "headers")) == after


@pytest.mark.parametrize("text", ["f(a)", "f(a, headers=h,  # why\n  b=1)", "f(**h)"])
def test_a_keyword_that_is_not_there_or_has_a_comment_stays(text: str) -> None:
    assert rewritten(text, RemoveKeyword("m.py", span_of(text, text), "headers")) is None
