from __future__ import annotations

import pytest

from procore_lint.finding import Span
from procore_lint.report.cells import width_of
from procore_lint.report.excerpt import Row, excerpt


def rows(source: str, span: Span, room: int = 80) -> list[Row]:
    lines = source.split("\n")
    return excerpt(span, lambda line: lines[line - 1] if line <= len(lines) else "", room)


def test_a_span_is_marked_below_its_text() -> None:
    assert rows("x = get(url)", Span(1, 5, 1, 13)) == [Row("1", "x = get(url)", "    ^^^^^^^^")]


def test_an_empty_span_gets_one_caret() -> None:
    assert rows("x = 1", Span(1, 5, 1, 5))[0].marks == "    ^"


def test_tabs_are_widened_and_the_carets_with_them() -> None:
    assert rows("\tx =\tget()", Span(1, 6, 1, 11)) == [Row("1", "    x = get()", "        ^^^^^")]


def test_wide_characters_count_two_cells_and_combining_ones_none() -> None:
    assert rows('"会社", y', Span(1, 7, 1, 8)) == [Row("1", '"会社", y', "        ^")]
    assert rows('"e\u0301", y', Span(1, 7, 1, 8))[0].marks == "     ^"
    assert rows('"会社"', Span(1, 1, 1, 5))[0].marks == "^^^^^^"


def test_a_long_line_is_cut_on_both_sides_of_its_span() -> None:
    line = "a" * 500 + " requests.get(url) " + "b" * 500
    (row,) = rows(line, Span(1, 502, 1, 519), 40)
    assert width_of(row.text) <= 40
    assert row.text.startswith("…a")
    assert row.text.endswith("b…")
    assert row.text[row.marks.index("^") : len(row.marks)] == "requests.get(url)"


def test_a_long_line_of_wide_characters_is_cut_by_cells() -> None:
    (row,) = rows("会" * 200 + "get()" + "社" * 200, Span(1, 201, 1, 206), 40)
    assert width_of(row.text) <= 40
    assert width_of(row.text[: row.text.index("get()")]) == row.marks.index("^")


def test_a_span_wider_than_the_terminal_shows_its_beginning() -> None:
    (row,) = rows("call(" + "x" * 300 + ")", Span(1, 1, 1, 307), 40)
    assert row.text == "call(" + "x" * 33 + "…"
    assert row.marks == "^" * 38


def test_indentation_goes_before_source_is_cut() -> None:
    assert rows(" " * 30 + "call(first, second)", Span(1, 31, 1, 50), 40) == [
        Row("1", "call(first, second)", "^" * 19)
    ]


def test_of_many_lines_the_first_and_the_last_are_shown() -> None:
    source = "  x = post(\n    url,\n    data,\n  )  # end"
    assert rows(source, Span(1, 7, 4, 4)) == [
        Row("1", "  x = post(", "      ^^^^^"),
        Row("…", "", ""),
        Row("4", "  )  # end", "  ^"),
    ]
    assert [row.label for row in rows("post(\n)", Span(1, 1, 2, 2))] == ["1", "2"]


def test_a_span_that_ends_before_a_line_does_not_mark_that_line() -> None:
    assert rows("def f():\nx", Span(1, 1, 2, 1)) == [Row("1", "def f():", "^^^^^^^^")]


@pytest.mark.parametrize(
    "span", [Span(9, 1, 9, 4), Span(2, 1, 2, 3)], ids=["beyond the end", "an empty line"]
)
def test_a_line_that_is_not_there_shows_nothing(span: Span) -> None:
    assert rows("x = 1\n", span) == []


def test_a_span_beyond_its_line_is_marked_at_the_end() -> None:
    assert rows("x = 1", Span(1, 40, 1, 50)) == [Row("1", "x = 1", "     ^")]
