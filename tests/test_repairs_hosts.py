"""Fixes of hosts (PCL104, PCL202): a literal is replaced where it serves one API alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import changed, check, mended


def test_a_host_is_replaced_safely_where_its_literal_serves_one_api(tmp_path: Path) -> None:
    source = """\
    import requests

    AUTHORIZE = 'https://app.procore.com/oauth/authorize'
    BASE = "https://app.procore.com"

    def link(state):
        return AUTHORIZE + "?state=" + state

    def me(headers):
        return requests.get(f"{BASE}/rest/v1.0/me", headers=headers)
    """
    assert changed(tmp_path, source, unsafe=False) == {
        "AUTHORIZE = 'https://app.procore.com/oauth/authorize'\nBASE = \"https://app.procore.com\"":
        "AUTHORIZE = 'https://login.procore.com/oauth/authorize'\nBASE = \"https://api.procore.com\"",
    }  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        'requests.post(f"{BASE}/oauth/{company}", data={})',
        'print(f"{BASE}/{company}/company/home")',
        'BASE + "/webclients/host/companies"',
        'company.add_middleware("CORSMiddleware", allow_origins=[BASE])',
        'company.env["procore_url"] = BASE',
    ],
)
def test_a_host_that_serves_something_else_too_stays(tmp_path: Path, other: str) -> None:
    source = f"""\
    import requests

    BASE = "https://app.procore.com"

    def me(headers, company):
        {other}
        return requests.get(BASE + "/rest/v1.0/me", headers=headers)
    """
    assert changed(tmp_path, source) == {}
    assert "of its own" in str([row["help"] for row in check(tmp_path) if row["code"] == "PCL202"])


CHOSEN = """\
import requests


def login(code, sandbox=False):
    base = "https://sandbox.procore.com" if sandbox else "{other}"
    return requests.post(base + "/oauth/token", data={{"code": code}}).json()
"""


def test_both_literals_that_a_call_may_use_are_replaced(tmp_path: Path) -> None:
    (after,) = changed(tmp_path, CHOSEN.format(other="https://api.procore.com"), unsafe=False).values()
    assert after == 'base = "https://login-sandbox.procore.com" if sandbox else "https://login.procore.com"'


def test_one_of_two_literals_is_not_replaced_where_the_other_must_stay(tmp_path: Path) -> None:
    source = CHOSEN.replace("\n\n\n", '\n\nAPI = "https://api.procore.com"\n\n\n', 1).replace(
        '"{other}"', "API"
    )
    source = source.format() + (
        '\n\ndef me(headers):\n    return requests.get(f"{API}/rest/v1.0/me", headers=headers)\n'
    )
    assert mended(tmp_path, source) == source
