"""Every fix a check offers: the source that a user has, and what `check --fix` makes of it."""

from __future__ import annotations

import ast
import io
import tempfile
import textwrap
import tokenize
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repair_helpers import changed, check, mended, project

OAUTH = """\
import time
import requests

TOKEN_URL = "https://login.procore.com/oauth/token"
LIFETIME = 2 * 60 * 60
"""
REST = """\
import requests

API = "https://api.procore.com/rest/v1.0"
"""


# ---------------------------------------------------------------- PCL101, PCL102


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


# ---------------------------------------------------------------- PCL104, PCL202


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


# ---------------------------------------------------------------- PCL201


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


# ---------------------------------------------------------------- PCL203, PCL403


def test_vapid_becomes_the_first_version_of_the_rest_api(tmp_path: Path) -> None:
    source = """\
    import requests

    BASE = 'https://api.procore.com/vapid'

    def a(headers, project_id):
        return requests.get(BASE + "/projects", headers=headers)

    def b(headers, project_id):
        return requests.get(f"https://api.procore.com/vapid/projects/{project_id}/rfis", headers=headers)
    """
    assert changed(tmp_path, source, unsafe=False) == {
        "BASE = 'https://api.procore.com/vapid'": "BASE = 'https://api.procore.com/rest/v1.0'",
        'return requests.get(f"https://api.procore.com/vapid/projects/{project_id}/rfis", headers=headers)':
        'return requests.get(f"https://api.procore.com/rest/v1.0/projects/{project_id}/rfis", headers=headers)',
    }  # fmt: skip


def test_a_vapid_path_that_a_test_tells_apart_is_left_to_the_reader(tmp_path: Path) -> None:
    source = """\
    import requests

    PATHS = {"rfis": "/projects/{}/rfis", "pdf": "/vapid/rfis/{}/pdf"}

    def fetch(name, key, headers):
        path = PATHS[name].format(key)
        root = "https://api.procore.com"
        url = root + path if path.startswith("/vapid") else root + "/rest/v1.0" + path
        return requests.get(url, headers=headers)
    """
    assert changed(tmp_path, source) == {}
    assert [row["rule"] for row in check(tmp_path)] == ["vapid-endpoint"]


def test_a_vapid_path_that_is_deprecated_besides_is_mended_and_then_reported(tmp_path: Path) -> None:
    source = """\
    import requests

    def codes(headers, project_id):
        return requests.get("https://api.procore.com/vapid/cost_codes", headers=headers)
    """
    assert "/rest/v1.0/cost_codes" in mended(tmp_path, source, unsafe=False)
    assert "legacy-cost-code-endpoint" in {row["rule"] for row in check(tmp_path)}


def test_a_path_moves_to_the_version_that_takes_the_same_parameters(tmp_path: Path) -> None:
    source = """\
    import requests

    HOST = "https://api.procore.com"

    def weather(headers, project_id):
        return requests.get(f"{HOST}/rest/v1.0/projects/{project_id}/weather_logs", headers=headers)
    """
    assert changed(tmp_path, source, unsafe=False) == {}
    (line,) = changed(tmp_path, source).values()
    assert 'f"{HOST}/rest/v1.1/projects/{project_id}/daily_logs/weather_logs"' in line


@pytest.mark.parametrize(
    "call",
    [
        'requests.get(API + "/projects/%s/weather_logs" % project, headers=headers)',  # the version is shared
        'requests.post(f"https://api.procore.com/rest/v1.0/projects/{project}/uploads", headers=headers)',
        'requests.post(f"https://api.procore.com/rest/v1.0/projects/{project}/budget_modifications", headers=headers)',
        'requests.post("https://api.procore.com/rest/v1.0/webhooks/hooks", headers=headers)',
        'requests.get("https://api.procore.com/rest/v1.0/cost_codes", headers=headers)',
    ],
)
def test_a_path_whose_successor_takes_something_else_stays(tmp_path: Path, call: str) -> None:
    source = (
        REST
        + f"""

def logs(headers, project):
    requests.get(API + "/projects/%s/rfis" % project, headers=headers)
    return {call}
"""
    )
    project(tmp_path, {"procore_sync.py": source})
    rows = [row for row in check(tmp_path) if str(row["code"]).startswith("PCL4")]
    assert rows
    assert all(row.get("fix") is None for row in rows)


def test_the_help_names_what_the_new_path_takes_besides(tmp_path: Path) -> None:
    project(tmp_path, {"procore_sync.py": REST + '\nrequests.get(API + "/cost_codes", headers=h)\n'})
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL402"]
    assert "the new path also takes {project_id}, {segment_id}" in str(row["help"])


# ---------------------------------------------------------------- PCL301, PCL303


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'if urlparse(url).netloc == "storage.procore.com":',
            'if urlparse(url).netloc.endswith(".procore.com"):',
        ),
        ('if "storage.procore.com" in url:', 'if (urlparse(url).hostname or "").endswith(".procore.com"):'),
    ],
)
def test_a_test_that_decides_about_the_token_alone_tests_the_suffix(
    tmp_path: Path, before: str, after: str
) -> None:
    source = f"""\
    import requests
    from urllib.parse import urlparse

    def download(procore, url):
        headers = {{}}
        {before}
            headers["Authorization"] = procore.token
        return requests.get(url, headers=headers)
    """
    assert changed(tmp_path, source, unsafe=False) == {before: after}


@pytest.mark.parametrize(
    "body",
    [
        'if urlparse(url).netloc == "storage.procore.com":\n            return None',
        'return urlparse(url).netloc == "storage.procore.com"',
        'name = urlparse(url).path if urlparse(url).netloc == "storage.procore.com" else ""',
    ],
)
def test_a_test_that_decides_something_else_gets_the_help_alone(tmp_path: Path, body: str) -> None:
    source = f"""\
    from urllib.parse import urlparse

    def f(procore, url):
        {body}
    """
    assert changed(tmp_path, source) == {}
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL301"]
    assert '`urlparse(url).netloc.endswith(".procore.com")`' in str(row["help"])


@pytest.mark.parametrize(
    ("part", "test"),
    [
        ("netloc", 'host.endswith(".procore.com")'),
        ("hostname", '(host or "").endswith(".procore.com")'),
    ],
)
def test_a_name_for_the_host_is_not_parsed_again(tmp_path: Path, part: str, test: str) -> None:
    source = f"""\
    import requests
    from urllib.parse import urlparse

    def download(procore, url):
        host = urlparse(url).{part}
        headers = {{"Authorization": procore.token}} if "storage.procore.com" in host else {{}}
        return requests.get(url, headers=headers)
    """
    (line,) = changed(tmp_path, source, unsafe=False).values()
    assert line == f'headers = {{"Authorization": procore.token}} if {test} else {{}}'


@pytest.mark.parametrize(
    "parameters",
    ["procore, url, hosts", "procore, hosts, url, urlparse=print"],
)
def test_what_may_be_no_link_gets_no_other_test(tmp_path: Path, parameters: str) -> None:
    asked = "url" if "=print" in parameters else "hosts"
    source = f"""\
    import requests
    from urllib.parse import urlparse

    def download({parameters}):
        headers = {{"Authorization": procore.token}} if "storage.procore.com" in {asked} else {{}}
        return requests.get(url, headers=headers)
    """
    assert changed(tmp_path, source) == {}


def test_a_list_of_ends_takes_the_suffix(tmp_path: Path) -> None:
    source = """\
    # Procore and what it redirects to
    HOSTS = ["storage.procore.com", "example.com"]

    def is_allowed(host):
        return any(host.endswith(end) for end in HOSTS)
    """
    assert changed(tmp_path, source) == {
        'HOSTS = ["storage.procore.com", "example.com"]': 'HOSTS = [".procore.com", "example.com"]'
    }


def test_a_list_of_whole_hosts_stays(tmp_path: Path) -> None:
    source = """\
    # Procore and what it redirects to
    HOSTS = ["storage.procore.com", "example.com"]

    def is_allowed(host):
        return host in HOSTS or host.endswith(tuple(HOSTS))
    """
    assert changed(tmp_path, source) == {}


# ---------------------------------------------------------------- PCL304, PCL305


def test_a_download_gets_the_headers_of_the_calls_beside_it(tmp_path: Path) -> None:
    source = """\
    import requests

    class ProcoreFiles:
        def headers(self):
            return {"Authorization": self.token, "Procore-Company-Id": self.company}

        def document(self, id):
            return requests.get(f"https://api.procore.com/rest/v1.0/files/{id}", headers=self.headers()).json()

        def save(self, id):
            document = self.document(id)
            return requests.get(document["file_versions"][0]["url"], stream=True).content
    """
    assert changed(tmp_path, source) == {
        'return requests.get(document["file_versions"][0]["url"], stream=True).content':
        'return requests.get(document["file_versions"][0]["url"], stream=True, headers=self.headers()).content',
    }  # fmt: skip


def test_a_download_without_headers_in_reach_names_those_of_the_api_calls(tmp_path: Path) -> None:
    source = """\
    import requests

    def document(headers, id):
        headers = {"Authorization": "Bearer x", "Procore-Company-Id": "7"}
        found = requests.get(f"https://api.procore.com/rest/v1.0/files/{id}", headers=headers).json()
        save(found["url"])

    def save(url):
        return requests.get(url)
    """
    assert changed(tmp_path, source) == {}
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL304"]
    assert "`requests.get(url, headers=headers, ...)`" in str(row["help"])
    assert "procore_sync.py:5" in str(row["help"])


def test_a_token_that_leaves_procore_is_left_out_with_its_headers(tmp_path: Path) -> None:
    source = """\
    import requests

    def fetch(procore, link):
        headers = {"Authorization": procore.token, "Procore-Company-Id": procore.company}
        file = requests.get("https://api.procore.com/rest/v1.0/files/1", headers=headers).json()
        first = requests.get(file["url"], headers=headers, allow_redirects=False)
        return requests.get(first.headers["Location"], headers=headers, timeout=5)
    """
    assert changed(tmp_path, source) == {
        'return requests.get(first.headers["Location"], headers=headers, timeout=5)':
        'return requests.get(first.headers["Location"], timeout=5)',
    }  # fmt: skip


def test_headers_that_the_storage_may_need_stay(tmp_path: Path) -> None:
    source = """\
    import requests

    def send(procore, data):
        headers = {"Authorization": procore.token, "Procore-Company-Id": procore.company}
        ticket = requests.post("https://api.procore.com/rest/v1.1/projects/1/uploads", headers=headers).json()
        mixed = {"Authorization": procore.token, "Content-Type": "application/pdf"}
        return requests.put(ticket["url"], data=data, headers=mixed)
    """
    assert changed(tmp_path, source) == {}


# ---------------------------------------------------------------- PCL601


def test_the_directory_event_moves_to_the_company(tmp_path: Path) -> None:
    source = """\
    # Procore hooks
    TRIGGERS = [
        {"resource_name": "Project Users", "event_type": "update"},
        {"resource_name": "Project Users", "event_type": "create"},
    ]
    """
    assert changed(tmp_path, source) == {
        '{"resource_name": "Project Users", "event_type": "update"},':
        '{"resource_name": "Company Users", "event_type": "update"},',
    }  # fmt: skip


def test_a_resource_that_serves_other_events_too_stays(tmp_path: Path) -> None:
    source = 'HOOKS = {"resource_name": "Project Users", "event_types": ["create", "update"]}  # Procore\n'
    project(tmp_path, {"procore_hooks.py": source})
    rows = [row for row in check(tmp_path) if row["code"] == "PCL601"]
    assert all(row.get("fix") is None for row in rows)
    assert mended(tmp_path, source) == source


# ---------------------------------------------------------------- whole integrations


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
