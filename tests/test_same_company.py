"""The same spelling is not the same company (PCL201): what a name is bound to decides whose id a fix sends."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import changed

HEAD = """\
import requests

API = "https://api.procore.com/rest/v1.0"


def auth(token, company_id):
    return {"Authorization": token}


def session(token, company_id):
    made = requests.Session()
    made.headers["Authorization"] = token
    return made


"""


def added(root: Path, body: str) -> list[str]:
    """The lines that the fixes leave behind, without their indentation."""
    lines = changed(root, HEAD + textwrap.dedent(body).lstrip("\n")).values()
    return [line.strip() for after in lines for line in after.splitlines()]


BESIDE = 'headers={**head, "Procore-Company-Id": str(company_id)})'
ALONE = 'headers={"Procore-Company-Id": str(company_id)})'


@pytest.mark.parametrize(
    ("body", "call"),
    [
        pytest.param(
            """
            def users(token, company_id):
                head = auth(token, 5)
                return requests.get(f"{API}/companies/{company_id}/users", headers=head)
            """,
            BESIDE,
            id="the helper is given another id",
        ),
        pytest.param(
            """
            def users(token, company_id, other):
                head = auth(token, company_id)
                company_id = other
                return requests.get(f"{API}/companies/{company_id}/users", headers=head)
            """,
            BESIDE,
            id="bound anew in between",
        ),
        pytest.param(
            """
            def users(token, company_id, more):
                head = auth(token, company_id)
                while more:
                    requests.get(f"{API}/companies/{company_id}/users", headers=head)
                    company_id = more.pop()
            """,
            BESIDE,
            id="bound anew for the next turn",
        ),
        pytest.param(
            """
            company_id = 562949953421312
            head = {"Authorization": "Bearer x"}


            def users(company_id):
                return requests.get(f"{API}/companies/{company_id}/users", headers=head)
            """,
            BESIDE,
            id="the module's and the parameter",
        ),
        pytest.param(
            """
            class Client:
                def __init__(self, token, company_id):
                    self.company_id = company_id
                    self.session = requests.Session()
                    self.session.headers.update({"Authorization": token})

                def users(self, company_id=None):
                    company_id = company_id or self.company_id
                    return self.session.get(f"{API}/companies/{company_id}/users")
            """,
            ALONE,
            id="the client's and the method's own",
        ),
        pytest.param(
            """
            def users(token, ids):
                made = session(token, ids[0])
                for company_id in ids:
                    made.get(f"{API}/companies/{company_id}/users")
            """,
            ALONE,
            id="each of a loop",
        ),
        pytest.param(
            """
            def users(token, company_id, target):
                head = {"Authorization": token}
                params = {"company_id": target.company_id}
                return requests.get(f"{API}/users", params=params, headers=head)
            """,
            None,
            id="an attribute of something else",
        ),
        pytest.param(
            """
            class Client:
                def users(self, company_id, head={"Authorization": "x"}):
                    return requests.get(f"{API}/companies/{company_id}/users", headers=head)


            Client().users(1)
            """,
            BESIDE,
            id="a default is made before there is an id",
        ),
        pytest.param(
            """
            def given(head):
                return lambda function: lambda company_id: function(company_id, head=head)


            @given({"Authorization": "x"})
            def users(company_id, head=None):
                return requests.get(f"{API}/companies/{company_id}/users", headers=head)
            """,
            BESIDE,
            id="so is what a decorator is given",
        ),
    ],
)
def test_the_call_sends_its_own_id_where_its_headers_are_of_another(
    tmp_path: Path, body: str, call: str | None
) -> None:
    found = added(tmp_path, body)
    assert len(found) == (call is not None)
    assert call is None or found[0].endswith(call)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            """
            def users(token, company_id):
                head = auth(token, company_id)
                return requests.get(f"{API}/companies/{company_id}/users", headers=head)
            """,
            id="given to the helper",
        ),
        pytest.param(
            """
            class Client:
                def __init__(self, token, company_id):
                    self.token, self.company_id = token, company_id

                def head(self):
                    return auth(self.token, self.company_id)

                def users(self):
                    return requests.get(f"{API}/companies/{self.company_id}/users", headers=self.head())
            """,
            id="given to the helper by a method",
        ),
        pytest.param(
            """
            class Client:
                def __init__(self, token, company_id):
                    self.session = session(token, company_id)
                    self.company_id = company_id

                def users(self):
                    company_id = self.company_id
                    return self.session.get(f"{API}/companies/{company_id}/users")
            """,
            id="given to the helper by the constructor",
        ),
        pytest.param(
            """
            def send(path, token, company_id):
                return requests.get(f"{API}/{path}", headers=auth(token, company_id))


            def users(token, company_id):
                return send(f"companies/{company_id}/users", token, company_id)
            """,
            id="handed down beside the path",
        ),
        pytest.param(
            """
            def users(token, company_id):
                company_id = company_id or 5
                head = auth(token, company_id)
                for page in range(9):
                    requests.get(f"{API}/companies/{company_id}/users", params={"page": page}, headers=head)
            """,
            id="bound anew before both",
        ),
    ],
)
def test_what_a_name_is_given_is_followed(tmp_path: Path, body: str) -> None:
    (line,) = added(tmp_path, body)
    assert line in (
        'return {"Authorization": token, "Procore-Company-Id": str(company_id)}',
        'made.headers["Procore-Company-Id"] = str(company_id)',
    )


HANDED = """
class Client:
    def __init__(self, token, company_id):
        self.token, self.company_id = token, company_id

    def get(self, path):
        return requests.get(f"{API}/{path}", headers={"Authorization": self.token})


def users(client: Client, company_id):
    return client.get(f"companies/{company_id}/users")
"""


def test_a_client_and_an_id_that_come_together_belong_together(tmp_path: Path) -> None:
    one = HANDED + "\n\ndef main(client, company):\n    users(client, company)\n"
    (line,) = added(tmp_path / "one", one)
    assert line.endswith('"Procore-Company-Id": str(self.company_id)})')
    each = HANDED + "\n\ndef main(client, ids):\n    for each in ids:\n        users(client, each)\n"
    assert '"Procore-Company-Id": str(self.company_id)' not in str(added(tmp_path / "each", each))


def test_the_id_that_a_lambda_is_given_comes_before_the_modules(tmp_path: Path) -> None:
    body = """
    COMPANY_ID = 7
    users = lambda token, company_id: requests.get(f"{API}/users", headers={"Authorization": token})
    more = lambda token, ids: [requests.get(f"{API}/users", headers={"Authorization": token}) for company_id in ids]
    """
    found = added(tmp_path, body)
    assert len(found) == 2
    assert all('"Procore-Company-Id": str(company_id)}' in line for line in found)
