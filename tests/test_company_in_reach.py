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
