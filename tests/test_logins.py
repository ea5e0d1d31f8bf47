"""OAuth urls on a base that serves the REST API too: the fix, and the help where none is right."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import changed, check, mended, project

LOGIN = "https://login.procore.com"
REST = """

def me(headers):
    return requests.get(BASE + "/rest/v1.0/me", headers=headers)
"""


def source(call: str, base: str = 'BASE = "https://api.procore.com"') -> str:
    return (
        "import os\nfrom urllib.parse import urljoin\n\nimport requests\n\n"
        f"{base}\nPATH = '/oauth/token'\n\n\ndef token(form, client):\n    {call}\n{REST}"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('requests.post(f"{BASE}/oauth/token", data=form)', f'requests.post("{LOGIN}/oauth/token", data=form)'),
        ('requests.post(BASE + "/oauth/token")', f'requests.post("{LOGIN}/oauth/token")'),
        ('requests.post(BASE + PATH)', f'requests.post("{LOGIN}/oauth/token")'),
        ('requests.post(urljoin(BASE, "/oauth/token"))', f'requests.post("{LOGIN}/oauth/token")'),
        ('requests.post("%s/oauth/token" % BASE)', f'requests.post("{LOGIN}/oauth/token")'),
        ('requests.post("{}/oauth/token".format(BASE))', f'requests.post("{LOGIN}/oauth/token")'),
        (
            'return f"{BASE}/oauth/authorize?client_id={client}"',
            f'return f"{LOGIN}/oauth/authorize?client_id={{client}}"',
        ),
        (
            'return BASE + "/oauth/authorize?client_id=" + client',
            f'return "{LOGIN}/oauth/authorize?client_id=" + client',
        ),
    ],
)  # fmt: skip
def test_the_expression_that_makes_an_oauth_url_gets_the_login_host(
    tmp_path: Path, before: str, after: str
) -> None:
    assert changed(tmp_path, source(before)) == {before: after}


def test_that_fix_waits_for_the_word(tmp_path: Path) -> None:
    assert changed(tmp_path, source('requests.post(f"{BASE}/oauth/token")'), unsafe=False) == {}


def test_once_oauth_has_its_own_url_the_base_moves_too(tmp_path: Path) -> None:
    call, base = 'requests.post(BASE + "/oauth/token")', 'BASE = "https://app.procore.com"'
    assert changed(tmp_path, source(call, base)) == {
        base: 'BASE = "https://api.procore.com"',
        call: f'requests.post("{LOGIN}/oauth/token")',
    }


def test_quotes_line_ends_and_the_rest_of_a_call_over_lines_stay(tmp_path: Path) -> None:
    call = "requests.post(\n\t\tf'{BASE}/oauth/token',  # ours\n\t\tdata = form,\n\t)"
    text = source("pass").replace("    pass", f"\t{call}").replace('"', "'")
    assert f"\n\t\t'{LOGIN}/oauth/token',  # ours\n\t\tdata = form,\n\t)" in mended(tmp_path, text)


@pytest.mark.parametrize(
    "base",
    [
        'BASE = os.environ.get("PROCORE_BASE_URL", "https://api.procore.com")',
        'BASE = os.getenv("PROCORE_BASE_URL") or "https://api.procore.com"',
        'BASE = "http://localhost:8000" if os.getenv("DEBUG") else "https://api.procore.com"',
        'BASE = {"a": "https://api.procore.com", "b": "https://us02.procore.com"}[os.environ["ZONE"]]',
        'BASE = "https://api.procore.com"\n\ndef use(url):\n    global BASE\n    BASE = url',
    ],
)
def test_a_base_that_may_be_another_gets_no_fix(tmp_path: Path, base: str) -> None:
    assert changed(tmp_path, source('requests.post(f"{BASE}/oauth/token")', base)) == {}


CLIENT = """\
import requests


class ProcoreClient:
    base_url = "https://api.procore.com"

    def token(self, form):
        return requests.post(f"{self.base_url}/oauth/token", data=form)

    def me(self, headers):
        return requests.get(f"{self.base_url}/rest/v1.0/me", headers=headers)
"""


def test_a_base_of_the_class_is_as_good_as_a_constant(tmp_path: Path) -> None:
    assert f'requests.post("{LOGIN}/oauth/token", data=form)' in mended(tmp_path, CLIENT)


@pytest.mark.parametrize(
    "other",
    [
        'class SandboxClient(ProcoreClient):\n    base_url = "https://sandbox.procore.com"\n',
        "def main(url):\n    client = ProcoreClient()\n    client.base_url = url\n    client.token({})\n",
    ],
)
def test_a_base_that_an_heir_or_a_caller_sets_gets_no_fix(tmp_path: Path, other: str) -> None:
    text = f"{CLIENT}\n\n{other}"
    assert mended(tmp_path, text) == text


@pytest.mark.parametrize(
    ("base", "setting", "use"),
    [
        (
            'BASE = os.environ.get("PROCORE_BASE_URL", "https://api.procore.com")',
            f'LOGIN = os.environ.get("PROCORE_LOGIN_URL", "{LOGIN}")',
            'f"{LOGIN}/oauth/token"',
        ),
        (
            'BASE: str = os.getenv("PROCORE_API_BASE_URL") or "https://api.procore.com"',
            f'LOGIN: str = os.getenv("PROCORE_LOGIN_URL") or "{LOGIN}"',
            'f"{LOGIN}/oauth/token"',
        ),
    ],
)
def test_a_base_of_the_environment_gets_the_lines_to_write(
    tmp_path: Path, base: str, setting: str, use: str
) -> None:
    project(tmp_path, {"procore_auth.py": source('requests.post(f"{BASE}/oauth/token")', base)})
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL104"]
    assert f"write `{setting}` beside" in str(row["help"])
    assert f"and `{use}` here" in str(row["help"])


def test_a_name_that_is_taken_is_not_given_to_a_second_setting(tmp_path: Path) -> None:
    base = 'LOGIN = "x"\nBASE = os.environ.get("PROCORE_BASE_URL", "https://api.procore.com")'
    project(tmp_path, {"procore_auth.py": source('requests.post(f"{BASE}/oauth/token")', base)})
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL104"]
    assert "write `LOGIN" not in str(row["help"])


def test_a_base_that_nobody_decides_is_shown_beside_one_of_its_own(tmp_path: Path) -> None:
    text = CLIENT.replace(
        'base_url = "https://api.procore.com"',
        "def __init__(self, base_url):\n        self.base_url = base_url",
    )
    project(tmp_path, {"procore_auth.py": text})
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL104"]
    assert str(row["help"]).startswith('write `f"{self.login_url}/oauth/token"`, with `login_url`')


@pytest.mark.parametrize(
    "base",
    [
        'SANDBOX = True\nBASE = "https://api.procore.com"\nif SANDBOX:\n    BASE = "https://sandbox.procore.com"',
        'SANDBOX = False\nBASE = "https://api.procore.com"\nif SANDBOX:\n    BASE = "https://sandbox.procore.com"',
        'PROD = 1\nBASE = "https://api.procore.com" if PROD else "https://sandbox.procore.com"',
        'ENV = "live"\nBASE = {"live": "https://api.procore.com", "test": "https://sandbox.procore.com"}[ENV]',
    ],
)
def test_a_base_that_a_switch_in_the_code_picks_gets_no_fix(tmp_path: Path, base: str) -> None:
    text = source('requests.post(f"{BASE}/oauth/token")', base)
    assert mended(tmp_path, text) == text
    assert "PCL104" in {row["code"] for row in check(tmp_path)}


def test_a_name_that_another_function_binds_as_well_is_no_switch(tmp_path: Path) -> None:
    text = """\
import requests


def token(form):
    base_url = "https://api.procore.com"
    requests.get(base_url + "/rest/v1.0/me")
    return requests.post(f"{base_url}/oauth/token", data=form)


def projects(headers):
    base_url = "https://api.procore.com/rest/v1.0"
    return requests.get(base_url + "/me", headers=headers)
"""
    assert f'requests.post("{LOGIN}/oauth/token", data=form)' in mended(tmp_path, text)
