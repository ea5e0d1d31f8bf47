from __future__ import annotations

from textwrap import dedent

import pytest
from ignore_helpers import at, run

HERE = "missing-company-header"


BLOCKS = dedent('''\
    """Doc."""
    import requests


    @cached
    def sync(  # HEAD
        url,
    ):
        one = requests.get(  # FIRST
            url,
            params={},  # MIDDLE
        )  # LAST
        # ABOVE
        two = requests.get(
            url,
        )
        return one, two

    def other(url):
        return requests.get(url)  # OTHER
    ''')


def accepted(place: str, word: str = "ignore") -> list[int]:
    """The lines on which a one-line finding is accepted, with the ignore at the named place."""
    source = BLOCKS.replace(f"# {place}\n", f"# procore-lint: {word}[missing-company-header] -- known\n")
    lines = [number for number, row in enumerate(source.splitlines(), 1) if not row.lstrip().startswith("#")]
    kept = run(source, [at(line) for line in lines]).findings
    return sorted({*lines} - {finding.span.line for finding in kept})


def test_a_trailing_ignore_speaks_for_its_line() -> None:
    assert accepted("OTHER") == [20]


@pytest.mark.parametrize("place", ["FIRST", "LAST"])
def test_an_ignore_at_either_end_of_a_statement_speaks_for_all_of_it(place: str) -> None:
    assert accepted(place) == [9, 10, 11, 12]


def test_an_ignore_inside_a_statement_speaks_for_its_own_line() -> None:
    assert accepted("MIDDLE") == [11]


def test_an_ignore_anywhere_inside_a_finding_accepts_it() -> None:
    source = "x = requests.get(\n    url,  # procore-lint: ignore[missing-company-header]\n)\n"
    assert run(source, [at(1, end=3)]).suppressed == 1


def test_an_ignore_behind_a_bracket_speaks_for_what_it_encloses() -> None:
    source = (
        "x = [\n    (\n        'a',\n        'b',\n    ),  # procore-lint: ignore[missing-company-header]\n"
        "    ('c', 'd'),\n]\n"
    )
    findings = [at(line) for line in (2, 3, 4, 6)]
    left = [finding.span.line for finding in run(source, findings).findings]
    assert left == [6]


def test_an_ignore_on_a_line_of_its_own_speaks_for_the_next_statement() -> None:
    assert accepted("ABOVE") == [14, 15, 16]


def test_an_ignore_at_a_def_speaks_for_the_whole_block() -> None:
    assert accepted("HEAD") == [*range(5, 13), *range(14, 18)]


@pytest.mark.parametrize("header", ["@cached\n@retry\nasync def sync():\n", "class Sync:\n", "def sync():\n"])
def test_an_ignore_above_a_def_or_class_and_its_decorators_speaks_for_the_block(header: str) -> None:
    source = f"# procore-lint: ignore[missing-company-header]\n{header}    x = 1\n\n    y = 2\nz = 3\n"
    y = source.splitlines().index("    y = 2") + 1
    kept = run(source, [at(y - 2), at(y), at(y + 1)]).findings
    assert [finding.span.line for finding in kept] == [y + 1]


def test_an_ignore_file_at_the_top_speaks_for_the_file() -> None:
    ignore = "# procore-lint: ignore-file[PCL201] -- moves in May"
    source = f'#!/usr/bin/env python\n"""Doc."""\n{ignore}\nx = 1\n\ny = 2\n'
    done = run(source, [at(4), at(6), at(6, "vapid-endpoint")])
    assert [finding.rule for finding in done.findings] == ["vapid-endpoint"]
    assert done.suppressed == 2


def test_an_ignore_file_below_code_ignores_nothing_and_says_so() -> None:
    done = run("x = 1\n# procore-lint: ignore-file[missing-company-header]\ny = 2\n", [at(3)])
    assert [finding.rule for finding in done.findings] == ["unknown-ignore", HERE]
    assert "above the file's first statement" in done.findings[0].help


def test_the_last_comment_of_a_block_does_not_speak_for_what_follows() -> None:
    source = (
        "def f():\n    x = 1\n    # procore-lint: ignore[missing-company-header]\n\ndef g():\n    y = 2\n"
    )
    done = run(source, [at(6)])
    assert [finding.rule for finding in done.findings] == ["unused-ignore", HERE]


def test_several_names_and_codes_accept_several_rules() -> None:
    source = "x = 1  # procore-lint: ignore[PCL201, vapid-endpoint] until=2027-03-01 -- contract ends\n"
    done = run(source, [at(1), at(1, "vapid-endpoint"), at(1, "legacy-api-host")])
    assert [finding.rule for finding in done.findings] == ["legacy-api-host"]


def test_an_ignore_with_an_issue_number_in_its_reason_keeps_working() -> None:
    source = "x = 1  # procore-lint: ignore[missing-company-header] -- see #12, and # 13\n"
    assert run(source, [at(1)]).findings == ()


def test_a_text_that_looks_like_an_ignore_is_none() -> None:
    source = 'x = "# procore-lint: ignore[missing-company-header]"\n'
    assert len(run(source, [at(1)]).findings) == 1
