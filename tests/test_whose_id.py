"""Whose id a fix sends: that of the company which the request is for, if anyone's."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import check, project

HEAD = """\
import os

import click
import requests
from fastapi import Query

API = "https://api.procore.com/rest/v1.0"


"""


def sent(root: Path, body: str) -> list[str]:
    """The code of the header that the fixes would send, "" for a defect without a fix."""
    project(root, {"procore_sync.py": HEAD + textwrap.dedent(body).lstrip("\n")})
    found: list[str] = []
    for row in check(root):
        if row["code"] == "PCL201":
            fix = row["fix"]
            title = str(fix["title"]) if isinstance(fix, dict) else ""
            found.append(title.partition('"Procore-Company-Id": ')[2].rstrip("}`"))
    assert found
    return found


@pytest.mark.parametrize(
    "body",
    [
        # Sent as the id of a vendor, of a row of the project's own table, of something in another system.
        """
        def vendor(token, project_id, company_id):
            return requests.get(f"{API}/projects/{project_id}/vendors/{company_id}", headers={"Authorization": token})
        """,
        """
        def vendor(token, project_id, company_id):
            url = "%s/projects/%s/vendors/%s" % (API, project_id, company_id)
            return requests.get(url, headers={"Authorization": token})
        """,
        """
        def person(token, company_id):
            return requests.post(f"{API}/people", json={"vendor_id": company_id}, headers={"Authorization": token})
        """,
        """
        def sync(token, company_id, rows):
            row = rows.objects.get(pk=company_id)
            return requests.get(f"{API}/projects/{row.project}", headers={"Authorization": token})
        """,
        """
        company_id = os.environ["QUICKBOOKS_COMPANY_ID"]


        def projects(token):
            return requests.get(f"{API}/projects", headers={"Authorization": token})
        """,
        """
        def projects(token, user):
            company_id = user["vendor"]["id"]
            return requests.get(f"{API}/projects", headers={"Authorization": token})
        """,
        """
        class Sync:
            def __init__(self, token, company_id):
                self.token = token
                self.company_id = company_id

            def jobs(self):
                return requests.get(f"https://api.intacct.com/companies/{self.company_id}/jobs")

            def projects(self):
                return requests.get(f"{API}/projects", headers={"Authorization": self.token})
        """,
    ],
)
def test_the_id_of_something_else_is_not_sent(tmp_path: Path, body: str) -> None:
    assert sent(tmp_path, body) == [""]


@pytest.mark.parametrize(
    "body",
    [
        """
        COMPANY_ID = os.getenv("PROCORE_COMPANY_ID")


        def rfis(token):
            params = {"company_id": COMPANY_ID} if COMPANY_ID else {}
            return requests.get(f"{API}/projects/1/rfis", params=params, headers={"Authorization": token})
        """,
        """
        @click.command()
        @click.option("--company-id", type=int)
        def rfis(company_id):
            return requests.get(f"{API}/projects/1/rfis", headers={"Authorization": "x"})
        """,
        """
        def rfis(token, company_id: str = Query(None)):
            return requests.get(f"{API}/projects/1/rfis", params={"company_id": company_id}, headers={"Authorization": token})
        """,
        """
        def rfis(token, body):
            company_id = body.get("company_id")
            return requests.get(f"{API}/projects/1/rfis", headers={"Authorization": token})
        """,
        """
        def rfis(token, company_id):
            if company_id:
                print("for", company_id)
            return requests.get(f"{API}/projects/1/rfis", headers={"Authorization": token})
        """,
        """
        class Client:
            def __init__(self, token, company_id):
                self.token, self.company_id = token, company_id

            def rfis(self):
                return requests.get(f"{API}/projects/1/rfis", headers={"Authorization": self.token})


        Client("x", None).rfis()
        """,
        """
        class Client:
            company_id = property(lambda self: None)

            def rfis(self, token):
                return requests.get(f"{API}/projects/1/rfis", headers={"Authorization": token})
        """,
    ],
)
def test_what_may_be_absent_is_not_sent(tmp_path: Path, body: str) -> None:
    assert set(sent(tmp_path, body)) == {""}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            """
            def projects(token, cid):
                return requests.get(f"{API}/companies/{cid}/projects", headers={"Authorization": token})
            """,
            "str(cid)",
        ),
        (
            """
            def rfis(token, companies):
                for company in companies:
                    params = {"page": 1}
                    requests.get(f"{API}/rfis", params={"company_id": company["id"]}, headers={"Authorization": token})
            """,
            'str(company["id"])',
        ),
        (
            """
            def rfis(token, body):
                company_id = body.get("company_id")
                if not company_id:
                    return None
                return requests.get(f"{API}/projects/1/rfis", headers={"Authorization": token})
            """,
            "str(company_id)",
        ),
        (
            """
            @click.option("--company-id", required=True)
            def rfis(company_id):
                return requests.get(f"{API}/projects/1/rfis", headers={"Authorization": "x"})
            """,
            "str(company_id)",
        ),
        (
            """
            def rfis(token, ids):
                for company_id in ids:
                    requests.get(f"{API}/projects/1/rfis", headers={"Authorization": token})
            """,
            "str(company_id)",
        ),
    ],
)
def test_the_id_that_the_request_is_for_is_sent(tmp_path: Path, body: str, code: str) -> None:
    assert sent(tmp_path, body) == [code]


def test_a_path_that_names_another_company_gets_its_own(tmp_path: Path) -> None:
    body = """
    company_id = 10
    COMPANY_ID = 562949953421312
    HEADERS = {"Authorization": "Bearer x"}


    def projects():
        return requests.get(f"{API}/companies/{COMPANY_ID}/projects", headers=HEADERS)
    """
    assert sent(tmp_path, body) == ["str(COMPANY_ID)"]


def test_headers_that_are_built_once_do_not_carry_an_id_that_changes(tmp_path: Path) -> None:
    body = """
    class Client:
        def __init__(self, token, company_id):
            self.company_id = company_id
            self.session = requests.Session()
            self.session.headers = {"Authorization": f"Bearer {token}"}

        def rfis(self):
            return self.session.get(f"{API}/projects/1/rfis")
    """
    assert sent(tmp_path / "steady", body) == ["str(company_id)"]
    switch = "\n    def switch(self, company_id):\n        self.company_id = company_id\n"
    changing = textwrap.dedent(body) + switch
    assert sent(tmp_path / "changing", changing) == ["str(self.company_id)"]


def test_a_name_that_is_bound_again_below_the_headers_is_not_sent_with_them(tmp_path: Path) -> None:
    body = """
    def users(token, company_id, project):
        headers = {"Authorization": token}
        first = requests.get(f"{API}/projects/{project}/rfis", headers=headers)
        company_id = first.json()["company"]["id"]
        return requests.get(f"{API}/companies/{company_id}/users", headers=headers)
    """
    assert sent(tmp_path, body) == ["", "str(company_id)"]
