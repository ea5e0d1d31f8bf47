"""What a formatter does to the lines of a statement takes nothing from the ignore that stands at it."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest
from ignore_helpers import at, run

IGNORE = "# procore-lint: ignore[missing-company-header] -- known"

#: Statements on one line, with an ignore at the end of each; a finding may stand at every MARK.
STATEMENTS = """\
response = requests.get(MARK, headers={"Authorization": MARK, "Accept": "application/json"})  # HERE
MARK.session.get(first_of_all_urls, params={"page": 1}).json().get("items").pop().update(MARK)  # HERE
value = requests.get(MARK) if the_first_of_all_conditions(holds) else requests.put(MARK, data=data)  # HERE
table = {"first": ("https://first.example.org", MARK), "second": ("https://second.example.org", MARK)}  # HERE
text = f"{MARK}/the/first/half/of/a/long/path" f"/and/the/second/{MARK}/half/of/it"  # HERE
total = MARK + the_first_of_all_numbers + MARK + the_second_of_all_numbers  # HERE
pages = [requests.get(MARK) for page in requests.get(MARK, timeout=5) if page.is_not_empty()]  # HERE
first_of_all, second_of_all = requests.get(MARK, timeout=5), requests.get(MARK, timeout=5)  # HERE
assert requests.get(MARK, timeout=5).status_code == 200, "a message about " + str(MARK)  # HERE
self.tables[requests.get(MARK, timeout=5).json()["name"]] = first_of_all_names_here or MARK  # HERE
fetch = lambda first, second: requests.get(MARK, headers={"Authorization": MARK}, timeout=5)  # HERE
sent = the_first_of_all_numbers + \\
    MARK.the_second_of_all_numbers + MARK  # HERE
del the_first_of_all_tables[requests.get(MARK)], the_second_of_all_tables[requests.get(MARK)]  # HERE
with open_a_session(MARK) as session, open_a_second_session(MARK, session) as second:  # HERE
    pass
if requests.get(MARK, timeout=5).ok and requests.get(MARK, timeout=5).is_redirect:  # HERE
    pass
for page in requests.get(MARK, headers=headers, timeout=5).json()["pages"] + [MARK, second]:  # HERE
    pass
@decorated(MARK, with_the_first_of_all_values, with_the_second_of_all_values, and_with=MARK)  # HERE
def first(first_parameter, second_parameter=MARK, third_parameter=requests.get(MARK, timeout=5)):  # HERE
    yield requests.get(MARK, headers=headers, timeout=5).json()["first"], requests.get(MARK)  # HERE
    return not requests.get(MARK, headers=headers, timeout=5) or requests.get(MARK)  # HERE
"""

#: Ignores that stand inside a statement, behind an opening bracket or at one of several elements.
EXPLODED = """\
response = requests.get(  # HERE
    MARK,
    headers=headers_of_the_request(MARK),
)
second = requests.get(
    first_of_all_urls(MARK, page=1, size=100, order="ascending", filters={"status": "open"}),  # HERE
    headers=headers,
)
third = [
    # HERE
    {"url": MARK, "headers": {"Authorization": "Bearer", "Accept": "application/json"}, "of": MARK},
    {"url": other},
]
fourth = requests.get(
    url, headers={  # HERE
        "Authorization": MARK, "Accept": "application/json"}, timeout=5)
fifth = (
    first_of_all_numbers
    + MARK  # HERE
)
"""


def formatted(source: str, width: int) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", str(width), "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


def marked(source: str) -> list[int]:
    return [number for number, row in enumerate(source.splitlines(), 1) for _ in range(row.count("MARK"))]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 110, 200])
@pytest.mark.parametrize("source", [STATEMENTS, EXPLODED], ids=["one line", "exploded"])
def test_an_ignore_accepts_after_formatting_what_it_accepted_before(source: str, width: int) -> None:
    before = source.replace("# HERE", IGNORE)
    after = formatted(before, width)
    assert len(marked(after)) == len(marked(before))
    for text in (before, after):
        assert run(text, [at(line) for line in marked(text)]).findings == ()
        for line in marked(text):
            assert run(text, [at(line)]).suppressed == 1, text.splitlines()[line - 1]


@pytest.mark.parametrize("width", [20, 40, 60, 80])
def test_an_ignore_at_a_row_of_a_table_says_nothing_of_the_other_rows(width: int) -> None:
    source = dedent("""\
    ROWS = [
        {"path": MARK, "title": "a title that is rather long", "of": first},  # HERE
        {"path": MARK, "title": "a title that is rather long", "of": second},
        {"path": MARK, "title": "a title that is rather long", "of": third},  # HERE
        {"path": other, "title": "a title that is rather long", "of": fourth},
    ]
    """).replace("# HERE", IGNORE)
    after = formatted(source, width)
    first, second, third = marked(after)
    left = run(after, [at(first), at(second), at(third)]).findings
    assert [finding.span.line for finding in left] == [second]


def test_an_ignore_in_the_middle_of_a_statement_speaks_for_all_of_it_where_its_element_is_clean() -> None:
    source = f"requests.get(\n    url,  {IGNORE}\n    timeout=5,\n)\n"
    for line in (1, 2, 3, 4):
        assert run(source, [at(line)]).findings == ()


def test_an_ignore_without_a_use_in_its_statement_is_unused_and_says_where_it_looked() -> None:
    source = f"requests.get(\n    url,  {IGNORE}\n    timeout=5,\n)\nrequests.get(url)\n"
    unused, other = run(source, [at(5)]).findings
    assert (unused.rule, other.span.line) == ("unused-ignore", 5)
    assert unused.message.endswith("in lines 1 to 4")


def test_a_stale_ignore_at_one_row_leaves_the_finding_of_another_row_to_the_ignore_there() -> None:
    source = f"ROWS = [\n    a,\n    b,  {IGNORE}\n    c,  {IGNORE}\n    d,\n]\n"
    (unused,) = run(source, [at(4)]).findings
    assert (unused.rule, unused.span.line) == ("unused-ignore", 3)


def test_a_header_over_several_lines_counts_without_its_block() -> None:
    source = f"with (\n    a(),  {IGNORE}\n    b(),\n):\n    c()\n"
    assert run(source, [at(3)]).findings == ()
    assert [finding.span.line for finding in run(source, [at(5)]).findings] == [2, 5]


def test_an_ignore_inside_the_parameters_of_a_function_does_not_speak_for_its_body() -> None:
    source = f"def f(\n    a=b(),\n    c=d(),  {IGNORE}\n):\n    e()\n"
    assert run(source, [at(2)]).findings == ()
    assert [finding.span.line for finding in run(source, [at(5)]).findings] == [3, 5]
