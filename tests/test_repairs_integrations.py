"""Whole integrations, drawn at random: what the fixes leave parses, keeps its comments and needs no more."""

from __future__ import annotations

import ast
import io
import tempfile
import tokenize
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from repair_helpers import check

_HEADERS = st.sampled_from(
    [
        '{"Authorization": token}',
        "{'Authorization': token}",
        '{\n        "Authorization": token,  # bearer\n    }',
        '{"Authorization": token, "company_id": str(company_id)}',
        "dict(Authorization=token)",
    ]
)
_URLS = st.sampled_from(
    [
        'f"{BASE}/rest/v1.0/projects/{project_id}/rfis"',
        'f"{BASE}/vapid/projects/{project_id}/rfis"',
        'BASE + "/vapid/projects"',
        'f"{BASE}/rest/v1.0/companies/{company_id}/projects"',
        'f"{BASE}/rest/v1.0/projects/{project_id}/weather_logs"',
        "BASE + '/rest/v1.0/cost_codes'",
    ]
)
_BASES = st.sampled_from(["https://app.procore.com", "https://api.procore.com", "https://us02.procore.com"])
_PARAMS = st.sampled_from(["company_id", "company_id: int", "company_id=None", "company_id='1'"])
_LIVES = st.sampled_from(
    ['data["created_at"] + 7200', "time.time() + 3600", 'time.time() + data.get("expires_in", 5400)', "None"]
)


@st.composite
def integrations(draw: st.DrawFn) -> str:
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = f"""\
import time
import requests

BASE = "{draw(_BASES)}"  # é


def renew(form):
    data = requests.post(f"{{BASE}}/oauth/token" if {draw(st.booleans())} else "https://login.procore.com/oauth/token", data=form).json()
    access = data["access_token"]
    expires_at = {draw(_LIVES)}
    return access, expires_at


def first(token, project_id, {draw(_PARAMS)}):
    headers = {draw(_HEADERS)}
    return requests.get({draw(_URLS)}, headers=headers)


def second(session, token, project_id, {draw(_PARAMS)}):
    return requests.get({draw(_URLS)}, headers={draw(_HEADERS)}, timeout=5)  # second


def third(token, project_id, {draw(_PARAMS)}):
    headers = {draw(_HEADERS)}
    file = requests.get({draw(_URLS)}, headers=headers).json()
    return requests.get(file["url"], stream=True)
"""
    return text.replace("\n", newline)


@given(source=integrations(), unsafe=st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_mended_integration_parses_keeps_its_comments_and_has_nothing_left_to_mend(
    source: str, unsafe: bool
) -> None:
    options = ["--fix", "--unsafe-fixes"] if unsafe else ["--fix"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        file = root / "procore_sync.py"
        (root / "procore-lint.toml").touch()
        file.write_bytes(source.encode())
        before = check(root)
        check(root, *options)
        after = file.read_bytes()
        rows = check(root)
        offered = [fix for row in rows if isinstance(fix := row.get("fix"), dict)]
        assert all(fix["safety"] == "unsafe" and not unsafe for fix in offered), offered
        check(root, *options)
        assert file.read_bytes() == after
    assert len(rows) <= len(before)
    text = after.decode()
    ast.parse(text)
    assert _comments(text) == _comments(source)
    assert text.count("\r\n") == (text.count("\n") if "\r\n" in source else 0)


def _comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]
