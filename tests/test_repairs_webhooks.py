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
