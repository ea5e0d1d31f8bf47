"""What works before a fix works after it: what else holds, names or expects the code that it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import REST, changed, check, mended, project


def test_headers_of_a_partial_are_not_replaced_by_those_of_its_call(tmp_path: Path) -> None:
    source = (
        "from functools import partial\n"
        f"{REST}"
        "class Client:\n"
        "    def __init__(self, token):\n"
        '        self.get = partial(requests.get, headers={"Authorization": token})\n'
        "    def users(self, company_id):\n"
        '        return self.get(f"{API}/companies/{company_id}/users").json()\n'
    )
    assert mended(tmp_path, source) == source


BASE = """\
    def __init__(self, token, company_id):
        self.token = token
        self.__company_id = company_id
    def path(self):
        return f"{API}/companies/{self.__company_id}"
"""
LIST = """\
    def list(self):
        return requests.get(self.path() + "/projects", headers={"Authorization": self.token}).json()
"""


def test_a_private_attribute_of_the_base_is_not_read_by_an_heir(tmp_path: Path) -> None:
    source = f"{REST}class Base:\n{BASE}class Projects(Base):\n{LIST}"
    assert mended(tmp_path, source) == source


@pytest.mark.parametrize(
    "call", ["{company.id}/vendors'.format(company=company)", "{company_id}/vendors'.format(**ids)"]
)
def test_what_format_takes_a_part_of_is_no_id(tmp_path: Path, call: str) -> None:
    source = (
        f"{REST}def vendors(company, token, **ids):\n"
        f"    return requests.get(API + '/companies/{call}, headers={{'Authorization': token}}).json()\n"
    )
    assert mended(tmp_path, source) == source


def test_what_format_writes_whole_is_the_id(tmp_path: Path) -> None:
    source = (
        f"{REST}def vendors(company, token):\n"
        "    url = API + '/vendors'\n"
        "    return requests.get(url + '?company_id={company}'.format(company=company), headers={'Authorization': token})\n"
    )
    assert "Procore-Company-Id" in mended(tmp_path, source)


def test_the_netloc_of_what_may_be_no_url_is_not_asked_for_its_end(tmp_path: Path) -> None:
    source = """\
        from urllib.parse import urlparse
        import requests
        def download(attachments, token):
            for item in attachments:
                headers = {}
                if urlparse(item.get("url")).netloc == "storage.procore.com":
                    headers["Authorization"] = f"Bearer {token}"
                yield requests.get(item["url"], headers=headers).content
    """
    (line,) = changed(tmp_path, source).values()
    assert line.strip() == 'if (urlparse(item.get("url")).hostname or "").endswith(".procore.com"):'


@pytest.mark.parametrize(
    ("made", "used"),
    [
        ('httpx.URL("https://api.procore.com/oauth/token")', 'URL.copy_with(path="/rest/v1.0/me")'),
        ('yarl.URL("https://api.procore.com/oauth/token")', "URL.origin() / 'rest/v1.0/me'"),
    ],
)
def test_a_url_that_others_are_made_of_stays(tmp_path: Path, made: str, used: str) -> None:
    source = (
        f"import httpx\nimport yarl\nURL = {made}\n"
        "def login(form):\n    return httpx.post(URL, data=form).json()\n"
        f"def me(head):\n    return httpx.get({used}, headers=head)\n"
    )
    assert mended(tmp_path, source) == source


LOGIN = """\
import requests
URL = "https://app.procore.com/oauth/token"
def login(form):
    return requests.post(URL, data=form).json()
"""
VAPID = """\
import requests
def projects(head):
    return requests.get("https://api.procore.com/vapid/projects", headers=head).json()
"""


def safeties(root: Path, files: dict[str, str], rule: str) -> list[object]:
    rows = check(project(root, files), "--select", rule)
    return [row["fix"] and row["fix"]["safety"] for row in rows]  # type: ignore[index]


@pytest.mark.parametrize(("code", "rule"), [(LOGIN, "legacy-oauth-host"), (VAPID, "vapid-endpoint")])
def test_a_fix_is_unsafe_where_a_test_expects_the_old_url(tmp_path: Path, code: str, rule: str) -> None:
    test = (
        "from client import *\n"
        "def test_it(requests_mock):\n"
        '    requests_mock.post("https://app.procore.com/oauth/token", json={})\n'
        '    requests_mock.get("https://api.procore.com/vapid/projects", json=[])\n'
    )
    assert safeties(tmp_path / "alone", {"client.py": code}, rule) == ["safe"]
    assert "unsafe" in safeties(tmp_path / "tested", {"client.py": code, "test_client.py": test}, rule)
    assert "safe" not in safeties(tmp_path / "tested", {"client.py": code, "test_client.py": test}, rule)


def test_a_fix_is_unsafe_where_something_outside_knows_the_url_as_a_key(tmp_path: Path) -> None:
    key = 'def kept():\n    return keyring.get_password(URL, "token")\n'
    assert safeties(tmp_path, {"client.py": "import keyring\n" + LOGIN + key}, "legacy-oauth-host") == [
        "unsafe"
    ]


CALLED = 'get.assert_called_once_with("https://api.procore.com/rest/v1.0/companies/5/projects"'


@pytest.mark.parametrize(
    ("headers", "test", "safety"),
    [
        ('{"Authorization": token}', f'{CALLED}, headers={{"Authorization": "t"}})', "unsafe"),
        (
            '{"Authorization": token}',
            'assert get.call_args.kwargs["headers"] == {"Authorization": "t"}',
            "unsafe",
        ),
        ('{"Authorization": token}', "assert get.last_request.headers == HEADERS", "unsafe"),
        (
            '{"Authorization": token}',
            'assert get.call_args.kwargs["headers"]["Authorization"] == "t"',
            "safe",
        ),
        ('{"Authorization": token}', 'assert get.last_request.headers.get("Authorization") == "t"', "safe"),
        ('{"Authorization": token}', "get.assert_called_once()", "safe"),
        ('{"Authorization": token}', "assert client.projects(5, 't').json() == {'id': 5}", "safe"),
        (None, f"{CALLED})", "unsafe"),
        (None, 'monkeypatch.setattr(requests, "get", lambda url: None)', "unsafe"),
        (None, 'monkeypatch.setattr(requests, "get", lambda url, **kwargs: None)', "safe"),
    ],
)
def test_a_header_that_tests_do_not_expect_is_unsafe(
    tmp_path: Path, headers: str | None, test: str, safety: str
) -> None:
    given = f", headers={headers}" if headers else ""
    source = (
        f"{REST}def projects(company_id, token):\n"
        f'    return requests.get(f"{{API}}/companies/{{company_id}}/projects"{given})\n'
    )
    tests = (
        "from unittest import mock\nimport requests\nimport client\n"
        f"def test_projects(get, monkeypatch):\n    client.projects(5, 't')\n    {test}\n"
    )
    (row,) = check(project(tmp_path, {"client.py": source, "test_client.py": tests}))
    fix = row["fix"]
    assert isinstance(fix, dict)
    assert fix["safety"] == safety


OVERWRITING = """\
import httpx
import requests
API = "https://api.procore.com/rest/v1.0"
def sign(request):
    request.headers = {headers}
    return request
class Auth(requests.auth.AuthBase):
    def __call__(self, request):
        return sign(request)
def users(company_id):
    return {call}.json()
"""


@pytest.mark.parametrize(
    "call",
    [
        'httpx.get(f"{API}/companies/{company_id}/users", auth=sign)',
        'requests.get(f"{API}/companies/{company_id}/users", auth=Auth())',
        'requests.get(f"{API}/companies/{company_id}/users", auth=sign, headers={"Accept": "text/json"})',
    ],
)
@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ('{"Authorization": "Bearer x"}', False),
        ('httpx.Headers({"Authorization": "Bearer x"})', False),
        ("made_elsewhere()", False),
        ('{**request.headers, "Authorization": "Bearer x"}', True),
        ('dict(request.headers, Authorization="Bearer x")', True),
    ],
)
def test_headers_that_an_auth_object_replaces_are_not_added_to(
    tmp_path: Path, call: str, headers: str, kept: bool
) -> None:
    source = OVERWRITING.replace("{headers}", headers).replace("{call}", call)
    rows = check(project(tmp_path, {"procore_sync.py": source}))
    assert all((row["fix"] is not None) is kept for row in rows)
    if rows and not kept:
        told = ("to the dict at procore_sync.py:5", "where its auth or a hook replaces the headers")
        assert any(text in str(rows[0]["help"]) for text in told)
    assert bool(rows) or headers == "made_elsewhere()"


@pytest.mark.parametrize(
    ("value", "is_id"),
    [
        ('f"{company_id}/{what}"', False),
        ('company_id + "/" + what', False),
        ('"%s/%s" % (company_id, what)', False),
        ('"{}/{}".format(company_id, what)', False),
        ('"/".join([company_id, what])', False),
        ('f"{company_id}"', True),
        ('"{}".format(company_id)', True),
        ("int(company_id)", True),
        ("str(company_id)", True),
    ],
)
def test_a_text_that_is_put_together_is_no_id(tmp_path: Path, value: str, is_id: bool) -> None:
    source = (
        f"{REST}def fetch(company_id, what, token):\n"
        f"    if what:\n        company_id = {value}\n"
        '    return requests.get(f"{API}/companies/{company_id}", headers={"Authorization": token}).json()\n'
    )
    assert (mended(tmp_path, source) != source) is is_id


@pytest.mark.parametrize("value", ['f"{base}/5"', '"5"'])
def test_a_path_that_a_module_or_a_class_calls_so_is_no_id(tmp_path: Path, value: str) -> None:
    source = (
        f"{REST}base = input()\nCOMPANY_ID = {value}\n"
        "class Client:\n"
        "    def __init__(self, token, base):\n"
        f"        self.token, self.company_id = token, {value}\n"
        "    def projects(self):\n"
        '        return requests.get(f"{API}/projects", headers={"Authorization": self.token}).json()\n'
        "def projects(token):\n"
        '    return requests.get(f"{API}/projects", headers={"Authorization": token}).json()\n'
    )
    assert mended(tmp_path, source).count("Procore-Company-Id") == (2 if value == '"5"' else 0)


HELD = """\
SHARED = {{"Authorization": "t"}}
LATE = None
def login(token):
    global LATE
    LATE = {{"Authorization": token}}
class Client:
    headers = None
    def __init__(self, token):
        self.token = token
        self.own = {{"Authorization": token}}
        if token:
            self.headers = {{"Authorization": token}}
    def made(self):
        if self.token:
            return {{"Authorization": self.token}}
    def get(self, company_id):
        return requests.get(f"{{API}}/companies/{{company_id}}/projects", headers={headers}).json()
"""


@pytest.mark.parametrize(
    ("headers", "mends"),
    [("SHARED", True), ("self.own", True), ("LATE", False), ("self.headers", False), ("self.made()", False)],
)
def test_headers_that_may_be_none_are_not_spread(tmp_path: Path, headers: str, mends: bool) -> None:
    source = f"{REST}{HELD.format(headers=headers)}"
    after = mended(tmp_path, source)
    assert (f'headers={{**{headers}, "Procore-Company-Id": str(company_id)}}' in after) is mends
    assert mends or after == source
