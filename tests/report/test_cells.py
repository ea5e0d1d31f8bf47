from __future__ import annotations

from procore_lint.report.cells import visible, width_of, words, wrap


def test_width_is_counted_in_cells() -> None:
    assert width_of("abc") == 3
    assert width_of("会社") == 4
    assert width_of("e\u0301\u200d") == 1


def test_text_is_wrapped_at_cells_with_a_hanging_indent() -> None:
    assert wrap(words("会社 会社 会社 abc"), 10, indent=2) == ["会社 会社", "  会社 abc"]


def test_the_first_line_leaves_room_for_what_the_caller_puts_before_it() -> None:
    assert wrap(words("aa bb cc"), 8, first=4) == ["aa", "bb cc"]


def test_a_word_that_is_too_long_is_not_broken() -> None:
    assert wrap(words("see https://developers.procore.com/x now"), 12) == [
        "see",
        "https://developers.procore.com/x",
        "now",
    ]


def test_without_a_width_nothing_is_wrapped() -> None:
    assert wrap(words("word " * 100), 0) == [" ".join(["word"] * 100)]


def test_what_moves_the_cursor_is_made_visible() -> None:
    assert visible("a\r\nb\x1b[1m\x07\u202e") == "a b␛[1m␇\ufffd"
