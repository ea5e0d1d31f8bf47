"""The help of findings: lines to write, made from the code at hand, in the names that stand there."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import check, project

HEAD = "import os\nimport re\nimport time\nfrom urllib.parse import urlparse\n\nimport requests\n\n"
API = 'API = "https://api.procore.com"\nTOKEN_URL = "https://login.procore.com/oauth/token"\n\n\n'
WITH = 'headers={"Authorization": f"Bearer {token}", "Procore-Company-Id": company}'


def helps(root: Path, source: str, code: str) -> list[str]:
    project(root, {"procore_sync.py": HEAD + API + source})
    return [str(row["help"]) for row in check(root) if row["code"] == code]


@pytest.mark.parametrize(
    ("code", "source", "wanted"),
    [
        (
            "PCL203",
            f'def users(base, token, company):\n    return requests.get(f"{{API}}/vapid/users", {WITH})\n',
            'write `f"{API}/rest/v1.0/users"`',
        ),
        (
            "PCL203",
            f'def users(token, company):\n    return requests.get("/".join([API, "vapid", "users"]), {WITH})\n',
            'write `"/".join([API, "rest/v1.0", "users"])`',
        ),
        (
            "PCL302",
            'def link(key, sig):\n    return f"https://storage.procore.com/v4/d/{key}?sig={sig}"\n',
            "let `link` return the link from the API's answer as it is,"
            " and drop what makes it of `key` and `sig`",
        ),
        (
            "PCL302",
            'def keep(doc):\n    doc.url = "https://storage.procore.com/v4/d/%s" % doc.key\n',
            "take `doc.url` from the API's answer as it is, and drop what makes it of `doc.key`",
        ),
        (
            "PCL303",
            'HOSTS = {"storage.procore.com", "files.example.com"}\n\n\n'
            "def ok(url):\n    return urlparse(url).hostname in HOSTS\n",
            "write `urlparse(url).hostname in HOSTS or"
            ' (urlparse(url).hostname or "").endswith(".procore.com")` at procore_sync.py:16',
        ),
        (
            "PCL303",
            'POLICY = "img-src \'self\' https://storage.procore.com; default-src \'self\'"\n',
            "write `https://*.procore.com` in place of `https://storage.procore.com`",
        ),
        (
            "PCL301",
            "def key(link):\n    return link.split('storage.procore.com/')[1]\n",
            "use `link` as it comes, and take names and ids from the record",
        ),
        (
            "PCL301",
            'STORED = re.compile(r"storage\\.procore\\.com/v4/d/")\n',
            "drop `STORED`: use the link as it comes",
        ),
        (
            "PCL401",
            "def drop(sub_job, token, company):\n"
            f'    return requests.delete(f"{{API}}/rest/v1.0/sub_jobs/{{sub_job}}", {WITH})\n',
            'use DELETE `f"{API}/rest/v1.0/projects/{project_id}/work_breakdown_structure/segments'
            '/{segment_id}/segment_items/{item_id}"`',
        ),
        (
            "PCL403",
            "def move(client, job, token, company):\n"
            f'    url = API + "/rest/v1.0/projects/%s/budget_modifications" % job\n'
            f"    return requests.post(url, json={{}}, {WITH})\n",
            'use POST `f"{API}/rest/v1.0/projects/{job}/budget_changes"`',
        ),
        (
            "PCL501",
            "def ask(service_account):\n    form = {'grant_type': 'client_credentials', **service_account}\n"
            "    return requests.post(TOKEN_URL, data=form)\n",
            '`"client_id": os.environ["PROCORE_DMSA_CLIENT_ID"], "client_secret":'
            ' os.environ["PROCORE_DMSA_CLIENT_SECRET"]` in place of `**service_account`',
        ),
        (
            "PCL501",
            "from oauthlib.oauth2 import BackendApplicationClient\n"
            "def ask(service_account_id):\n    return BackendApplicationClient(client_id=service_account_id)\n",
            'write `client_id=os.environ["PROCORE_DMSA_CLIENT_ID"]` in place of `service_account_id`',
        ),
        (
            "PCL502",
            "def ask():\n    return requests.post(TOKEN_URL, data={'grant_type': 'client_credentials',\n"
            "        'client_id': os.environ['PROCORE_CLIENT_ID'], 'client_secret': settings.secret})\n",
            '`{"grant_type": "client_credentials", "client_id": os.environ["PROCORE_DMSA_CLIENT_ID"],'
            ' "client_secret": settings.dmsa_secret}`',
        ),
        (
            "PCL601",
            'WANTED = [{"resource_name": "Project Users", "event_types": ["create", "update"]}]\n',
            'write `{"resource_name": "Project Users", "event_types": ["create"]}`, and'
            ' `{"resource_name": "Company Users", "event_types": ["update"]}` beside it',
        ),
        (
            "PCL601",
            'WANTED = [{"resource_name": "Project Users", "event_type": "update"}]\n',
            'write `{"resource_name": "Company Users", "event_type": "update"}`',
        ),
        (
            "PCL103",
            "def leave(session):\n    form = {'token': session.pop('access_token')}\n"
            "    requests.post('https://login.procore.com/oauth/revoke', data=form)\n",
            'send `"token": session.pop("refresh_token")`',
        ),
        (
            "PCL103",
            "def leave(access_token):\n    form = {'token': access_token}\n"
            "    requests.post('https://login.procore.com/oauth/revoke', data=form)\n",
            "send the refresh token in place of `access_token`",
        ),
        (
            "PCL101",
            "def keep(form):\n    while True:\n        requests.post(TOKEN_URL, data=form)\n"
            "        time.sleep(90 * 60)\n",
            "write `time.sleep(expires_in - 60)`",
        ),
        (
            "PCL101",
            "def keep(store, form):\n    answer = requests.post(TOKEN_URL, data=form).json()\n"
            "    store.setex('token', 5400, answer['access_token'])\n",
            'write `store.setex("token", answer["expires_in"], answer["access_token"])`',
        ),
        (
            "PCL102",
            "class ProcoreToken:\n    access_token: str\n    expires_in: int = 7200\n",
            "write `expires_in: int`, without a default",
        ),
        (
            "PCL201",
            "session = requests.Session()\n\n\n"
            'def projects():\n    return session.get(API + "/rest/v1.0/projects")\n',
            'add `session.headers["Procore-Company-Id"] = str(company_id)` after procore_sync.py:12,'
            " and bring the id of the company there",
        ),
        (
            "PCL305",
            "def put(token, company, part):\n    shared = {'Authorization': token, 'Procore-Company-Id': company}\n"
            '    ticket = requests.post(API + "/rest/v1.1/companies/1/uploads", headers=shared).json()\n'
            "    requests.put(ticket['url'], headers={'Authorization': token, 'Content-Type': 'x/y'})\n",
            'pass `headers={"Content-Type": "x/y"}` in this call',
        ),
    ],
)  # fmt: skip
def test_the_help_shows_the_line_to_write(tmp_path: Path, code: str, source: str, wanted: str) -> None:
    assert any(wanted in text for text in helps(tmp_path, source, code)), helps(tmp_path, source, code)


def test_a_second_call_of_a_moment_is_not_taken_for_the_constant(tmp_path: Path) -> None:
    source = (
        "class ProcoreAuth:\n    lifetime = 5400\n\n    def header(self, form):\n"
        "        if self.at + self.lifetime < time.time():\n"
        "            self.token = requests.post(TOKEN_URL, data=form).json()['access_token']\n"
        "            self.at = time.time()\n        return self.token\n"
    )
    (text,) = helps(tmp_path, source, "PCL101")
    assert "`self.at + self.expires_in < time.time()`" in text


def test_the_right_header_set_too_late_is_not_called_misnamed(tmp_path: Path) -> None:
    source = (
        "headers = {'Authorization': os.environ['TOKEN']}\n"
        "requests.get(API + '/rest/v1.0/projects', headers=headers)\n"
        "headers['Procore-Company-Id'] = os.environ['COMPANY']\n"
    )
    (text,) = helps(tmp_path, source, "PCL201")
    assert text.startswith('add `"Procore-Company-Id": str(company_id)` to the dict at')


def test_code_that_cannot_be_shown_gets_the_general_help(tmp_path: Path) -> None:
    source = "def link(key):\n    return 'https://storage.procore.com/v4/d/' + (key or str(-key))\n"
    assert helps(tmp_path, source, "PCL302") == ["take the url from the API's answer as it is"]


@pytest.mark.parametrize(
    ("code", "source", "wanted"),
    [
        (
            "PCL301",
            'def ok(url):\n    return (urlparse(url).hostname or "").endswith("storage.procore.com")\n',
            'test `(urlparse(url).hostname or "").endswith(".procore.com")`',
        ),
        (
            "PCL301",
            'def ok(link):\n    return urlparse(link).netloc.startswith("storage.procore.com")\n',
            'test `(urlparse(link).hostname or "").endswith(".procore.com")`',
        ),
        (
            "PCL301",
            'def ok(url):\n    return url.split("//", 1)[1].startswith("storage.procore.com")\n',
            'do not decide by `url.split("//", 1)[1]`',
        ),
        (
            "PCL301",
            'def ok(hostname):\n    return hostname.startswith("storage.procore.com")\n',
            'test `(hostname or "").endswith(".procore.com")`',
        ),
        (
            "PCL303",
            'HOSTS = {"storage.procore.com"}\n\n\n'
            "def ok(url):\n    host = urlparse(url).hostname\n    return host in HOSTS\n",
            'write `host in HOSTS or (host or "").endswith(".procore.com")`',
        ),
        (
            "PCL104",
            "from flask import current_app\n\n\ndef exchange(code):\n"
            '    requests.get(current_app.config["PROCORE_BASE_URL"] + "/rest/v1.0/me")\n'
            '    return requests.post(current_app.config["PROCORE_BASE_URL"] + "/oauth/token")\n',
            'write `current_app.config["PROCORE_LOGIN_URL"] + "/oauth/token"`',
        ),
        (
            "PCL403",
            "def rename(headers, project):\n    return requests.put(\n"
            '        f"{API}/rest/v1.0/projects/{project}/drawing_disciplines/5", headers=headers)\n',
            'use PATCH `f"{API}/rest/v1.1/projects/{project}/drawing_disciplines/5"`',
        ),
        (
            "PCL403",
            "def rename(headers, project, key):\n    return requests.put(\n"
            '        f"{API}/rest/v1.0/projects/{project}/drawing_disciplines/{key}", headers=headers)\n',
            'use PATCH `f"{API}/rest/v1.1/projects/{project}/drawing_disciplines/{key}"`',
        ),
        (
            "PCL202",
            'def me(headers):\n    return requests.get("https://app.procore.com/vapid/me", headers=headers)\n',
            'write `"https://api.procore.com/rest/v1.0/me"`',
        ),
        (
            "PCL203",
            'def me(headers):\n    return requests.get("https://app.procore.com/vapid/me", headers=headers)\n',
            'write `"https://api.procore.com/rest/v1.0/me"`',
        ),
    ],
)
def test_the_line_to_write_runs_as_it_stands(tmp_path: Path, code: str, source: str, wanted: str) -> None:
    (text,) = helps(tmp_path, source, code)
    assert wanted in text
    assert "in place of `app.procore.com`" not in text


def test_headers_that_are_none_are_not_spread(tmp_path: Path) -> None:
    source = (
        "import requests\n\nrequests.get('https://api.procore.com/rest/v1.0/projects/1/rfis', headers=None)\n"
    )
    (row,) = (r for r in check(project(tmp_path, {"sync.py": source})) if r["code"] == "PCL201")
    assert str(row["help"]).startswith('pass `headers={"Procore-Company-Id": str(company_id)}` in this call')
