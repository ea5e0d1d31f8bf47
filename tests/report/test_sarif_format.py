from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from snapshots import Snapshot

from procore_lint.catalog import Catalog
from procore_lint.finding import Edit, Finding, Fix, Span
from procore_lint.report import sarif
from procore_lint.result import Report

SCHEMA = json.loads(
    (Path(__file__).parents[1] / "data" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
)


def run_of(report: Report, catalog: Catalog) -> Any:
    """The one run of the log, after the whole log passed the official schema."""
    log = json.loads(sarif.render(report, catalog))
    validator = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(log)] == []
    assert len(log["runs"]) == 1
    return log["runs"][0]


def test_the_log_is_valid_and_says_all(report: Report, catalog: Catalog, snapshot: Snapshot) -> None:
    run = run_of(report, catalog)
    run["tool"]["driver"].pop("version", None)
    snapshot(json.dumps(run, indent=2, ensure_ascii=False) + "\n", "report/sarif-run.json")


def test_a_run_without_findings_is_valid(catalog: Catalog) -> None:
    run = run_of(Report((), datetime.date(2026, 11, 23)), catalog)
    assert run["results"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def test_errors_of_the_run_make_it_unsuccessful(report: Report, catalog: Catalog) -> None:
    invocation = run_of(report, catalog)["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert len(invocation["toolExecutionNotifications"]) == 2


def test_rules_carry_their_page_and_their_level_on_the_day(report: Report, catalog: Catalog) -> None:
    lifetime, header = run_of(report, catalog)["tool"]["driver"]["rules"]
    assert (lifetime["id"], lifetime["name"]) == ("PCL101", "hardcoded-token-lifetime")
    assert lifetime["defaultConfiguration"] == {"level": "warning"}
    assert header["defaultConfiguration"] == {"level": "error"}
    assert lifetime["help"]["markdown"] == catalog.rules["hardcoded-token-lifetime"].page
    assert lifetime["fullDescription"]["text"].startswith("Arithmetic that takes a constant for the")
    assert header["helpUri"].startswith("https://")


def test_results_point_at_their_rule_with_four_number_regions(report: Report, catalog: Catalog) -> None:
    run = run_of(report, catalog)
    assert run["columnKind"] == "unicodeCodePoints"
    result = run["results"][0]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "PCL201"
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 16,
        "endLine": 3,
        "endColumn": 91,
    }
    assert list(result["partialFingerprints"].values()) == ["5f2c9a"]


def test_the_trace_is_a_code_flow_that_ends_at_the_finding(report: Report, catalog: Catalog) -> None:
    first = report.findings[0]
    cut = first._replace(trace=first.trace[:2])
    for finding, length in ((first, 5), (cut, 3)):
        result = run_of(dataclasses.replace(report, findings=(finding,)), catalog)["results"][0]
        steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
        assert len(steps) == length
        assert steps[0]["location"]["message"]["text"] == first.trace[0].message
        assert steps[-1]["location"]["physicalLocation"] == result["locations"][0]["physicalLocation"]


def test_only_safe_fixes_without_overlap_are_offered(catalog: Catalog) -> None:
    here, overlapping = Edit("a.py", Span(1, 1, 1, 5), "x"), Edit("a.py", Span(1, 4, 1, 9), "y")
    elsewhere = Edit("b.py", Span(1, 1, 1, 5), "z")

    def offered(fix: Fix) -> Any:
        finding = Finding("r", "PCL999", "error", "m", "", "", "a.py", Span(1, 1, 1, 5), fix=fix)
        result = run_of(Report((finding,), datetime.date(2026, 11, 23)), catalog)["results"][0]
        return result.get("fixes")

    assert offered(Fix("unsafe", "t", (here,))) is None
    assert offered(Fix("safe", "t", (overlapping, here))) is None
    (fix,) = offered(Fix("safe", "t", (elsewhere, here)))
    assert [change["artifactLocation"]["uri"] for change in fix["artifactChanges"]] == ["a.py", "b.py"]
    assert fix["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "x"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/client.py", "app/client.py"),
        ("a b/größe#1.py", "a%20b/gr%C3%B6%C3%9Fe%231.py"),
        ("100%.py", "100%25.py"),
        ("c:lient.py", "c%3Alient.py"),
        ("../lib/x.py", "../lib/x.py"),
        ("/tmp/a b.py", "file:///tmp/a%20b.py"),
        ("C:/a b.py", "file:///C:/a%20b.py"),
        (b"gr\xf6sse.py".decode("utf-8", "surrogateescape"), "gr%F6sse.py"),
    ],
)
def test_paths_become_percent_encoded_uris(path: str, expected: str) -> None:
    assert sarif.uri(path) == expected
