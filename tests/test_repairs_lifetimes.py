"""Fixes of token lifetimes (PCL101, PCL102): what takes the place of a constant, and where none does."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import changed, check, project

OAUTH = """\
import time
import requests

TOKEN_URL = "https://login.procore.com/oauth/token"
LIFETIME = 2 * 60 * 60
"""


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (
            'token["expires_at"] = token["created_at"] + 7200',
            'token["expires_at"] = token["created_at"] + token["expires_in"]',
        ),
        (
            'token["expires_at"] = LIFETIME + token["created_at"]',
            'token["expires_at"] = token["expires_in"] + token["created_at"]',
        ),
        (
            'token["expires_at"] = token.get("created_at") + 2 * 3600',
            'token["expires_at"] = token.get("created_at") + token["expires_in"]',
        ),
        (
            'token["expires_at"] = time.time() + token.get("expires_in", 7200)',
            'token["expires_at"] = time.time() + token["expires_in"]',
        ),
        (
            'token["expires_at"] = time.time() + (token.get("expires_in") or LIFETIME)',
            'token["expires_at"] = time.time() + (token["expires_in"])',
        ),
    ],
)
def test_a_constant_lifetime_gives_way_to_expires_in_of_the_token_at_hand(
    tmp_path: Path, line: str, after: str
) -> None:
    source = (
        OAUTH
        + f"""

def fetch(form):
    response = requests.post(TOKEN_URL, data=form)
    token = response.json()
    {line}  # keep
    return token
"""
    )
    assert changed(tmp_path, source) == {f"{line}  # keep": f"{after}  # keep"}


def test_a_clock_beside_a_token_just_read_adds_its_expires_in(tmp_path: Path) -> None:
    source = (
        OAUTH
        + """

class Auth:
    def refresh(self, form):
        data = requests.post(TOKEN_URL, data=form).json()
        self.access_token = data['access_token']
        self.expires_at = time.time() + LIFETIME
"""
    )
    assert changed(tmp_path, source) == {
        "self.expires_at = time.time() + LIFETIME": 'self.expires_at = time.time() + data["expires_in"]'
    }


def test_the_age_of_a_token_is_compared_with_its_own_expires_in(tmp_path: Path) -> None:
    source = (
        OAUTH
        + """

class Auth:
    def __init__(self, token):
        self.token = token

    def header(self):
        if time.time() - self.token["created_at"] > 5400:
            self.token = requests.post(TOKEN_URL, data={"refresh_token": self.token["refresh_token"]}).json()
        return "Bearer " + self.token["access_token"]
"""
    )
    assert changed(tmp_path, source) == {
        'if time.time() - self.token["created_at"] > 5400:': 'if time.time() - self.token["created_at"] > self.token["expires_in"]:'
    }


@pytest.mark.parametrize(
    "body",
    [
        # The moment is kept without the token: where expires_in is to come from is for the author to say.
        """
        class Auth:
            fetched_at = 0.0

            def header(self, form):
                if time.time() - self.fetched_at > 5400:
                    self.token = requests.post(TOKEN_URL, data=form).json()["access_token"]
                    self.fetched_at = time.time()
                return self.token
        """,
        """
        def main(form):
            while True:
                save(requests.post(TOKEN_URL, data=form).json())
                time.sleep(5400)
        """,
        # The token is read on one branch alone.
        """
        class Auth:
            def refresh(self, form, old):
                if old is None:
                    data = requests.post(TOKEN_URL, data=form).json()
                    self.access_token = data["access_token"]
                self.expires_at = time.time() + LIFETIME
        """,
    ],
)
def test_a_lifetime_without_its_token_at_hand_gets_no_fix(tmp_path: Path, body: str) -> None:
    project(tmp_path, {"procore_auth.py": OAUTH + textwrap.dedent(body)})
    rows = [row for row in check(tmp_path) if row["code"] in ("PCL101", "PCL102")]
    assert rows
    assert all(row.get("fix") is None for row in rows)


def test_a_duration_gives_way_to_a_duration(tmp_path: Path) -> None:
    source = """\
    from datetime import datetime, timedelta

    import requests

    LIFETIME = timedelta(hours=2)


    class ProcoreAuth:
        def fetch(self, form):
            answer = requests.post("https://login.procore.com/oauth/token", data=form).json()
            self.access_token = answer["access_token"]
            self.expires_at = datetime.utcnow() + LIFETIME
    """
    assert changed(tmp_path, source) == {
        "self.expires_at = datetime.utcnow() + LIFETIME":
        'self.expires_at = datetime.utcnow() + timedelta(seconds=answer["expires_in"])',
    }  # fmt: skip


def test_a_lifetime_without_a_fix_still_gets_the_line_to_write(tmp_path: Path) -> None:
    source = (
        OAUTH
        + """

class Auth:
    fetched_at = 0.0

    def header(self, form):
        if time.time() - self.fetched_at > LIFETIME:
            self.token = requests.post(TOKEN_URL, data=form).json()["access_token"]
            self.fetched_at = time.time()
        return self.token
"""
    )
    project(tmp_path, {"procore_auth.py": source})
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL101"]
    assert "`time.time() - self.fetched_at > self.expires_in`" in str(row["help"])
