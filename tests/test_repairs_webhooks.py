"""Fixes of webhooks (PCL6xx): an event moves to the resource that still sends it."""

from __future__ import annotations

from pathlib import Path

from repair_helpers import changed, check, mended, project


def test_the_directory_event_moves_to_the_company(tmp_path: Path) -> None:
    source = """\
    # Procore hooks
    TRIGGERS = [
        {"resource_name": "Project Users", "event_type": "update"},
        {"resource_name": "Project Users", "event_type": "create"},
    ]
    """
    assert changed(tmp_path, source) == {
        '{"resource_name": "Project Users", "event_type": "update"},':
        '{"resource_name": "Company Users", "event_type": "update"},',
    }  # fmt: skip


def test_a_resource_that_serves_other_events_too_stays(tmp_path: Path) -> None:
    source = 'HOOKS = {"resource_name": "Project Users", "event_types": ["create", "update"]}  # Procore\n'
    project(tmp_path, {"procore_hooks.py": source})
    rows = [row for row in check(tmp_path) if row["code"] == "PCL601"]
    assert all(row.get("fix") is None for row in rows)
    assert mended(tmp_path, source) == source


def test_an_event_that_the_company_has_elsewhere_in_the_file_does_not_move(tmp_path: Path) -> None:
    source = """\
    import requests

    URL = "https://api.procore.com/rest/v2.0/companies/1/webhooks/hooks/2/triggers"

    def subscribe(headers):
        requests.post(URL, headers=headers, json={"resource_name": "Project Users", "event_type": "update"})
        requests.post(URL, headers=headers, json={"resource_name": "Company Users", "event_type": "update"})
    """
    assert changed(tmp_path, source) == {}
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL601"]
    assert "not where its hook has that trigger already" in str(row["help"])
