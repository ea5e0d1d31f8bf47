from __future__ import annotations

import datetime
import json

from snapshots import Snapshot

from procore_lint.catalog import Catalog
from procore_lint.finding import Finding, Span
from procore_lint.report import as_json
from procore_lint.result import Report


def test_the_json_document_keeps_its_contract(report: Report, snapshot: Snapshot) -> None:
    snapshot(as_json.render(report), "report/report.json")


def test_the_fields_stand_in_the_order_of_the_contract(report: Report) -> None:
    document = json.loads(as_json.render(report))
    assert list(document) == ["version", "as_of", "findings", "errors", "summary"]
    assert " ".join(document["findings"][0]) == (
        "rule code severity message help url path line column end_line end_column fingerprint trace fix"
    )
    assert list(document["findings"][0]["trace"][0]) == ["path", "line", "message"]
    assert list(document["findings"][0]["fix"]) == ["safety", "title", "edits"]
    assert document["findings"][1]["fix"] is None


def test_a_path_that_is_not_unicode_survives() -> None:
    path = b"app/gr\xf6sse.py".decode("utf-8", "surrogateescape")
    finding = Finding("r", "PCL999", "error", "", "", "", path, Span(1, 1, 1, 1))
    shown = as_json.render(Report((finding,), datetime.date(2026, 1, 1)))
    assert shown.isascii()
    assert json.loads(shown)["findings"][0]["path"] == path


def test_the_rules_are_listed_with_their_severity_on_the_day(catalog: Catalog) -> None:
    rules = list(catalog.rules.values())
    before = json.loads(as_json.render_rules(rules, datetime.date(2023, 1, 1)))
    after = json.loads(as_json.render_rules(rules, datetime.date(2026, 1, 1)))
    assert [rule["severity"] for rule in before["rules"]] == ["info", "warning"]
    assert [rule["severity"] for rule in after["rules"]] == ["warning", "error"]
    assert after["rules"][1]["severities"] == [
        {"from": "2022-06-16", "severity": "warning"},
        {"from": "2023-08-04", "severity": "error"},
    ]
