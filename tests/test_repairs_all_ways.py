"""A fix of a missing company header (PCL201) reaches every way to the request, or another place is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import REST, check, mended, project

START = "\n\ndef users(company_id, token=None, key=None):\n"
END = '    return requests.get(f"{API}/users", headers=head)\n'
LATER = '    return session.get(f"{API}/users")\n'
MADE = "    session = requests.Session()\n"
LINE = '    session.headers["Procore-Company-Id"] = str(company_id)\n'


def test_the_dicts_of_both_branches_are_mended(tmp_path: Path) -> None:
    both = '    if token:\n        head = {"Authorization": token%s}\n    else:\n        head = {"X-Key": key%s}\n'
    item = ', "Procore-Company-Id": str(company_id)'
    after = mended(tmp_path, REST + START + both % ("", "") + END)
    assert after == REST + START + both % (item, item) + END


def test_there_is_no_fix_where_one_way_passes_nothing_that_can_be_mended(tmp_path: Path) -> None:
    source = '    head = {"Authorization": token}\n    if key:\n        head = None\n'
    rows = check(project(tmp_path, {"procore_sync.py": REST + START + source + END}))
    assert [row.get("fix") for row in rows if row["code"] == "PCL201"] == [None]


def test_a_branch_that_has_the_header_needs_none(tmp_path: Path) -> None:
    both = '    head = {"Authorization": token}\n    if key:\n        head = {"Procore-Company-Id": "1"}\n'
    project(tmp_path, {"procore_sync.py": REST + START + both + END})
    assert all(row["code"] != "PCL201" for row in check(tmp_path))


@pytest.mark.parametrize(
    "block",
    [
        '    if token:\n        session.headers["Authorization"] = token\n    else:\n        session.auth = (key, 1)\n',
        '    try:\n        session.headers["Authorization"] = token()\n    except LookupError:\n        session.auth = (key, 1)\n',
        '    for each in token:\n        session.headers["Authorization"] = each\n',
        '    match key:\n        case None:\n            session.headers["Authorization"] = token\n',
    ],
)
def test_a_line_is_not_put_where_only_some_ways_come_by(tmp_path: Path, block: str) -> None:
    after = mended(tmp_path, REST + START + MADE + block + LATER)
    assert after == REST + START + MADE + LINE + block + LATER


@pytest.mark.parametrize(
    "block",
    [
        '    if not token:\n        return None\n    else:\n        session.headers["Authorization"] = token\n',
        '    try:\n        session.headers["Authorization"] = token()\n    except LookupError:\n        raise\n',
        '    with key:\n        session.headers["Authorization"] = token\n',
    ],
)
def test_a_line_stays_beside_the_token_where_all_ways_come_by(tmp_path: Path, block: str) -> None:
    after = mended(tmp_path, REST + START + MADE + block + LATER)
    token = next(line for line in block.splitlines(keepends=True) if '["Authorization"]' in line)
    assert after == REST + START + MADE + block.replace(token, token + "    " + LINE) + LATER
