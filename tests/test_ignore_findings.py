"""What is said about ignores themselves: unused, not understood, expired."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ignore_helpers import DAY, at, edited, run

from procore_lint.facts import Module, Problem

HERE = "missing-company-header"

# ---------------------------------------------------------------- unused


def test_an_ignore_that_accepts_nothing_is_a_finding_whose_fix_removes_it() -> None:
    source = "x = 1  # procore-lint: ignore[missing-company-header] -- old\ny = 2\n"
    (finding,) = run(source).findings
    assert (finding.rule, finding.code, finding.span.line, finding.span.column) == (
        "unused-ignore",
        "PCL002",
        1,
        8,
    )
    assert finding.fix is not None
    assert finding.fix.safety == "safe"
    assert edited(source, finding.fix.edits) == "x = 1\ny = 2\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\n# procore-lint: ignore[PCL203]\ny = 2\n", "x = 1\ny = 2\n"),
        ("x = 1\r\n    # procore-lint: ignore[PCL203]\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
        ("x = 1\n# procore-lint: ignore[PCL203]\n", "x = 1\n"),
        ("x = 1\n# procore-lint: ignore[PCL203]", "x = 1"),
        ("# procore-lint: ignore-file[PCL203]", ""),
        ("x = 'ä'\t# procore-lint: ignore[PCL203]  \n", "x = 'ä'\n"),
        ("x = 1  # procore-lint: ignore[PCL203]  # noqa\n", "x = 1  # noqa\n"),
        ("x = 1  # noqa: E501  # procore-lint: ignore[PCL203] -- why\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # why # procore-lint: ignore[PCL203] -- b# type: ignore\n", "x = 1  # why# type: ignore\n"),
        (
            "x = 1  # procore-lint: ignore[PCL201, PCL203] -- why\n",
            "x = 1  # procore-lint: ignore[PCL201] -- why\n",
        ),
        ("x = 1  # procore-lint: ignore[PCL203,PCL201,PCL202]\n", "x = 1  # procore-lint: ignore[PCL201]\n"),
    ],
)
def test_the_fix_of_an_unused_ignore_takes_out_that_and_no_more(before: str, after: str) -> None:
    (finding,) = run(before, [at(1)] if "PCL201" in before else []).findings
    assert finding.rule == "unused-ignore"
    assert finding.fix is not None
    assert edited(before, finding.fix.edits) == after


def test_a_rule_that_did_not_run_is_not_judged() -> None:
    source = "x = 1  # procore-lint: ignore[missing-company-header, vapid-endpoint]\n"
    (finding,) = run(source, ran=["unused-ignore", "vapid-endpoint"]).findings
    assert finding.fix is not None
    assert edited(source, finding.fix.edits) == "x = 1  # procore-lint: ignore[missing-company-header]\n"
    assert run(source, ran=["unused-ignore"]).findings == ()


def test_findings_about_ignores_appear_only_when_their_rule_runs() -> None:
    source = "x = 1  # procore-lint: ignore[missing-company-header]\ny = 2  # procore-lint: ignore\n"
    assert run(source, ran=[HERE]).findings == ()


def test_an_ignore_in_a_file_that_could_not_be_read_whole_is_not_called_unused() -> None:
    broken = Module((), problem=Problem("syntax", "invalid syntax", 2, 1))
    source = "x = 1  # procore-lint: ignore[missing-company-header]\nif:\n"
    assert run(source, module=broken).findings == ()


def test_of_two_ignores_for_one_finding_the_wider_is_unused() -> None:
    source = "def f():  # procore-lint: ignore[PCL201]\n    x = 1  # procore-lint: ignore[PCL201]\n"
    (finding,) = run(source, [at(2)]).findings
    assert (finding.rule, finding.span.line) == ("unused-ignore", 1)


def test_a_name_given_twice_is_unused_once() -> None:
    source = "x = 1  # procore-lint: ignore[PCL201, missing-company-header]\n"
    (finding,) = run(source, [at(1)]).findings
    assert finding.fix is not None
    assert edited(source, finding.fix.edits) == "x = 1  # procore-lint: ignore[PCL201]\n"


OTHERS = [
    "# noqa",
    "#noqa:E501",
    "# type: ignore[arg-type]",
    "# pylint: disable=x",
    "# nosec B105",
    "# pragma: no cover",
]


@given(
    before=st.lists(st.sampled_from(OTHERS), max_size=2),
    after=st.lists(st.sampled_from(OTHERS), max_size=2),
    reason=st.sampled_from(["", " -- why", " -- see #12", " until=2027-01-01 -- so"]),
    indent=st.sampled_from(["x = 1  ", "x = 'é' ", ""]),
    gap=st.sampled_from([" ", "  ", "\t"]),
)
def test_removing_an_ignore_leaves_the_directives_of_other_tools(
    before: list[str], after: list[str], reason: str, indent: str, gap: str
) -> None:
    ignore = f"# procore-lint: ignore[vapid-endpoint]{reason}"
    source = indent + gap.join([*before, ignore, *after]) + "\ny = 2\n"
    (finding,) = run(source).findings
    assert finding.rule == "unused-ignore"
    assert finding.fix is not None
    left = edited(source, finding.fix.edits)
    expected = indent + gap.join([*before, *after]) + "\ny = 2\n"
    assert left == (expected if before or after else (indent.rstrip() + "\n" if indent else "") + "y = 2\n")


# ---------------------------------------------------------------- unknown


@pytest.mark.parametrize(
    ("comment", "message", "help_"),
    [
        (
            "ignore[misssing-company-header]",
            "no rule is called `misssing-company-header`",
            "did you mean `missing-comp",
        ),
        ("ignore[PCL2]", "no rule is called `PCL2`", "whole code"),
        ("ignore[E501]", "no rule is called `E501`", "procore-lint rules"),
        ("ignore", "`ignore` names no rule", "ignore[missing-company-header]"),
        ("ignore[]", "`ignore` names no rule", "ignore[missing-company-header]"),
        ("ignroe[PCL201]", "`ignroe` is no directive", "ignore[PCL201]"),
        ("disable=PCL201", "`disable` is no directive", "ignore[missing-company-header] -- reason"),
        ("ignore[PCL201] because", "`because` is not understood", " -- "),
        ("ignore[PCL201] until=May", "`until=May` is no day", "until=2027-03-01"),
        ("ignore[PCL201] until=2027-02-30", "`until=2027-02-30` is no day", "until=2027-03-01"),
        ("ignore[unused-ignore]", "`unused-ignore` cannot be ignored inline", "--ignore"),
    ],
)
def test_an_ignore_that_is_not_understood_is_a_finding_and_ignores_nothing(
    comment: str, message: str, help_: str
) -> None:
    done = run(f"x = 1  # procore-lint: {comment}\n", [at(1)])
    own, found = sorted(done.findings, key=lambda finding: finding.code)
    assert (own.rule, own.code, found.rule) == ("unknown-ignore", "PCL003", HERE)
    assert message in own.message
    assert help_ in own.help


def test_a_bare_ignore_is_told_the_names_of_the_findings_there() -> None:
    done = run("x = 1  # procore-lint: ignore -- why\n", [at(1), at(1, "vapid-endpoint")])
    own = next(finding for finding in done.findings if finding.rule == "unknown-ignore")
    assert "ignore[missing-company-header, vapid-endpoint]" in own.help


def test_an_unknown_name_beside_a_known_one_takes_nothing_from_it() -> None:
    done = run("x = 1  # procore-lint: ignore[PCL999, PCL201]\n", [at(1)])
    assert [finding.rule for finding in done.findings] == ["unknown-ignore"]


PROSE = """\
# procore-lint: see the wiki
# procore-lint: see [the docs]
# checked by procore-lint: yes
# procore-lint ignores this
# procore-lint reports PCL201 here
# run procore-lint [PATH]
# procore-lint-baseline.json: ignore[PCL201]
# write `# procore-lint: ignore[PCL201]` behind it
# see "procore-lint: ignore[PCL201]"
"""


@pytest.mark.parametrize("comment", PROSE.splitlines())
def test_prose_about_the_linter_is_no_directive(comment: str) -> None:
    assert run(f"x = 1  {comment}\n").findings == ()


# ---------------------------------------------------------------- expired


def test_an_ignore_holds_on_its_last_day_and_is_expired_on_the_next() -> None:
    source = f"x = 1  # procore-lint: ignore[missing-company-header] until={DAY} -- why\n"
    assert run(source, [at(1)]).findings == ()
    done = run(source, [at(1)], as_of=DAY + datetime.timedelta(days=1))
    assert [finding.rule for finding in done.findings] == [HERE, "expired-ignore"]
    assert done.suppressed == 0


def test_an_expired_ignore_with_nothing_left_to_accept_is_unused() -> None:
    source = "x = 1  # procore-lint: ignore[missing-company-header] until=2020-01-01\n"
    assert [finding.rule for finding in run(source).findings] == ["unused-ignore"]


def test_own_findings_carry_the_severity_and_page_of_their_rule() -> None:
    (finding,) = run("x = 1  # procore-lint: ignore\n").findings
    assert (finding.severity, finding.url) == ("warning", "https://example.org/PCL003")
