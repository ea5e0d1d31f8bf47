"""Where the update event of a subscription may move to the company, and where it may not."""

from __future__ import annotations

from pathlib import Path

from repair_helpers import Row, changed, check, project

HEAD = """\
import requests

HOOKS = "https://api.procore.com/rest/v1.0/webhooks/hooks/7/triggers"
HEADERS = {"Procore-Company-Id": "1"}
"""
SEND = """\

for name, event in TRIGGERS:
    requests.post(HOOKS, json={"resource_name": name, "event_type": event}, headers=HEADERS)
"""


def triggers(table: str, head: str = HEAD) -> str:
    return f"{head}TRIGGERS = [{table}]\n{SEND}"


def subscription(root: Path, source: str) -> Row:
    (row,) = (r for r in check(project(root, {"sync.py": source})) if r["code"] == "PCL601")
    return row


def test_an_event_of_its_own_moves_to_the_company(tmp_path: Path) -> None:
    source = triggers('("Project Users", "create"), ("Project Users", "update")')
    (line,) = changed(tmp_path, source).values()
    assert line == 'TRIGGERS = [("Project Users", "create"), ("Company Users", "update")]'


def test_an_event_that_the_company_has_already_is_not_subscribed_to_twice(tmp_path: Path) -> None:
    source = triggers('("Project Users", "update"), ("Company Users", "update")')
    row = subscription(tmp_path, source)
    assert row["fix"] is None
    assert row["help"] == 'delete this entry: `("Company Users", "update")` is there already'


def test_a_hook_of_a_project_takes_no_event_of_the_company(tmp_path: Path) -> None:
    head = HEAD.replace("v1.0/webhooks", "v2.0/companies/1/projects/9/webhooks")
    row = subscription(tmp_path, triggers('("Project Users", "update")', head))
    assert row["fix"] is None
    assert "on a hook of the company" in str(row["help"])
