from __future__ import annotations

import pytest

from procore_lint.source import Lines, SourceError, decode, encode


@pytest.mark.parametrize(
    "data",
    [
        b"a = 1\r\nb = 2\r\n",
        b"a = 1\rb = 2\n",
        b"\xef\xbb\xbfa = '\xc3\xa9'\n",
        b"# -*- coding: latin-1 -*-\na = '\xe9'\n",
        b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\na = '\x80'\n",
        b"\x0cdef f():\n    pass\x0c\n",
        b"",
    ],
)
def test_a_file_comes_back_byte_for_byte(data: bytes) -> None:
    text = decode(data)
    assert encode(text, text.text) == data


def test_the_mark_and_the_newline_style_are_kept_apart_from_the_text() -> None:
    text = decode(b"\xef\xbb\xbfx = 1\r\ny = 2\n")
    assert (text.text[0], text.bom, text.newline) == ("x", True, "\r\n")


def test_a_cookie_on_the_third_line_or_behind_code_is_none() -> None:
    assert decode(b"\n\n# coding: latin-1\n").encoding == "utf-8"
    assert decode(b"x = 1\n# coding: latin-1\n").encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "words", "place"),
    [
        (b"\xff\xfea\0", "UTF-16", (1, 1)),
        (b"a = 1\nb\0", "null bytes", (2, 2)),
        (b"a = 1\nb = '\xe9'\n", "not valid utf-8", (2, 6)),
        (b"# coding: klingon\n", "unknown encoding: klingon", (1, 1)),
        (b"# coding: hex\n", "unknown encoding: hex", (1, 1)),
        (b"\xef\xbb\xbf# coding: latin-1\n", "byte order mark", (1, 1)),
    ],
)
def test_bytes_that_python_refuses_are_refused_with_a_place(
    data: bytes, words: str, place: tuple[int, int]
) -> None:
    with pytest.raises(SourceError) as caught:
        decode(data)
    assert words in caught.value.message
    assert (caught.value.kind, (caught.value.line, caught.value.column)) == ("decode", place)


def test_lines_end_where_the_tokenizer_ends_them() -> None:
    assert Lines("a\r\nb\rc\nd\x0ce\x1cf\u2028g").rows == ["a", "b", "c", "d\x0ce\x1cf\u2028g"]


def test_byte_columns_become_code_point_columns() -> None:
    lines = Lines("x = 1\né = '😀' + y\n")
    assert [lines.column(1, 4), lines.column(2, 2), lines.column(2, 11)] == [5, 2, 8]
    assert lines.column(2, 10_000) == len("é = '😀' + y") + 1


def test_places_and_offsets_are_inverse() -> None:
    lines = Lines("ab\r\nc\rdé")
    assert [lines.position(lines.offset(*place)) for place in [(1, 2), (2, 1), (3, 3)]] == [
        (1, 2),
        (2, 1),
        (3, 3),
    ]
    assert lines.slice((1, 2, 3, 2)) == "b\r\nc\rd"
    assert lines.offset(9, 1) == len(lines.text)
    assert lines.line(9) == ""
