"""Fixes of a missing company header (PCL201) where a name that they need means something else."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import REST, changed, check, mended, project


@pytest.mark.parametrize(
    ("start", "body"),
    [
        pytest.param("", "def f(token, company_id, str):\n    {call}", id="a parameter"),
        pytest.param("", 'def f(token, company_id):\n    with open("x") as str:\n        {call}', id="with"),
        pytest.param("", "def f(token, company_id):\n    {call}\n    str = 5", id="a local, bound later"),
        pytest.param(
            "", "def f(token, company_id, x):\n    return [{call[7:]} for str in x]", id="comprehension"
        ),
        pytest.param(
            "from six import text_type as str", "def f(token, company_id):\n    {call}", id="an import"
        ),
    ],
)
def test_an_id_becomes_a_text_without_a_str_that_is_something_else(
    tmp_path: Path, start: str, body: str
) -> None:
    call = 'return requests.get(f"{API}/companies/{company_id}/vendors", headers={"Authorization": token})'
    body = body.replace("{call[7:]}", call.removeprefix("return ")).replace("{call}", call)
    (line,) = changed(tmp_path, f"{start}\n{REST}\n{body}\n").values()
    assert """{"Authorization": token, "Procore-Company-Id": f"{company_id}"}""" in line


def test_a_str_that_another_scope_has_for_itself_hides_nothing(tmp_path: Path) -> None:
    source = (
        REST
        + """

class Row:
    def str(self):
        return ""

    def get(self, token, company_id):
        def other(str):
            return str

        return requests.get(f"{API}/companies/{company_id}/vendors", headers={"Authorization": token})
"""
    )
    (line,) = changed(tmp_path, source).values()
    assert '"Procore-Company-Id": str(company_id)' in line


def test_the_help_needs_no_str_either(tmp_path: Path) -> None:
    source = (
        REST
        + '\ndef f(token, str):\n    return requests.get(f"{API}/projects", headers={"Authorization": token})\n'
    )
    (row,) = check(project(tmp_path, {"procore_sync.py": source}))
    assert 'add `"Procore-Company-Id": f"{company_id}"` to this dict' in str(row["help"])


@pytest.mark.parametrize(
    "body",
    [
        'settings = {"page": 1}\n    {call}',
        "for settings in ():\n        pass\n    {call}",
        "{call}\n    settings = 1",
        "return (lambda settings: {call})(1)",
    ],
)
def test_a_setting_is_not_read_where_a_local_hides_its_module(tmp_path: Path, body: str) -> None:
    call = 'requests.get(f"{API}/projects", headers={"Authorization": token})'
    source = f"import settings\n{REST}\ndef f(token):\n    {body.replace('{call}', call)}\n"
    project(tmp_path, {"settings.py": "COMPANY_ID = 5\n"})
    assert mended(tmp_path, source) == textwrap.dedent(source)


def test_a_constant_is_not_read_where_a_local_of_its_name_may_not_be_bound(tmp_path: Path) -> None:
    source = (
        REST
        + """
COMPANY_ID = 1

def f(token, other):
    if other:
        COMPANY_ID = other
    return requests.get(f"{API}/projects", headers={"Authorization": token})
"""
    )
    assert mended(tmp_path, source) == source
