from __future__ import annotations

import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

from procore_lint.catalog import Catalog, CatalogError, load, rules_dir
from procore_lint.endpoints import ENDPOINT_RULES, match, rule_of, split


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def facts(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "facts.toml"
    file.write_text(text, encoding="utf-8")
    return file


NEW = """
[[endpoint]]
method = "GET"
path = "/rest/v1.0/widgets/{id}"
name = "Show widget"
status = "deprecated"
replacement = ["GET /rest/v2.0/widgets/{id}"]
source = "our account manager, mail of 2026-10-01"
verified = "2026-12-01"
"""


def test_rules_come_in_the_order_of_their_codes(catalog: Catalog) -> None:
    codes = [rule.code for rule in catalog.rules.values()]
    assert codes == sorted(codes)
    assert len(codes) == 22


@pytest.mark.parametrize(
    ("selector", "codes"),
    [
        ("PCL201", ["PCL201"]),
        ("pcl20", ["PCL201", "PCL202", "PCL203"]),
        ("missing-company-header", ["PCL201"]),
        ("PCL9", []),
        ("missing-header", []),
        ("", []),
    ],
)
def test_a_selector_is_a_code_a_prefix_or_a_name(catalog: Catalog, selector: str, codes: list[str]) -> None:
    assert [rule.code for rule in catalog.find(selector)] == codes


def test_every_fact_has_a_source_and_a_verified_day(catalog: Catalog) -> None:
    assert all(row.source and row.verified for row in catalog.endpoints)
    assert all(row.sources and row.verified for row in catalog.hosts.values())
    assert all(row.sources and row.verified for row in catalog.changes.values())


def test_verified_is_the_latest_day_of_all_facts(catalog: Catalog) -> None:
    days = {row.verified for row in catalog.endpoints}
    days |= {host.verified for host in catalog.hosts.values()}
    days |= {change.verified for change in catalog.changes.values()}
    assert catalog.verified == max(days)


def test_all_twelve_webhook_operations_share_their_dates(catalog: Catalog) -> None:
    rows = [row for row in catalog.endpoints if row.family == "webhooks"]
    assert len(rows) == 12
    assert {(row.deprecated, row.sunset, row.rule) for row in rows} == {
        ("2025-09-15", "2026-09-16", "deprecated-endpoint")
    }


def test_only_three_operations_were_deprecated_with_wbs(catalog: Catalog) -> None:
    rows = [row for row in catalog.endpoints if row.rule == "deprecated-cost-code-endpoint"]
    assert [(row.method, row.path, row.deprecated) for row in rows] == [
        ("GET", "/rest/v1.0/standard_cost_code_lists", "2022-03-31"),
        ("DELETE", "/rest/v1.0/standard_cost_codes/{id}", "2022-03-31"),
        ("DELETE", "/rest/v1.0/sub_jobs/{id}", "2022-03-31"),
    ]
    assert all("work_breakdown_structure" in row.replacement[0] for row in rows)


def test_what_is_active_discouraged_or_vapid_has_no_endpoint_rule(catalog: Catalog) -> None:
    for row in catalog.endpoints:
        if row.status == "active" or row.family == "vapid":
            assert row.rule is None
        elif row.status == "discouraged":
            assert row.rule in (None, "legacy-cost-code-endpoint")
        else:
            assert row.rule in ENDPOINT_RULES


def test_the_later_document_decides_a_disputed_date_and_both_are_kept(catalog: Catalog) -> None:
    change = catalog.changes["traditional-service-accounts-sunset"]
    assert (change.sunset, change.sunset_announced) == ("2025-03-18", "2025-03-24")
    assert any("2025-03-24" in conflict and "2025-03-18" in conflict for conflict in change.conflicts)


def test_hosts_say_what_replaces_them_by_use(catalog: Catalog) -> None:
    assert catalog.hosts["app.procore.com"].replacement == {
        "api": "api.procore.com",
        "oauth": "login.procore.com",
    }
    assert catalog.hosts["sandbox.procore.com"].replacement == {"oauth": "login-sandbox.procore.com"}
    assert catalog.hosts["storage.procore.com"].status == "opaque"


def test_rules_named_by_hosts_exist(catalog: Catalog) -> None:
    assert {name for host in catalog.hosts.values() for name in host.rules} <= set(catalog.rules)


def test_an_extra_file_adds_a_row_and_its_day(tmp_path: Path) -> None:
    catalog = load([facts(tmp_path, NEW)])
    (row,) = match(split("/rest/v1.0/widgets/7"), "GET", catalog)
    assert rule_of([row]) == "deprecated-endpoint"
    assert catalog.verified == "2026-12-01"


def test_an_extra_file_changes_the_named_keys_of_a_row_whatever_its_holes_are_called(tmp_path: Path) -> None:
    text = '[[endpoint]]\nmethod = "GET"\npath = "/rest/v1.0/users/{user}"\nsunset = "2027-01-01"\n'
    (row,) = match(split("/rest/v1.0/users/7"), "GET", load([facts(tmp_path, text)]))
    assert (row.sunset, row.deprecated, row.rule) == ("2027-01-01", "2021-06-15", "deprecated-endpoint")


def test_an_extra_file_switches_a_row_off(tmp_path: Path) -> None:
    text = '[[endpoint]]\nmethod = "GET"\npath = "/rest/v1.0/users"\nenabled = false\n'
    assert match(split("/rest/v1.0/users"), "GET", load([facts(tmp_path, text)])) == ()


def test_an_empty_rule_keeps_a_row_from_being_reported(tmp_path: Path) -> None:
    text = '[[endpoint]]\nmethod = "GET"\npath = "/rest/v1.0/users"\nrule = ""\n'
    (row,) = match(split("/rest/v1.0/users"), "GET", load([facts(tmp_path, text)]))
    assert row.rule is None


def test_hosts_and_changes_can_be_added_and_switched_off(tmp_path: Path) -> None:
    text = """
[[host]]
host = "procore-proxy.example.com"
roles = ["api"]
status = "active"
sources = ["our network team"]
verified = "2026-12-01"

[[host]]
host = "uk01.procore.com"
enabled = false

[[change]]
id = "vapid-namespace-sunset"
title = "vapid is gone"
"""
    catalog = load([facts(tmp_path, text)])
    assert "procore-proxy.example.com" in catalog.hosts
    assert "uk01.procore.com" not in catalog.hosts
    assert catalog.changes["vapid-namespace-sunset"].title == "vapid is gone"
    assert catalog.changes["vapid-namespace-sunset"].sunset == "2022-02-01"


def test_the_later_of_two_extra_files_decides(tmp_path: Path) -> None:
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text(NEW, encoding="utf-8")
    second.write_text(NEW.replace("Show widget", "Show one widget"), encoding="utf-8")
    (row,) = match(split("/rest/v1.0/widgets/7"), "GET", load([first, second]))
    assert row.name == "Show one widget"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[endpoint]", "not TOML"),
        ("[[endpoints]]\n", 'key "endpoints" is not known; allowed: [[endpoint]], [[host]], [[change]]'),
        ('endpoint = "x"\n', 'key "endpoint" must be an array of tables, [[endpoint]]'),
        ("endpoint = [1]\n", "endpoint 1: must be a table of keys and values"),
        (
            NEW + 'sunst = "2027-01-01"\n',
            'endpoint 1 (GET /rest/v1.0/widgets/{id}): key "sunst" is not known; allowed: method, path,',
        ),
        (NEW + 'sunset = "soon"\n', 'key "sunset" must be a day like "2026-09-16", not \'soon\''),
        (NEW + "sunset = 2027-01-01\n", 'key "sunset" must be a day like "2026-09-16"'),
        (NEW.replace('"GET"', '"FETCH"'), 'key "method" must be one of "GET", "POST", "PUT"'),
        (NEW.replace('"deprecated"', '"old"'), 'key "status" must be one of "active", "discouraged"'),
        (
            NEW.replace('["GET /rest/v2.0/widgets/{id}"]', '["/rest/v2.0"]'),
            'key "replacement" must be a list of operat',
        ),
        (NEW + 'rule = "vapid-endpoint"\n', 'key "rule" must be one of "deprecated-cost-code-endpoint"'),
        (NEW.replace('path = "/rest/v1.0/widgets/{id}"\n', ""), 'endpoint 1 (GET): key "path" is missing'),
        (NEW.replace('name = "Show widget"\n', ""), 'a new row needs the key "name"'),
        (
            '[[host]]\nhost = "x.example.com"\nenabled = false\n',
            "(x.example.com): there is no such row to switch off",
        ),
        (
            '[[host]]\nhost = "api.procore.com"\nenabled = "no"\n',
            "key \"enabled\" must be true or false, not 'no'",
        ),
        (
            '[[change]]\nid = "rest"\nannounced = "2026-13"\n',
            'a day like "2026-09-16" or a month like "2026-04"',
        ),
    ],
)
def test_a_mistake_names_file_row_key_and_what_is_allowed(tmp_path: Path, text: str, message: str) -> None:
    file = facts(tmp_path, text)
    with pytest.raises(CatalogError, match=re.escape(message)) as caught:
        load([file])
    assert str(caught.value).startswith(f"{file}: ")


def test_a_facts_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"gone\.toml: cannot be read: No such file"):
        load([tmp_path / "gone.toml"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# vapid-endpoint (PCL203)", "# vapid", "must start with `# name (PCLnnn)`"),
        ('fix = "safe"', 'fix = "maybe"', 'key "fix" must be one of safe, unsafe, sometimes, none'),
        ('fix = "safe"', 'fixes = "safe"', "the keys must be summary, url, severities, changes, fix"),
        ('["2022-02-01", "error"]', '["2020-02-01", "error"]', 'key "severities" must be ascending pairs'),
        ('["2022-02-01", "error"]', '["2022-02-01", "fatal"]', 'key "severities" must be ascending pairs'),
        ('fix = "safe"', "fix = ", "metadata: not TOML"),
    ],
)
def test_a_broken_rule_page_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    page = (rules_dir() / "PCL203-vapid-endpoint.md").read_text(encoding="utf-8")
    assert old in page
    (tmp_path / "PCL203-vapid-endpoint.md").write_text(page.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogError, match=re.escape(message)):
        _ = Catalog(tmp_path).rules


def test_a_catalogue_survives_the_way_to_another_process(tmp_path: Path) -> None:
    catalog = load([facts(tmp_path, NEW)])
    copy = pickle.loads(pickle.dumps(catalog))
    assert copy.endpoints == catalog.endpoints
    assert copy.rules == catalog.rules


def test_loading_reads_no_facts_until_asked() -> None:
    code = (
        "from procore_lint.catalog import load; catalog = load();"
        "assert catalog.verified; print(sorted(vars(catalog).keys() - {'directory', 'extra'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['verified']"
