"""Fixes of a misnamed company header (PCL201): only what is an id is sent as one."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from repair_helpers import changed, check, mended, project

SOURCE = """\
    import os
    import requests


    def projects(token, {parameter}):
        headers = {{"Authorization": token, "X-Company-Id": {value}}}
        return requests.get("https://api.procore.com/rest/v1.0/projects", headers=headers)
"""


@pytest.mark.parametrize(
    "value", ["company_name", "erp.client_code", 'company["slug"]', '"ACME Inc."', "vendor_id"]
)
def test_what_is_no_id_by_its_name_is_not_sent_as_one(tmp_path: Path, value: str) -> None:
    parameter = value.partition(".")[0].partition("[")[0] if value[0] != '"' else "other"
    source = SOURCE.format(parameter=parameter, value=value)
    assert mended(tmp_path, source) == textwrap.dedent(source)
    (row,) = check(project(tmp_path, {"procore_sync.py": source}))
    assert str(row["help"]).startswith('send "Procore-Company-Id" with the id of the company in place of')


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("str(company_id)", True),
        ('f"{company}"', True),
        ('os.environ["PROCORE_COMPANY_ID"]', True),
        ("self.config.company_id", True),
        ('"42"', True),
        ("account", False),
        ("get_company()", False),
    ],
)
def test_a_rename_is_safe_where_the_value_is_an_id_by_its_name(
    tmp_path: Path, value: str, safe: bool
) -> None:
    source = SOURCE.format(parameter="self, company_id, company, account", value=value)
    assert bool(changed(tmp_path, source, unsafe=False)) is safe
    assert changed(tmp_path, source)


SESSION = """\
    import requests


    def session(token, company_id):
        s = requests.Session()
        s.headers.update({"Authorization": token, "company_id": str(company_id)})
        return s


    def projects(token, company_id):
        return session(token, company_id).get("https://api.procore.com/rest/v1.0/projects").json()
"""


@pytest.mark.parametrize(
    ("read", "offered"),
    [
        ('procore_sync.session("t", 5).headers["company_id"]', "no"),
        ('procore_sync.session("t", 5).headers.get("Company_Id")', "no"),
        ('procore_sync.session("t", 5).headers.pop("company_id")', "no"),
        ('procore_sync.projects("t", 5)[0]["company_id"]', "unsafe"),
        ('{"company_id": procore_sync.projects("t", 5)}', "safe"),
    ],
)
def test_a_key_that_another_file_reads_keeps_its_name(tmp_path: Path, read: str, offered: str) -> None:
    files = {"procore_sync.py": SESSION, "report.py": f"import procore_sync\n\nfound = {read}\n"}
    rows = check(project(tmp_path, files))
    assert [row["rule"] for row in rows] == ["missing-company-header"]
    fix = rows[0]["fix"]
    assert (fix["safety"] if isinstance(fix, dict) else "no") == offered
    assert ("where code reads it" in str(rows[0]["help"])) is (offered == "no")
