"""Fixes of paths (PCL203, PCL4xx): those that move to a version that takes the same parameters."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import REST, changed, check, mended, project


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


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/vapid/rest/v1.0/projects", 'requests.get(HOST + "/rest/v1.0/projects")'),
        ("/vapid/v1.1/projects", 'requests.get(HOST + "/rest/v1.1/projects")'),
    ],
)
def test_a_vapid_path_that_names_a_version_gets_no_second_one(tmp_path: Path, path: str, line: str) -> None:
    source = f"""\
    import requests

    HOST = "https://api.procore.com"

    def projects():
        return requests.get(HOST + "{path}")
    """
    assert changed(tmp_path, source) == {}
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL203"]
    assert line.removeprefix("requests.get(").removesuffix(")") in str(row["help"])


def test_a_vapid_base_that_versions_are_put_behind_stays(tmp_path: Path) -> None:
    source = """\
    import requests

    BASE = "https://api.procore.com/vapid/"

    def projects(headers):
        return requests.get(BASE + "v1.1/projects", headers=headers)
    """
    assert changed(tmp_path, source) == {}


@pytest.mark.parametrize("look", ['PATH.startswith("/vapid")', 'PATH.replace("/vapid", "")', "PATH[7:]"])
def test_a_vapid_path_that_is_tested_or_cut_stays(tmp_path: Path, look: str) -> None:
    source = f"""\
    import requests

    PATH = "/vapid/projects"

    def projects(headers):
        print({look})
        return requests.get("https://api.procore.com" + PATH, headers=headers)
    """
    assert changed(tmp_path, source) == {}
