from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from procore_lint.catalog import Catalog
from procore_lint.finding import Edit, Finding, Fix, Span, Step
from procore_lint.result import Report, RunError, Summary

AS_OF = datetime.date(2026, 11, 23)
URL = "https://developers.procore.com/documentation/tutorial-projects"

SOURCES = {
    "app/base.py": 'class Base:\n\tdef headers(self) -> dict[str, str]:\n\t\treturn {"Authorization": self.token}\n',
    "app/client.py": (
        "class Client(Base):\n"
        "    def projects(self):\n"
        '        return self.session.get(f"{self.base}/rest/v1.0/projects", headers=self.headers())\n'
        "\n"
        "    def upload(self, data):\n"
        "        return self.session.post(\n"
        '            f"{self.base}/rest/v1.0/files",\n'
        "            data=data,\n"
        "        )\n"
    ),
    "app/größe.py": 'NAME = "会社の名前"; EXPIRES = created_at + 7200  # zwei Stunden\n',
}

PAGES = {
    "PCL101-hardcoded-token-lifetime.md": """\
# hardcoded-token-lifetime (PCL101)

```toml
summary = "A token's lifetime is a number in the code; only `expires_in` of the response says it"
url = "https://developers.procore.com/documentation/oauth-endpoints"
severities = [["2023-08-04", "warning"]]
changes = ["token-expiry"]
fix = "unsafe"
```

## What it finds

Arithmetic that takes a **constant** for the lifetime of an access token, such as
`created_at + 7200`.

## Example

```python
def expires(token):
    return token["created_at"] + 7200  # error: [hardcoded-token-lifetime]
```

## Limits

- Other services' tokens are right, see
  [the overview](https://developers.procore.com/documentation/restful-api-overview).
- Safety margins are right.

| constant | counts |
|---|---|
| 7200 | yes |
""",
    "PCL201-missing-company-header.md": """\
# missing-company-header (PCL201)

```toml
summary = "A request lacks the Procore-Company-Id header"
url = "https://developers.procore.com/documentation/tutorial-projects"
severities = [["2022-06-16", "warning"], ["2023-08-04", "error"]]
changes = ["company-header"]
fix = "sometimes"
```

## What it finds

Requests that cannot carry `Procore-Company-Id`.
""",
}


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    directory = tmp_path / "rules"
    directory.mkdir()
    for name, page in PAGES.items():
        (directory / name).write_text(page, encoding="utf-8")
    return Catalog(directory)


@pytest.fixture
def read_line() -> Callable[[str, int], str]:
    def read(path: str, line: int) -> str:
        lines = SOURCES.get(path, "").splitlines()
        return lines[line - 1] if line <= len(lines) else ""

    return read


@pytest.fixture
def report() -> Report:
    """One of everything: traces short and long, fixes of both kinds, wide text, a span of many lines."""
    get, post = Span(3, 16, 3, 91), Span(6, 16, 9, 10)
    header = Step("app/base.py", Span(3, 10, 3, 43), "the headers are built here, without Procore-Company-Id")
    add_header = Edit("app/base.py", Span(3, 42, 3, 42), ', "Procore-Company-Id": str(self.company_id)')
    findings = (
        Finding(
            rule="missing-company-header",
            code="PCL201",
            severity="error",
            message="GET /rest/v1.0/projects is sent without the header Procore-Company-Id",
            help='add it where the headers are built:\n    return {..., "Procore-Company-Id": str(self.company_id)}',
            url=URL,
            path="app/client.py",
            span=get,
            symbol="Client.projects",
            fingerprint="5f2c9a",
            trace=(
                header,
                Step("app/client.py", Span(3, 76, 3, 90), "passed here"),
                Step("app/sync.py", Span(80, 5, 80, 30), "called here: 100% of the calls"),
                Step("app/jobs.py", Span(12, 5, 12, 30), "called here too"),
                Step("app/client.py", get, "sent here"),
            ),
            fix=Fix("safe", "add Procore-Company-Id to the headers", (add_header,)),
        ),
        Finding(
            rule="missing-company-header",
            code="PCL201",
            severity="error",
            message="POST /rest/v1.0/files is sent without the header Procore-Company-Id",
            help="pass headers=self.headers(), which has it",
            url=URL,
            path="app/client.py",
            span=post,
            symbol="Client.upload",
            fingerprint="77aa01",
            trace=(Step("app/client.py", post, "sent here"),),
        ),
        Finding(
            rule="hardcoded-token-lifetime",
            code="PCL101",
            severity="warning",
            message="the token is taken to live 7200 s",
            help='created_at + response["expires_in"]',
            url="",
            path="app/größe.py",
            span=Span(1, 27, 1, 44),
            fingerprint="0c11d2",
            fix=Fix(
                "unsafe",
                "take expires_in of the response",
                (Edit("app/größe.py", Span(1, 40, 1, 44), 'token["expires_in"]'),),
            ),
        ),
        Finding(
            rule="unclear-service-account",
            code="PCL502",
            severity="info",
            message="client_credentials: whose service account, is not said",
            help="",
            url="",
            path="gone.py",
            span=Span(7, 1, 7, 1),
        ),
    )
    return Report(
        findings=findings,
        as_of=AS_OF,
        errors=(
            RunError("app/crash.py", "the analysis of this file ended early"),
            RunError("", "cache is read-only"),
        ),
        summary=Summary(
            files=1200,
            checked=4,
            read=1203,
            passed_over={"does not mention Procore": 1195, "unreadable": 1},
            by_rule={
                "hardcoded-token-lifetime": 1,
                "missing-company-header": 2,
                "unclear-service-account": 1,
            },
            by_severity={"error": 2, "warning": 1, "info": 1},
            suppressed=2,
            baselined=3,
            fixed=1,
        ),
        facts_verified="2026-11-20",
    )
