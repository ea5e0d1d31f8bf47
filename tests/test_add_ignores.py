from __future__ import annotations

import ast
from collections.abc import Sequence

import pytest
from ignore_helpers import at, edited, run

from procore_lint.add_ignores import add_ignores
from procore_lint.finding import Finding


def added(source: str, findings: Sequence[Finding], reason: str = "known") -> str:
    return edited(source, add_ignores(findings, reason, lambda path: source).edits)


OWN = "# procore-lint: ignore[missing-company-header] -- known"


@pytest.mark.parametrize(
    ("source", "line", "expected"),
    [
        ("x = 1\n", 1, f"x = 1  {OWN}\n"),
        ("x = 1 \t\r\n", 1, f"x = 1  {OWN}\r\n"),
        ("x = 1", 1, f"x = 1  {OWN}"),
        ("x = 1  # noqa\n", 1, f"x = 1  # noqa  {OWN}\n"),
        ('x = """\na\n"""\n', 1, f'x = """\na\n"""  {OWN}\n'),
        ('x = f"""\n{a}\n"""\n', 2, f'x = f"""\n{{a}}\n"""  {OWN}\n'),
        ("x = 1 + \\\n    2\n", 1, f"x = 1 + \\\n    2  {OWN}\n"),
        ("f(\n    a,\n)\n", 2, f"f(\n    a,  {OWN}\n)\n"),
        (
            "x = 1  # procore-lint: ignore[PCL203] -- a\n",
            1,
            "x = 1  # procore-lint: ignore[PCL203, missing-company-header] -- a\n",
        ),
        (
            "# procore-lint: ignore[PCL203] -- a\nx = 1\n",
            2,
            "# procore-lint: ignore[PCL203, missing-company-header] -- a\nx = 1\n",
        ),
        (
            "x = 1  # procore-lint: ignore[PCL203]\n",
            1,
            f"x = 1  # procore-lint: ignore[PCL203]  {OWN}\n",
        ),
        (
            "x = 1  # procore-lint: ignore[PCL203] until=2020-01-01\n",
            1,
            f"x = 1  # procore-lint: ignore[PCL203] until=2020-01-01  {OWN}\n",
        ),
    ],
)
def test_an_ignore_goes_where_it_is_code_and_accepts_the_finding(
    source: str, line: int, expected: str
) -> None:
    findings = [at(line)]
    result = added(source, findings)
    assert result == expected
    assert ast.dump(ast.parse(result)) == ast.dump(ast.parse(source))
    assert run(result, findings).suppressed == 1
    assert added(result, findings) == result


def test_findings_of_one_line_share_an_ignore_in_the_order_of_their_codes() -> None:
    findings = [at(1, "vapid-endpoint"), at(1), at(1)]
    assert added("x = 1\n", findings) == (
        "x = 1  # procore-lint: ignore[missing-company-header, vapid-endpoint] -- known\n"
    )


def test_a_rule_that_is_named_by_its_code_is_not_named_again() -> None:
    source = "x = 1  # procore-lint: ignore[PCL201] -- a\n"
    assert added(source, [at(1)]) == source


def test_findings_that_no_comment_can_accept_are_left() -> None:
    findings = [at(1, "unreadable-file"), at(1, "unused-ignore"), at(2)]
    assert add_ignores(findings, "known", lambda path: "x = 1\n\n").left == tuple(findings)
    assert add_ignores([at(1)], "known", lambda path: "x = 1\ny = '''\n").left == (at(1),)


def test_a_reason_is_one_line_and_never_empty() -> None:
    assert added("x = 1\n", [at(1)], "a\n b").endswith(" -- a b\n")
    with pytest.raises(ValueError, match="reason"):
        add_ignores([at(1)], " \n", lambda path: "x = 1\n")
