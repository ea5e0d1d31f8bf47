"""Fixes of downloads (PCL304, PCL305): the token goes along to Procore and stays behind beyond it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import changed, check, mended, project


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


def test_headers_that_an_answer_asks_for_stay(tmp_path: Path) -> None:
    source = """\
    import requests

    def send(token, company, data):
        h = {"Authorization": token, "Procore-Company-Id": company}
        up = requests.post("https://api.procore.com/rest/v1.1/projects/1/uploads", headers=h).json()
        requests.post(
            "https://s3.amazonaws.com/bucket", headers={**up["headers"], "Authorization": h["Authorization"]}
        )
    """
    assert changed(tmp_path, source) == {}
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL305"]
    assert row["help"] == 'pass `headers=up["headers"]` in this call'


@pytest.mark.parametrize(
    ("more", "then"),
    [
        (', "Range": "items=0-9"', "pass"),
        (', "If-None-Match": "a"', "pass"),
        ("", "h.clear()"),
        ("", 'h.pop("Authorization")'),
        ("", 'del h["Authorization"]'),
    ],
)
def test_headers_of_a_part_or_without_their_token_do_not_go_along(
    tmp_path: Path, more: str, then: str
) -> None:
    source = f"""\
    import requests

    def photos(token, company):
        h = {{"Authorization": token, "Procore-Company-Id": company{more}}}
        found = requests.get("https://api.procore.com/rest/v1.0/images?project_id=1", headers=h).json()
        {then}
        return [requests.get(image["url"]).content for image in found]
    """
    assert changed(tmp_path, source) == {}
    assert "PCL304" in {row["code"] for row in check(tmp_path)}


def test_headers_whose_name_is_another_services_by_now_are_not_passed(tmp_path: Path) -> None:
    source = """\
    import requests

    def files(token, company_id, pid):
        headers = {"Authorization": f"Bearer {token}", "Procore-Company-Id": str(company_id)}
        url = f"https://api.procore.com/rest/v1.0/projects/{pid}/documents"
        found = requests.get(url, headers=headers).json()
        %s
        return [requests.get(each["url"]).content for each in found]
    """
    other = source % 'headers = {"X-Api-Key": "of another service"}'
    assert changed(tmp_path / "a", other) == {}
    assert "headers=headers" in str(changed(tmp_path / "b", source % "print(found)"))


@pytest.mark.parametrize("between", ["del headers", "with open(token) as headers:\n            pass"])
def test_headers_whose_name_is_gone_by_then_are_not_passed(tmp_path: Path, between: str) -> None:
    source = f"""\
    import requests
    API = "https://api.procore.com/rest/v1.0"
    def photos(project_id, company_id, token):
        headers = {{"Authorization": f"Bearer {{token}}", "Procore-Company-Id": str(company_id)}}
        images = requests.get(f"{{API}}/images", headers=headers, params={{"project_id": project_id}}).json()
        {between}
        return [requests.get(i["url"]).content for i in images]
    """
    assert mended(tmp_path, source) == textwrap.dedent(source)


@pytest.mark.parametrize("call", ["pool.map(requests.get, urls)", "pool.map(requests.get, [*urls])"])
def test_what_calls_a_function_is_passed_no_headers_for_it(tmp_path: Path, call: str) -> None:
    source = f"""\
    import requests
    from concurrent.futures import ThreadPoolExecutor
    API = "https://api.procore.com/rest/v1.0"
    def photos(project_id, company_id, token):
        headers = {{"Authorization": f"Bearer {{token}}", "Procore-Company-Id": str(company_id)}}
        images = requests.get(f"{{API}}/images", headers=headers, params={{"project_id": project_id}}).json()
        urls = [image["url"] for image in images]
        with ThreadPoolExecutor(4) as pool:
            return list({call})
    """
    (row,) = check(project(tmp_path, {"procore_sync.py": source}))
    assert row["fix"] is None
    assert "`lambda url: requests.get(url, headers=headers, ...)`" in str(row["help"])
