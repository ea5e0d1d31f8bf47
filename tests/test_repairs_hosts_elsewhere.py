"""Hosts that a fix leaves alone: their literal is a part of more than requests' urls (PCL104, PCL202)."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import changed, check, project


def rest_of(root: Path) -> list[object]:
    """The fixes offered for hosts in a project on disk."""
    return [row.get("fix") for row in check(root) if row["code"] in ("PCL104", "PCL202")]


@pytest.mark.parametrize(
    "other",
    [
        'return f"please see {BASE}/{company}/project/{project} for details"',
        'return "[open](%s/%s/project/%s)" % (BASE, company, project)',
        "return \"<a href='{host}/{c}'>x</a>\".format(host=BASE, c=company)",
        'return "frame-ancestors " + BASE',
        'return {"procore_url": BASE}',
        'return requests.get("https://example.com/a", headers={"Referer": BASE})',
        'return BASE.replace("app", "login")',
        "return urlparse(BASE).hostname",
        "return company.startswith(BASE)",
        "return BASE[8:]",
        'return BASE.split("//")[1]',
        "return company == BASE",
        'print("open", BASE)',
        "company.write(BASE)",
        "company.link = BASE",
        "yield BASE",
        "return anchor(BASE, project)",
        "return Card(BASE)",
        "return cut(BASE)",
        "return is_same(company, BASE)",
    ],
)
def test_a_host_that_is_also_shown_sent_along_tested_or_cut_stays(tmp_path: Path, other: str) -> None:
    source = f"""\
    from urllib.parse import urlparse

    import requests

    BASE = "https://app.procore.com"

    def me(headers):
        return requests.get(BASE + "/rest/v1.0/me", headers=headers)

    def other(company, project):
        {other}

    def anchor(base, path):
        return "<a href='" + base + "/" + path + "'>"

    class Card:
        def __init__(self, url):
            self.url = url

        def html(self):
            return "<b>" + self.url + "/home"

    def cut(url):
        return url[8:]

    def is_same(one, other):
        return one == other
    """
    assert changed(tmp_path, source) == {}
    assert rest_of(tmp_path) == [None]


def test_a_host_that_another_file_puts_into_a_text_stays(tmp_path: Path) -> None:
    files = {
        "conf.py": 'PROCORE_URL = "https://sandbox.procore.com"\n',
        "auth.py": """\
        import requests
        from conf import PROCORE_URL

        def token(code):
            return requests.post(PROCORE_URL + "/oauth/token", data={"code": code})
        """,
        "mails.py": """\
        from conf import PROCORE_URL

        def link(company):
            return f'<a href="{PROCORE_URL}/{company}">open</a>'
        """,
    }
    project(tmp_path, files)
    check(tmp_path, "--fix", "--unsafe-fixes")
    assert (tmp_path / "conf.py").read_text() == files["conf.py"]
    assert "https://login-sandbox.procore.com/oauth/token" in (tmp_path / "auth.py").read_text()


def test_a_token_url_that_a_helper_cuts_stays(tmp_path: Path) -> None:
    source = """\
    import requests

    TOKEN_URL = "https://api.procore.com/oauth/token"

    def host_of(url):
        return url.split("/")[2]

    def token(code):
        return requests.post(TOKEN_URL, data={"code": code}, headers={"X": host_of(TOKEN_URL)})
    """
    assert changed(tmp_path, source) == {}


@pytest.mark.parametrize(
    "harmless",
    [
        'if not BASE.endswith("/"): pass',
        'BASE = BASE.rstrip("/")',
        'if BASE.startswith("https://"): pass',
        'if "sandbox" in BASE: pass',
        "if not BASE: pass",
        "print(f'calls go to {BASE}/rest/v1.0/me now')",
    ],
)
def test_a_test_that_the_new_host_answers_alike_does_not_hold_the_fix_back(
    tmp_path: Path, harmless: str
) -> None:
    source = f"""\
    import requests

    BASE = "https://app.procore.com"
    {harmless}

    def me(headers):
        return requests.get(BASE + "/rest/v1.0/me", headers=headers)
    """
    assert changed(tmp_path, source, unsafe=False) == {
        'BASE = "https://app.procore.com"': 'BASE = "https://api.procore.com"'
    }


def test_a_host_that_helpers_put_in_front_of_paths_moves(tmp_path: Path) -> None:
    source = """\
    import logging

    import requests

    log = logging.getLogger(__name__)
    HOST = "https://app.procore.com"

    class ProcoreClient:
        def __init__(self, base_url=HOST):
            log.info("calls go to %s", base_url)
            self.base_url = base_url.rstrip("/")

        def url(self, path):
            return join(self.base_url, path)

        def me(self, headers):
            return requests.get(self.url("/rest/v1.0/me"), headers=headers)

        def projects(self, headers):
            return requests.get(self.url("/rest/v1.0/projects"), headers=headers)

    def join(base, path):
        return base + path

    def main(headers):
        return ProcoreClient(HOST).me(headers)
    """
    assert changed(tmp_path, source, unsafe=False) == {
        'HOST = "https://app.procore.com"': 'HOST = "https://api.procore.com"'
    }


def test_a_host_without_its_scheme_moves_as_well(tmp_path: Path) -> None:
    source = """\
    import requests

    HOST = "sandbox.procore.com"

    def token(form):
        return requests.post(f"https://{HOST}/oauth/token", data=form)
    """
    assert changed(tmp_path, source, unsafe=False) == {
        'HOST = "sandbox.procore.com"': 'HOST = "login-sandbox.procore.com"'
    }


def test_an_authorize_url_that_is_printed_in_a_sentence_moves(tmp_path: Path) -> None:
    source = """\
    client = input()
    url = f"https://app.procore.com/oauth/authorize?client_id={client}"
    print(f"Visit {url} to log in")
    """
    (after,) = changed(tmp_path, source, unsafe=False).values()
    assert after.startswith('url = f"https://login.procore.com/oauth/authorize')
