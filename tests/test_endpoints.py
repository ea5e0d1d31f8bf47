from __future__ import annotations

import datetime

import pytest

from procore_lint.catalog import Catalog, load
from procore_lint.endpoints import Endpoint, match, rule_of, split


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def rule(catalog: Catalog, path: str, method: str | None = None) -> str | None:
    """The rule that reports a path; `*` in it is a hole."""
    return rule_of(found(catalog, path, method))


def found(catalog: Catalog, path: str, method: str | None = None) -> tuple[Endpoint, ...]:
    return match([None if part == "*" else part for part in split(path)], method, catalog)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/rest/v1.0/standard_cost_code_lists"),
        ("DELETE", "/rest/v1.0/standard_cost_codes/*"),
        ("DELETE", "/rest/v1.0/sub_jobs/42"),
    ],
)
def test_the_three_announced_operations_need_path_and_method(
    catalog: Catalog, method: str, path: str
) -> None:
    assert rule(catalog, path, method) == "deprecated-cost-code-endpoint"
    assert rule(catalog, path, None) == "legacy-cost-code-endpoint"
    assert rule(catalog, path, "PATCH") == "legacy-cost-code-endpoint"


@pytest.mark.parametrize(
    "path",
    [
        "/rest/v1.0/cost_codes",
        "/rest/v1.0/cost_codes/*",
        "/rest/v1.0/cost_codes/sync",
        "/rest/v1.0/line_item_types/7",
        "/rest/v1.0/standard_cost_codes",
        "/rest/v1.0/sub_jobs",
        "/rest/v1.0/companies/*/cost_codes",
        "/rest/v1.0/projects/*/sub_jobs/*",
        "/rest/v1.0/companies/{company_id}/standard_cost_code_lists/{id}/cost_codes",
        "/rest/*/cost_codes",
    ],
)
def test_any_spelling_of_a_cost_code_family_is_legacy_whatever_the_verb(catalog: Catalog, path: str) -> None:
    for method in (None, "GET", "PUT"):
        assert rule(catalog, path, method) == "legacy-cost-code-endpoint"


@pytest.mark.parametrize(
    "path",
    [
        "/rest/v1.0/projects/*/work_breakdown_structure/segments/*/segment_items",
        "/rest/v1.0/projects/*/work_breakdown_structure/wbs_codes",
        "/rest/v1.0/projects/*/timesheets/scoped_cost_codes",
        "/rest/v1.0/projects/*/directory/filter_options/cost_codes",
        "/rest/v1.0/companies/*/timesheets/filters/sub_job",
        "/rest/v1.0/projects/*/rfis/filter_options/cost_code_id",
        "/rest/v2.0/companies/*/projects/*/cost_codes",
        "/api/v1.0/cost_codes",
        "/cost_codes",
        "/rest/v1.0/*",
        "/rest/v1.0/*/*",
        "/rest/v1.0",
    ],
)
def test_lookalikes_of_the_families_stay_silent(catalog: Catalog, path: str) -> None:
    assert rule(catalog, path) is None


def test_a_path_with_a_deprecated_and_an_active_operation_needs_its_method(catalog: Catalog) -> None:
    path = "/rest/v1.0/schedule_integration"
    assert {row.method for row in found(catalog, path)} == {"GET", "PUT", "PATCH"}
    assert rule(catalog, path) is None
    assert rule(catalog, path, "PUT") is None
    assert rule(catalog, path, "patch") == "deprecated-endpoint"


def test_a_path_whose_operations_are_all_deprecated_needs_no_method(catalog: Catalog) -> None:
    assert rule(catalog, "/rest/v1.0/webhooks/hooks/*/triggers") == "deprecated-endpoint"


def test_the_most_literal_path_wins(catalog: Catalog) -> None:
    (sync,) = found(catalog, "/rest/v1.3/users/sync", "PATCH")
    assert sync.path == "/rest/v1.3/users/sync"
    (bulk,) = found(catalog, "/rest/v1.0/webhooks/hooks/*/triggers/bulk", "DELETE")
    assert bulk.path == "/rest/v1.0/webhooks/hooks/{hook_id}/triggers/bulk"


def test_an_active_literal_blocks_a_deprecated_path_with_an_id(catalog: Catalog) -> None:
    assert [row.status for row in found(catalog, "/rest/v1.0/links/recycle_bin", "GET")] == ["active"]
    assert rule(catalog, "/rest/v1.0/links/recycle_bin", "DELETE") is None
    assert rule(catalog, "/rest/v1.0/links/12", "DELETE") == "deprecated-endpoint"


@pytest.mark.parametrize("segment", ["12", "{user_id}", "%s", "<int:id>", "USER_ID", "5f3c-a1"])
def test_ids_and_their_placeholders_fill_a_hole(catalog: Catalog, segment: str) -> None:
    assert rule(catalog, f"/rest/v1.1/users/{segment}", "GET") == "deprecated-endpoint"


def test_a_word_is_no_id(catalog: Catalog) -> None:
    assert found(catalog, "/rest/v1.0/users/me", "GET") == ()


def test_a_hole_never_stands_for_a_literal(catalog: Catalog) -> None:
    assert found(catalog, "/rest/v1.0/webhooks/*", "GET") == ()


def test_the_version_decides(catalog: Catalog) -> None:
    assert rule(catalog, "/rest/v1.0/projects/*/uploads", "POST") == "deprecated-endpoint"
    assert rule(catalog, "/rest/v1.1/projects/*/uploads", "POST") is None
    assert rule(catalog, "/rest/v2.0/users", "GET") is None


def test_an_unknown_version_is_reported_only_if_every_version_would_be(catalog: Catalog) -> None:
    assert rule(catalog, "/rest/*/users", "GET") == "deprecated-endpoint"
    assert rule(catalog, "/rest/*/projects/*/uploads", "POST") is None


def test_empty_segments_change_nothing(catalog: Catalog) -> None:
    assert match(["rest", "v1.0", "users", ""], "GET", catalog) == match(
        ["rest", "v1.0", "users"], "GET", catalog
    )


def test_split_drops_query_fragment_and_slashes() -> None:
    assert split("/rest/v1.0/users/?page=1#top") == ("rest", "v1.0", "users")


def test_every_reported_row_is_found_by_its_own_path(catalog: Catalog) -> None:
    for row in catalog.endpoints:
        if row.rule is not None:
            assert row in match(split(row.path), row.method, catalog)
            assert rule(catalog, row.path, row.method) == row.rule


def test_a_row_without_rule_is_never_reported_by_its_own_method(catalog: Catalog) -> None:
    for row in catalog.endpoints:
        if row.rule is None and row.method != "ANY":
            assert rule(catalog, row.path, row.method) is None


def test_a_row_is_an_error_from_its_sunset_and_a_warning_before(catalog: Catalog) -> None:
    (hooks,) = found(catalog, "/rest/v1.0/webhooks/hooks", "GET")
    assert hooks.severity(datetime.date(2026, 9, 15)) == "warning"
    assert hooks.severity(datetime.date(2026, 9, 16)) == "error"
    (users,) = found(catalog, "/rest/v1.0/users", "GET")
    assert users.severity(datetime.date(2026, 11, 23)) == "warning"
