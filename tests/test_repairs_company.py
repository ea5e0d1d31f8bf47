"""Fixes of a missing company header (PCL201): where it is added, with which id, and where that would guess."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import REST, changed, check, mended, project


@pytest.mark.parametrize(
    ("source", "after"),
    [
        pytest.param(
            """\
            def rfis(token, company_id, project_id):
                headers = {"Authorization": f"Bearer {token}"}
                return requests.get(f"{API}/projects/{project_id}/rfis", headers=headers)
            """,
            {
                'headers = {"Authorization": f"Bearer {token}"}': 'headers = {"Authorization": f"Bearer {token}", "Procore-Company-Id": str(company_id)}'
            },
            id="a parameter and the dict",
        ),
        pytest.param(
            """\
            class Client:
                def __init__(self, token, company_id: str):
                    self.company_id = company_id
                    self.session = requests.Session()
                    self.session.headers.update({'Authorization': 'Bearer ' + token})

                def rfis(self, project):
                    return self.session.get(f"{API}/projects/{project}/rfis")

                def users(self, project):
                    return self.session.get(f"{API}/projects/{project}/users")
            """,
            {
                "self.session.headers.update({'Authorization': 'Bearer ' + token})": "self.session.headers.update({'Authorization': 'Bearer ' + token, 'Procore-Company-Id': company_id})"
            },
            id="the session's headers cover two calls",
        ),
        pytest.param(
            """\
            class Client:
                def __init__(self, token, company_id):
                    self.company_id = company_id
                    self.session = requests.Session()
                    self.session.headers["Authorization"] = "Bearer " + token

                def rfis(self, project):
                    return self.session.get(f"{API}/projects/{project}/rfis")
            """,
            {"": 'self.session.headers["Procore-Company-Id"] = str(company_id)'},
            id="a statement after the one that sets the token",
        ),
        pytest.param(
            """\
            COMPANY_ID = 42

            def rfis(session: requests.Session, token, project):
                auth = Bearer(token)
                return requests.get(f"{API}/projects/{project}/rfis", timeout=5)
            """,
            {
                'return requests.get(f"{API}/projects/{project}/rfis", timeout=5)': 'return requests.get(f"{API}/projects/{project}/rfis", timeout=5, headers={"Procore-Company-Id": str(COMPANY_ID)})'
            },
            id="the call, with a constant",
        ),
        pytest.param(
            """\
            class Client:
                def __init__(self, token, company_id):
                    self.token = token
                    self._company_id = company_id

                def _headers(self):
                    return {
                        "Authorization": "Bearer " + self.token,  # bearer
                    }

                def rfis(self, project):
                    return requests.get(f"{API}/projects/{project}/rfis", headers=self._headers())
            """,
            {"": '"Procore-Company-Id": str(self._company_id),'},
            id="an attribute and the helper's dict",
        ),
        pytest.param(
            """\
            def rfis(token, project, company_id, headers=None):
                headers = headers or {}
                headers["Authorization"] = token
                return requests.get(f"{API}/projects/{project}/rfis", headers=headers)

            def one(token, company_id):
                return rfis(token, 1, company_id), rfis(token, 2, company_id, headers={"Accept": "*/*"})
            """,
            {"": 'headers["Procore-Company-Id"] = str(company_id)'},
            id="behind the token, as callers may pass headers of their own",
        ),
        pytest.param(
            """\
            def rfis(token, project, company_id, headers=None):
                headers = {**(headers or {}), "Authorization": token}
                return requests.get(f"{API}/projects/{project}/rfis", headers=headers)

            def one(token, company_id):
                return rfis(token, 1, company_id), rfis(token, 2, company_id, headers={"Accept": "*/*"})
            """,
            {
                'headers = {**(headers or {}), "Authorization": token}': 'headers = {**(headers or {}), "Authorization": token, "Procore-Company-Id": str(company_id)}'
            },
            id="the dict around what callers pass",
        ),
    ],
)
def test_the_header_is_added_at_the_place_that_covers_most(
    tmp_path: Path, source: str, after: dict[str, str]
) -> None:
    assert changed(tmp_path, REST + "\n\n" + textwrap.dedent(source)) == after


def test_a_setting_of_an_imported_module_counts_as_in_reach(tmp_path: Path) -> None:
    project(tmp_path, {"conf.py": "import os\n\nPROCORE_COMPANY_ID = os.environ['PROCORE_COMPANY_ID']\n"})
    source = """\
    import requests
    import conf

    def me(token):
        return requests.get("https://api.procore.com/rest/v1.0/projects", headers={"Authorization": token})
    """
    (line,) = changed(tmp_path, source).values()
    assert '{"Authorization": token, "Procore-Company-Id": str(conf.PROCORE_COMPANY_ID)}' in line


def test_a_misnamed_header_gets_its_name_safely(tmp_path: Path) -> None:
    source = (
        REST
        + """

def rfis(token, company_id, project):
    headers = {"Authorization": token, 'company_id': str(company_id)}
    return requests.get(f"{API}/projects/{project}/rfis", headers=headers)
"""
    )
    (line,) = changed(tmp_path, source, unsafe=False).values()
    assert line == """headers = {"Authorization": token, 'Procore-Company-Id': str(company_id)}"""


def test_adding_the_header_is_safe_only_where_the_path_names_the_same_company(tmp_path: Path) -> None:
    source = (
        REST
        + """

def projects(token, company_id):
    headers = {"Authorization": token}
    return requests.get(f"{API}/companies/{company_id}/projects", headers=headers)


def users(token, company_id):
    headers = {"Authorization": token, "Accept": "*/*"}
    return requests.get(f"{API}/users", headers=headers)
"""
    )
    after = mended(tmp_path, source, unsafe=False)
    assert '{"Authorization": token, "Procore-Company-Id": str(company_id)}' in after
    assert '{"Authorization": token, "Accept": "*/*"}' in after


@pytest.mark.parametrize(
    "source",
    [
        # No id is in reach.
        """
        def rfis(token, project):
            return requests.get(f"{API}/projects/{project}/rfis", headers={"Authorization": token})
        """,
        # It may be None.
        """
        COMPANY_ID = 42

        def rfis(token, project, company_id=None):
            return requests.get(f"{API}/projects/{project}/rfis", headers={"Authorization": token})
        """,
        # The name is bound after the place, or in another function.
        """
        def rfis(token, project):
            headers = {"Authorization": token}
            company_id = requests.get(f"{API}/projects/{project}/rfis", headers=headers).json()["company_id"]
            return company_id

        def other(company_id):
            return company_id
        """,
        # It means another company by the time that the headers are sent.
        """
        def rfis(token, project, company_id):
            headers = {"Authorization": token}
            company_id, project = owner_of(project)
            return requests.get(f"{API}/projects/{project}/rfis", headers=headers)
        """,
        # The same headers go to another service.
        """
        def rfis(token, project, company_id):
            headers = {"Authorization": token}
            requests.get("https://ledger.example.com/codes", headers=headers)
            return requests.get(f"{API}/projects/{project}/rfis", headers=headers)
        """,
    ],
)
def test_no_header_is_added_where_that_would_guess(tmp_path: Path, source: str) -> None:
    project(tmp_path, {"procore_sync.py": REST + "\n" + textwrap.dedent(source)})
    rows = [row for row in check(tmp_path) if row["code"] == "PCL201"]
    assert rows
    assert all(row.get("fix") is None for row in rows)


def test_an_id_behind_the_settings_of_self_is_in_reach(tmp_path: Path) -> None:
    source = """\
    from dataclasses import dataclass

    import requests


    @dataclass
    class Settings:
        token: str
        company_id: int


    class ProcoreClient:
        def __init__(self, settings: Settings):
            self.settings = settings

        def rfis(self, project):
            headers = {"Authorization": self.settings.token}
            return requests.get(f"https://api.procore.com/rest/v1.0/projects/{project}/rfis", headers=headers)
    """
    (line,) = changed(tmp_path, source).values()
    assert line.endswith('"Procore-Company-Id": str(self.settings.company_id)}')


def test_a_spread_through_which_callers_bring_headers_is_not_overridden(tmp_path: Path) -> None:
    source = """\
    import requests

    def send(token, company_id, path, extra):
        headers = {"Authorization": token, **extra}
        return requests.get(f"https://api.procore.com/rest/v1.0/{path}", headers=headers)

    def rfis(token, company_id):
        return send(token, company_id, "rfis", {})

    def users(token, company_id):
        return send(token, company_id, "users", {"Procore-Company-Id": "1"})
    """
    after = mended(tmp_path, source)
    assert 'headers = {"Authorization": token, **extra}' in after


def test_a_misnamed_header_that_another_host_is_sent_too_keeps_its_name(tmp_path: Path) -> None:
    source = """\
        import requests

        HEADERS = {"Authorization": "Bearer x", "company_id": "4"}


        def projects():
            return requests.get("https://api.procore.com/rest/v1.0/projects", headers=HEADERS)


        def jobs():
            return requests.get("https://erp.acme.example/jobs", headers=HEADERS)
    """
    assert mended(tmp_path, source) == textwrap.dedent(source)


def test_a_misnamed_header_that_is_read_by_its_name_keeps_it(tmp_path: Path) -> None:
    source = """\
        import requests


        def rfis(token, company_id):
            headers = {"Authorization": token, "Company-Id": company_id}
            print("for", headers["Company-Id"])
            return requests.get("https://api.procore.com/rest/v1.0/projects/1/rfis", headers=headers)
    """
    assert mended(tmp_path, source) == textwrap.dedent(source)


KEPT = """\
    import os
    from dataclasses import dataclass
    from typing import Optional
    import requests
    API = "https://api.procore.com/rest/v1.0"
    {constant}
    @dataclass
    class Client:
        token: str
        company_id: {declared}
        def projects(self):
            h = {{"Authorization": self.token}}
            return requests.get({call}, headers=h).json()
"""


@pytest.mark.parametrize(
    ("declared", "call", "mends"),
    [
        ("Optional[int] = None", 'f"{API}/projects", params={"company_id": self.company_id}', False),
        ("int", 'f"{API}/projects", params={"company_id": self.company_id}', True),
        ("Optional[int] = None", 'f"{API}/companies/{self.company_id}/projects"', True),
    ],
)
def test_what_an_object_may_lack_is_sent_only_where_the_path_needs_it(
    tmp_path: Path, declared: str, call: str, mends: bool
) -> None:
    source = KEPT.format(constant="", declared=declared, call=call)
    assert ("str(self.company_id)" in mended(tmp_path, source)) is mends
    if not mends:
        source = KEPT.format(constant='COMPANY_ID = os.getenv("COMPANY_ID")', declared=declared, call=call)
        assert mended(tmp_path, source) == textwrap.dedent(source)
        (row,) = check(project(tmp_path, {"procore_sync.py": source}))
        assert "str(self.company_id)" in str(row["help"])
        assert str(row["help"]).endswith("and only where that is not None")


def test_what_an_outer_function_sets_to_none_is_not_sent(tmp_path: Path) -> None:
    source = """\
        import requests
        def make_getter(token):
            company_id = None
            def select(cid):
                nonlocal company_id
                company_id = cid
            def get():
                url = "https://api.procore.com/rest/v1.0/projects"
                h = {"Authorization": token}
                return requests.get(url, headers=h, params={"company_id": company_id}).json()
            return select, get
    """
    assert mended(tmp_path, source) == textwrap.dedent(source)


@pytest.mark.parametrize(
    ("constant", "code"),
    [
        ('COMPANY_ID = os.getenv("COMPANY_ID")', "COMPANY_ID"),
        ('COMPANY_ID = os.environ.get("COMPANY_ID")', "COMPANY_ID"),
        ('COMPANY_ID = os.environ["COMPANY_ID"]', "COMPANY_ID"),
        ('COMPANY_ID = os.getenv("COMPANY_ID", 5)', "str(COMPANY_ID)"),
        ('COMPANY_ID = int(os.environ["COMPANY_ID"])', "str(COMPANY_ID)"),
        ('COMPANY_ID = os.getenv("COMPANY_ID")\nCOMPANY_ID = int(COMPANY_ID)', "str(COMPANY_ID)"),
    ],
)
def test_none_out_of_the_environment_is_not_made_a_text(tmp_path: Path, constant: str, code: str) -> None:
    source = (
        f"import os\nimport requests\n{constant}\n"
        "def projects(token):\n"
        '    url = "https://api.procore.com/rest/v1.0/projects"\n'
        '    return requests.get(url, headers={"Authorization": token}).json()\n'
    )
    assert f'"Procore-Company-Id": {code}}}' in mended(tmp_path, source)


def test_a_list_of_headers_is_not_spread_into_a_dict(tmp_path: Path) -> None:
    source = """\
        import httpx
        def projects(company_id, token):
            headers = [("Authorization", f"Bearer {token}"), ("Accept", "application/json")]
            url = f"https://api.procore.com/rest/v1.0/companies/{company_id}/projects"
            return httpx.get(url, headers=headers).json()
    """
    assert mended(tmp_path, source) == textwrap.dedent(source)
    (row,) = check(project(tmp_path, {"procore_sync.py": source}))
    assert '`headers=[*headers, ("Procore-Company-Id", str(company_id))]`' in str(row["help"])


@pytest.mark.parametrize(
    ("default", "replaces"),
    [
        ("    if headers is None:\n        headers = {'Authorization': TOKEN}\n", True),
        ("    headers = headers or {'Authorization': TOKEN}\n", True),
        ("    headers = {'Authorization': TOKEN, **(headers or {})}\n", False),
    ],
)
def test_a_call_is_told_which_headers_its_own_take_the_place_of(
    tmp_path: Path, default: str, replaces: bool
) -> None:
    source = (
        f"{REST}TOKEN = input()\ndef http_get(path, headers=None):\n{default}"
        "    return requests.get(API + path, headers=headers).json()\n"
        "def projects(company_id):\n"
        '    return http_get(f"/companies/{company_id}/projects")\n'
        "def vendors(company_id, token):\n"
        '    own = {"Authorization": token, "Procore-Company-Id": str(company_id)}\n'
        '    return http_get(f"/companies/{company_id}/vendors", own)\n'
    )
    (row,) = check(project(tmp_path, {"procore_sync.py": source}))
    assert str(row["help"]).startswith('give this call a header `"Procore-Company-Id": str(company_id)`')
    line = source[: source.index("'Authorization'")].count("\n") + 1
    assert (f"beside those at procore_sync.py:{line}" in str(row["help"])) is replaces


@pytest.mark.parametrize(
    "block",
    [
        'match event:\n        case {"company_id": company_id}:\n',
        "for company_id in event:\n        if company_id:\n",
    ],
)
def test_an_id_that_is_named_later_is_not_asked_for_where_the_headers_are_made(
    tmp_path: Path, block: str
) -> None:
    source = (
        f"{REST}def handle(event, token):\n"
        '    headers = {"Authorization": "Bearer " + token}\n'
        f"    {block}"
        '            url = f"{API}/companies/{company_id}/vendors"\n'
        "            return requests.get(url, headers=headers).json()\n"
    )
    (row,) = check(project(tmp_path, {"procore_sync.py": source}))
    assert '{**headers, "Procore-Company-Id": str(company_id)}' in str(row["help"])
