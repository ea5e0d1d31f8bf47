from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from typing import Literal

import pytest
from fix_helpers import rewritten, span_of

from procore_lint.replacement import (
    Combined,
    InsertItem,
    InsertKeyword,
    InsertStatement,
    RemoveComment,
    RenameKey,
    ReplaceExpr,
    ReplaceText,
)
from procore_lint.rewrite import Sources, edits


def replace_text(text: str, literal: str, old: str, new: str) -> str | None:
    return rewritten(text, ReplaceText("m.py", span_of(text, literal), old, new))


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
    ["'app app'", "'ap' 'ps'", "f'ap' 'p'", "f'a{x}pp'", "'ab'", "b'ap' b'p'", "'app' f'{app}app'"],
)
def test_a_text_that_does_not_stand_there_once_is_not_replaced(literal: str) -> None:
    assert replace_text(f"x = {literal}", literal, "app", "api") is None


def test_a_whole_text_of_several_literals_becomes_one() -> None:
    assert replace_text("x = 'ap' \"p\"  # c", "'ap' \"p\"", "app", "it's") == "x = 'it\\'s'  # c"
    assert replace_text("x = ('ap'  # c\n 'p')", "'ap'  # c\n 'p'", "app", "api") is None
    key = RenameKey("m.py", span_of("{'X-' 'Id': 1}", "'X-' 'Id'"), "X-Id", "Id")
    assert rewritten("{'X-' 'Id': 1}", key) == "{'Id': 1}"


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
        ("if a: return here; c()\n", "after"),
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


@pytest.mark.parametrize(
    ("source", "where", "after"),
    [
        ("if a: here()\n", "after", "if a: here(); b()\n"),
        ("if a: here()  # c\n", "before", "if a: b(); here()  # c\n"),
        ("a(); here()\n", "before", "a(); b(); here()\n"),
        ("here(); a()\n", "after", "here(); b(); a()\n"),
    ],
)
def test_a_short_statement_joins_those_of_its_line(source: str, where: str, after: str) -> None:
    side: Literal["after", "before"] = "after" if where == "after" else "before"
    assert rewritten(source, InsertStatement("m.py", span_of(source, "here"), "b()", side)) == after
    block = InsertStatement("m.py", span_of(source, "here"), "if b:\n    c()", side)
    assert rewritten(source, block) is None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("x = (a +  # c\n  b)", "x = (d)  # c"),
        ("f(a +  # c\n  b, e)\n", "f(d, e)  # c\n"),
        ("f(a +  # c\n  b, e)  # g\n", None),
        ("f(a +  # c\n  b, 'e')\n", None),
        ("f(a  # c\n +  # g\n  b)\n", None),
    ],
)
def test_a_comment_in_the_way_of_a_replacement_is_not_lost(text: str, after: str | None) -> None:
    place = text[text.index("a") : text.index("b") + 1]
    assert replace_expr(text, place, "a + b", "d") == after


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the places of what f-strings hold are not known")
def test_an_expression_in_an_f_string_leaves_its_quotes_alone() -> None:
    get = "t.get('e', 7200)"
    assert replace_expr(f'x = f"a {{{get}}} s"', get, get, 't["e"]') == "x = f\"a {t['e']} s\""
    get = 't.get("e", 7200)'
    assert replace_expr(f"x = f'a {{{get}}} s'", get, get, 't["e"]') == "x = f'a {t[\"e\"]} s'"
    assert replace_expr(f"x = f'a {{{get}}} s'", get, get, "t['e']") is None


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


def test_a_statement_that_nests_too_deep_for_libcst_gets_no_edit_and_the_next_one_does() -> None:
    text = "x = a('app')" + ".b" * 1500 + "\ny = 'old'\n"
    assert replace_text(text, "'app'", "app", "api") is None
    assert replace_text(text, "'old'", "old", "new") == text.replace("old", "new")


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
