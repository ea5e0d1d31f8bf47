from __future__ import annotations

import pytest

from procore_lint.extract.comments import comments


def test_a_comment_says_where_it_stands_and_what_goes_with_it() -> None:
    trailing, alone = comments("x = 'é'  # one\n# two\ny = 1\n".encode())
    assert (trailing.text, trailing.span, trailing.trailing) == ("# one", (1, 10, 1, 15), True)
    assert (trailing.covers, trailing.whole) == ((1, 1), (1, 8, 1, 15))
    assert (alone.span, alone.trailing, alone.covers, alone.whole) == (
        (2, 1, 2, 6),
        False,
        (3, 3),
        (2, 1, 3, 1),
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_where_python_ends_them(newline: str) -> None:
    source = newline.join(["x = 1", "\x0c", "# a\u2028b", "y = 2", ""])
    (comment,) = comments(source.encode())
    assert (comment.span, comment.covers) == ((3, 1, 3, 6), (4, 4))


def test_a_comment_in_a_text_is_none() -> None:
    assert comments(b'x = """\n# a\n"""\ny = f"{x}# b"\n') == ()


def test_a_broken_file_has_its_comments_up_to_the_break() -> None:
    found = comments(b"def f():  # one\n    x = 1  # two\n    y = (  # three\n")
    assert [comment.text for comment in found][:2] == ["# one", "# two"]
    assert found[0].covers[0] == 1


@pytest.mark.parametrize(
    "data", [b"", b"    x = 1  # a\n", b")# a\n", b"x = 1\n  y\n z # a\n", b"\xff# a", b"\0# a"]
)
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert len(comments(data)) <= 1


def test_the_top_of_a_file_ends_at_its_first_statement_after_the_docstring() -> None:
    source = b'# coding: utf-8\n"""Doc\n# no\n."""\n# here\nimport os\n# not here\n"""text"""\n'
    assert [comment.top for comment in comments(source)] == [True, True, False]
