"""What may be nothing where a request is sent is no company id to send."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import check, project

REST = 'import typing\n\nimport requests\n\nAPI = "https://api.procore.com/rest/v1.0"\n\n\n'
CALL = 'requests.get(f"{API}/projects", headers={"Authorization": token})'


def fixes(root: Path, body: str) -> list[object]:
    project(root, {"procore_sync.py": REST + textwrap.dedent(body).lstrip("\n").replace("CALL", CALL)})
    rows = [row for row in check(root) if row["code"] == "PCL201"]
    assert rows
    return [row["fix"] for row in rows]


@pytest.mark.parametrize(
    "body",
    [
        """
        def projects(token, company_id):
            if company_id < 0:
                company_id = None
            return CALL
        """,
        """
        def projects(token, company_id):
            del company_id
            return CALL
        """,
        """
        def projects(token, company):
            company_id = company.id if company else None
            return CALL
        """,
        """
        def projects(token, company):
            company_id = company.id
            while company.parent:
                company, company_id = company.parent, None
                company_id = None
            return CALL
        """,
        """
        def projects(token, company_id: typing.Optional[int]):
            return CALL
        """,
        """
        def projects(token, company_id: "int | None"):
            return CALL
        """,
    ],
)
def test_an_id_that_may_be_nothing_is_not_in_reach(tmp_path: Path, body: str) -> None:
    assert fixes(tmp_path, body) == [None]


def test_an_id_that_is_bound_anew_stays_in_reach(tmp_path: Path) -> None:
    body = """
    def projects(token, company_id: int):
        company_id = 42
        return CALL


    def users(token, company_id: int):
        company_id = company_id or 42
        return CALL
    """
    assert None not in fixes(tmp_path, body)


@pytest.mark.parametrize(
    "constructor",
    [
        "def __init__(self, token, company_id=None):\n        self.token, self.company_id = token, company_id",
        "def __init__(self, token, company_id: typing.Optional[int]):\n        self.company_id = company_id",
        "def __init__(self, token):\n        self.company_id = self.first_company(token)",
        "def __init__(self, token):\n        self.projects(token)\n        self.company_id = 42",
        "def login(self, token, company_id):\n        self.company_id = company_id",
        "def __init__(self, token, company_id):\n        self.company_id = company_id\n\n"
        "    def leave(self):\n        self.company_id = None",
    ],
)
def test_what_the_constructor_does_not_surely_set_is_not_in_reach(tmp_path: Path, constructor: str) -> None:
    body = f"class Client:\n    {constructor}\n\n    def projects(self, token):\n        return CALL\n\n"
    body += "    def first_company(self, token):\n        return self.projects(token).json()[0]['company']['id']\n"
    assert fixes(tmp_path, body) == [None]


@pytest.mark.parametrize(
    "constructor",
    [
        "def __init__(self, token, company_id):\n        self.company_id = company_id",
        "def __init__(self, token, company_id=None):\n        if not company_id:\n"
        "            raise ValueError('which company?')\n        self.company_id = company_id",
        "def __init__(self, token, company_id=None):\n        company_id = company_id or 42\n"
        "        self.company_id = company_id",
        "def __init__(self, token):\n        self.company_id = 42\n        self.projects(token)",
        "company_id = 42",
    ],
)
def test_what_the_constructor_surely_sets_is_in_reach(tmp_path: Path, constructor: str) -> None:
    body = f"class Client:\n    {constructor}\n\n    def projects(self, token):\n        return CALL\n"
    assert None not in fixes(tmp_path, body)


def test_what_the_base_sets_is_in_reach_where_its_constructor_is_called(tmp_path: Path) -> None:
    body = """
    class Base:
        def __init__(self, company_id):
            self.company_id = company_id


    class Client(Base):
        def __init__(self, company_id, token):
            SUPER
            self.token = token

        def projects(self, token):
            return CALL
    """
    assert fixes(tmp_path / "called", body.replace("SUPER", "super().__init__(company_id)")) != [None]
    assert fixes(tmp_path / "left_out", body.replace("SUPER", "self.name = company_id")) == [None]


@pytest.mark.parametrize("name", ["company_id", "companyId", "PROCORE_COMPANY_ID", "Procore-Company-Id"])
def test_the_name_under_which_an_id_is_kept_is_no_id(tmp_path: Path, name: str) -> None:
    body = (
        f"COMPANY_ID = '{name}'\n\n\ndef projects(token, row):\n    print(row[COMPANY_ID])\n    return CALL\n"
    )
    assert fixes(tmp_path, body) == [None]


def test_a_number_and_a_place_to_fill_in_are_ids(tmp_path: Path) -> None:
    for number, value in enumerate(("42", "'42'", "'YOUR_COMPANY_ID'", "os.environ['PROCORE_COMPANY_ID']")):
        body = f"import os\n\nCOMPANY_ID = {value}\n\n\ndef projects(token):\n    return CALL\n"
        assert None not in fixes(tmp_path / str(number), body)


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        ("models.BigIntegerField()", True),
        ("models.BigIntegerField(null=True)", False),
        ("Column(Integer)", False),
        ("Column(Integer, nullable=False)", True),
    ],
)
def test_a_column_is_an_id_in_a_row_that_must_have_one(tmp_path: Path, column: str, kept: bool) -> None:
    body = f"""
    from django.db import models
    from sqlalchemy import Column, Integer


    class Connection(models.Model):
        company_id = {column}

        def projects(self, token):
            return CALL
    """
    assert (fixes(tmp_path, body) != [None]) == kept


def test_a_column_of_the_class_itself_is_no_id(tmp_path: Path) -> None:
    body = """
    from django.db import models


    class Connection(models.Model):
        company_id = models.BigIntegerField()


    def projects(token):
        return CALL
    """
    assert fixes(tmp_path, body) == [None]


def test_an_id_that_goes_to_another_vendor_alone_is_not_procores(tmp_path: Path) -> None:
    body = """
    import os

    company_id = os.environ["COMPANY_ID"]


    def bills(token):
        return requests.get(f"https://quickbooks.api.intuit.com/v3/company/{company_id}/query")


    def projects(token):
        return CALL
    """
    assert fixes(tmp_path / "theirs", body) == [None]
    ours = '\n\n    def users(token):\n        requests.get(API + "/me", params={"company_id": company_id})\n'
    assert None not in fixes(tmp_path / "ours", textwrap.dedent(body) + textwrap.dedent(ours))


def test_a_client_that_may_not_be_made_yet_gives_no_id(tmp_path: Path) -> None:
    body = """
    class Client:
        def __init__(self):
            self.company_id = 42


    _client = None


    def start():
        global _client
        _client = Client()


    def projects(token):
        return CALL
    """
    assert fixes(tmp_path, body) == [None]
