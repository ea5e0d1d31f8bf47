"""Fixes of hosts and paths (PCL104, PCL202, PCL203) where other code matches urls by what stands there now."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import changed, check, mended, project

HOST = """\
    import json
    import requests

    HOST = "app.procore.com"
    BASE = "https://app.procore.com/rest/v1.0"
    KEPT = json.load(open("kept.json"))


    def vendors(session, auth):
        {line}
        return session.get(BASE + "/vendors", auth=auth, headers={{"Procore-Company-Id": "5"}})
"""


@pytest.mark.parametrize(
    "line",
    [
        'session.mount("https://app.procore.com", Retrying())',
        'session.mount("https://app.procore.com/rest/", Retrying())',
        'session.proxies = {"https://app.procore.com": "http://proxy:8080"}',
        'session.limits["app.procore.com"] = 5',
        'session.cookies.set("beta", "1", domain="app.procore.com")',
        'session.mount(f"https://{HOST}", Retrying()) if KEPT else session.mount("https://app.procore.com/", None)',
        "session.verify = KEPT[BASE]",
        'auth.check(lambda r: r.url.startswith("https://app.procore.com/rest"))',
        'auth.check(lambda r: "app.procore.com" in str(r.request.url))',
        'auth.check(lambda r: urlparse(r.url).netloc == "app.procore.com")',
    ],
)
def test_a_host_that_other_code_matches_stays(tmp_path: Path, line: str) -> None:
    source = HOST.format(line=line)
    assert mended(tmp_path, source) == textwrap.dedent(source)


@pytest.mark.parametrize(
    "line",
    [
        "session.mount(BASE, Retrying())",
        'session.mount("https://", Retrying())',
        'session.mount("https://api.procore.com", Retrying())',
        'auth.check(lambda r: "/login" in r.url)',
        'auth.check(lambda r: "login.procore.com" in r.url)',
    ],
)
def test_what_matches_the_new_host_as_well_holds_nothing_back(tmp_path: Path, line: str) -> None:
    assert changed(tmp_path, HOST.format(line=line), unsafe=False) == {
        'BASE = "https://app.procore.com/rest/v1.0"': 'BASE = "https://api.procore.com/rest/v1.0"'
    }


def test_the_help_names_the_line_that_matches_the_host(tmp_path: Path) -> None:
    source = HOST.format(line='session.mount("https://app.procore.com", Retrying())')
    (row,) = check(project(tmp_path, {"procore_sync.py": source}))
    assert "see to " in str(row["help"])
    assert str(row["help"]).endswith("procore_sync.py:10, which may match what is sent there")


def test_the_url_of_tokens_stays_where_its_host_is_mounted(tmp_path: Path) -> None:
    source = """\
        import requests


        def token(code):
            session = requests.Session()
            session.mount("https://api.procore.com", Retrying())
            return session.post("https://api.procore.com/oauth/token", data={"code": code})
    """
    assert mended(tmp_path, source) == textwrap.dedent(source)
    (row,) = check(project(tmp_path, {"procore_sync.py": source}))
    assert "which may match what is sent there" in str(row["help"])


def test_a_vapid_path_that_is_tested_in_the_answer_stays(tmp_path: Path) -> None:
    source = """\
        import requests


        def get(path, token):
            answer = requests.get("https://api.procore.com/vapid/" + path, headers={"Authorization": token})
            if "/vapid/" not in answer.url:
                raise RuntimeError("redirected to the login page")
            return answer
    """
    assert "vapid/" in mended(tmp_path, source)
    rows = check(project(tmp_path, {"procore_sync.py": source}))
    assert any(str(row["help"]).endswith("which matches what is asked for there") for row in rows)
