"""Fixes of a missing company header (PCL201) where headers may be kept for longer than an id stays true."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import REST, changed, mended

IN_CALL = 'headers={"Procore-Company-Id": str(company_id)})'
CALL = """

def vendors(token, company_id):
    return get_session(token, company_id).get(f"{API}/companies/{company_id}/vendors")
"""


@pytest.mark.parametrize(
    "maker",
    [
        """\
_session = None

def get_session(token, company_id):
    global _session
    if _session is None:
        _session = requests.Session()
        _session.headers["Authorization"] = token
    return _session
""",
        """\
_session = None

def get_session(token, company_id):
    global _session
    if _session is not None:
        return _session
    _session = requests.Session()
    _session.headers.update({"Authorization": token})
    return _session
""",
        """\
_pool = {}

def get_session(token, company_id):
    if token not in _pool:
        s = requests.Session()
        s.headers.update({"Authorization": token})
        _pool[token] = s
    return _pool[token]
""",
        """\
_pool = {}

def get_session(token, company_id):
    s = requests.Session()
    s.headers["Authorization"] = token
    return _pool.setdefault(token, s)
""",
        """\
class Pool:
    session = None

def get_session(token, company_id):
    if Pool.session is None:
        new = requests.Session()
        new.headers["Authorization"] = token
        Pool.session = new
    return Pool.session
""",
    ],
)
def test_an_id_is_sent_by_the_call_where_the_session_is_kept_for_other_companies(
    tmp_path: Path, maker: str
) -> None:
    found = changed(tmp_path, REST + maker + CALL)
    assert [line for line in found.values() if IN_CALL in line] == list(found.values())


@pytest.mark.parametrize(
    "maker",
    [
        """\
def get_session(token, company_id):
    s = requests.Session()
    s.headers["Authorization"] = token
    return s
""",
        """\
_pool = {}

def get_session(token, company_id):
    if (token, company_id) not in _pool:
        s = requests.Session()
        s.headers["Authorization"] = token
        _pool[token, company_id] = s
    return _pool[token, company_id]
""",
        """\
_pool = {}

def get_session(token, company_id):
    key = f"{token}:{company_id}"
    if key not in _pool:
        s = requests.Session()
        s.headers["Authorization"] = token
        _pool[key] = s
    return _pool[key]
""",
        """\
import functools

@functools.lru_cache
def get_session(token, company_id):
    s = requests.Session()
    s.headers["Authorization"] = token
    return s
""",
        """\
_rows = {}

def get_session(token, company_id):
    s = requests.Session()
    s.headers["Authorization"] = token
    if token not in _rows:
        _rows[token] = requests.get(f"{API}/me", headers={"Authorization": token})
    return s
""",
        """\
_session = None

def get_session(token, company_id):
    global _session
    _session = requests.Session()
    _session.headers["Authorization"] = token
    return _session
""",
    ],
)
def test_an_id_is_put_into_a_session_that_is_its_companys(tmp_path: Path, maker: str) -> None:
    found = changed(tmp_path, REST + maker + CALL)
    assert any('.headers["Procore-Company-Id"] = str(company_id)' in line for line in found.values())


def test_an_answer_that_is_kept_does_not_keep_the_headers_of_its_request(tmp_path: Path) -> None:
    source = (
        REST
        + """
rows = None
session = requests.Session()

def vendors(token, company_id):
    global rows
    if rows is None:
        rows = requests.get(f"{API}/companies/{company_id}/vendors", headers={"Authorization": token}).json()
    return rows

def change(token, company_id):
    if token:
        rows["x"] = session.put(f"{API}/companies/{company_id}/users", headers={"Authorization": token})
"""
    )
    found = changed(tmp_path, source)
    assert len(found) == 2
    assert all(
        '"Authorization": token, "Procore-Company-Id": str(company_id)}' in line for line in found.values()
    )


def test_a_session_that_a_method_keeps_gets_no_id_that_its_callers_give(tmp_path: Path) -> None:
    source = (
        REST
        + """
class Client:
    def __init__(self, token):
        self.token = token
        self.session = None

    def connected(self, company_id):
        if self.session is None:
            self.session = requests.Session()
            self.session.headers["Authorization"] = self.token
        return self.session

    def vendors(self, company_id):
        return self.connected(company_id).get(f"{API}/companies/{company_id}/vendors")
"""
    )
    (line,) = changed(tmp_path, source).values()
    assert IN_CALL in line


def test_a_session_that_a_method_keeps_gets_the_id_of_its_object(tmp_path: Path) -> None:
    source = (
        REST
        + """
class Client:
    def __init__(self, token, company_id):
        self.token = token
        self.company_id = company_id
        self.session = None

    def connected(self):
        if self.session is None:
            self.session = requests.Session()
            self.session.headers["Authorization"] = self.token
        return self.session

    def vendors(self):
        return self.connected().get(f"{API}/companies/{self.company_id}/vendors")
"""
    )
    assert 'self.session.headers["Procore-Company-Id"] = str(self.company_id)' in mended(tmp_path, source)


GLOBAL = """
company_id = 1
{made}

def choose(cid):
    {scope}
    company_id = cid


def vendors():
    {local}
    return session.get(f"{{API}}/companies/{{company_id}}/vendors")
"""


@pytest.mark.parametrize(
    "made",
    [
        'session = requests.Session()\nsession.headers["Authorization"] = "Bearer x"',
        'session = requests.Session()\nsession.headers.update({"Authorization": "Bearer x"})',
    ],
)
def test_an_id_that_a_function_binds_anew_is_sent_by_the_call(tmp_path: Path, made: str) -> None:
    source = REST + GLOBAL.format(made=made, scope="global company_id", local="pass")
    (line,) = changed(tmp_path, source).values()
    assert IN_CALL in line


def test_an_id_that_is_bound_anew_is_not_put_into_what_a_decorator_keeps(tmp_path: Path) -> None:
    made = """
from functools import lru_cache

@lru_cache
def made():
    new = requests.Session()
    new.headers["Authorization"] = "Bearer x"
    return new
"""
    source = REST + GLOBAL.format(made=made, scope="global company_id", local="session = made()")
    (line,) = changed(tmp_path, source).values()
    assert IN_CALL in line
    kept = REST + GLOBAL.format(made=made, scope="pass", local="session = made()")
    (line,) = changed(tmp_path, kept).values()
    assert line == 'new.headers["Procore-Company-Id"] = str(company_id)'


CLIENT = """
class Client:
    def __init__(self, token, company_id):
        self.company_id = company_id
        self.session = requests.Session()
        self.session.headers["Authorization"] = token

    def projects(self):
        return self.session.get(f"{API}/projects", params={"company_id": self.company_id})


class Row:
    company_id = 0

"""


@pytest.mark.parametrize(
    ("code", "is_set"),
    [
        ("client.company_id = 2", True),
        ('setattr(client, "company_id", 2)', True),
        ("Client.company_id = 2", True),
        ("row = Row()\nrow.company_id = 2", False),
        ("client.other = 2", False),
    ],
)
def test_an_id_that_is_set_from_outside_is_sent_by_the_call(tmp_path: Path, code: str, is_set: bool) -> None:
    source = REST + CLIENT + f'client = Client("t", 1)\n{code}\nclient.projects()\n'
    (line,) = changed(tmp_path, source).values()
    assert line.endswith('headers={"Procore-Company-Id": str(self.company_id)})') is is_set


def test_headers_that_copies_share_stay_and_the_call_sends_its_own_id(tmp_path: Path) -> None:
    source = (
        REST
        + """
import copy

class Client:
    def __init__(self, token, company_id):
        self.company_id = company_id
        self.h = {"Authorization": token}

    def of(self, company_id):
        other = copy.copy(self)
        other.company_id = company_id
        return other

    def vendors(self):
        return requests.get(f"{API}/companies/{self.company_id}/vendors", headers=self.h)
"""
    )
    (line,) = changed(tmp_path, source).values()
    assert line.endswith('headers={**self.h, "Procore-Company-Id": str(self.company_id)})')
