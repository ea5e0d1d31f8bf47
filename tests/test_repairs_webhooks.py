"""Fixes of webhooks (PCL6xx): an event moves to the resource that still sends it."""

from __future__ import annotations

from pathlib import Path

import pytest
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


@pytest.mark.parametrize(
    "handling",
    [
        'def handle(event):\n    if event["resource_name"] == "Project Users":\n        return event["project_id"]\n',
        'def handle(event):\n    return event["name"].lower() in ("project users", "rfis")\n',
        'def handle(event):\n    match event["name"]:\n        case "Project Users":\n            return 1\n',
        'HANDLERS = {"Project Users": print}\n',
        '@HOOK.on("Project Users")\ndef handle(event):\n    return event\n',
    ],
)
def test_a_name_that_a_handler_asks_events_for_is_not_changed_without_it(
    tmp_path: Path, handling: str
) -> None:
    hooks = '# Procore\nTRIGGER = {"resource_name": "Project Users", "event_type": "update"}\n'
    assert mended(tmp_path / "a", hooks) != hooks
    for number, files in enumerate(
        (
            {"procore_hooks.py": hooks + handling},
            {"procore_hooks.py": hooks, "views.py": "# Procore\n" + handling},
        )
    ):
        root = project(tmp_path / str(number), files)
        (row,) = [row for row in check(root) if row["code"] == "PCL601"]
        assert row["fix"] is None
        assert "goes by the new name too" in str(row["help"])


TABLE = """\
import requests

TRIGGERS = {
    "Project Users": ["update"],
    "Project Vendors": ["create", "update"],
}


def subscribe(company_id, hook, headers):
    url = f"https://api.procore.com/rest/v2.0/companies/{company_id}/webhooks/hooks/{hook}/triggers"
    for name, events in TRIGGERS.items():
        for event in events:
            requests.post(url, headers=headers, json={"resource_name": name, "event_type": event})
"""


def test_an_entry_of_a_table_is_moved_without_its_neighbours(tmp_path: Path) -> None:
    root = project(tmp_path, {"procore_hooks.py": TABLE})
    users, vendors = (row for row in check(root) if row["code"] == "PCL601")
    assert str(users["help"]).startswith('write `{"Company Users": ["update"]}`: ')
    both = 'write `{"Project Vendors": ["create"]}`, and `{"Company Vendors": ["update"]}` beside it: '
    assert str(vendors["help"]).startswith(both)
    assert vendors["fix"] is None


def test_a_table_gets_no_entry_twice(tmp_path: Path) -> None:
    moved = TABLE.replace('["create", "update"]', '["create"]')
    assert mended(tmp_path / "a", moved) == moved.replace("Project Users", "Company Users")
    source = moved.replace("Project Vendors", "Company Users")
    assert mended(tmp_path / "b", source) == source


@pytest.mark.parametrize(
    "test", ['event["resource_name"] == "Project Users"', 'event["resource_name"] in ("Project Users",)']
)
def test_a_handler_in_a_file_that_never_names_procore_is_found(tmp_path: Path, test: str) -> None:
    files = {
        "subscribe.py": """\
            import requests


            def subscribe(company_id, hook_id, token):
                requests.post(
                    f"https://api.procore.com/rest/v2.0/companies/{company_id}/webhooks/hooks/{hook_id}/triggers",
                    headers={"Authorization": f"Bearer {token}", "Procore-Company-Id": str(company_id)},
                    json={"resource_name": "Project Users", "event_type": "update"},
                )
            """,
        "handler.py": f"def handle(event):\n    return event if {test} else None\n",
    }
    (row,) = check(project(tmp_path, files))
    assert row["fix"] is None
    assert "see that handler.py:2 goes by the new name too" in str(row["help"])
