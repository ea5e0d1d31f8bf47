"""A run that fails costs its own function: the rest of the project is judged all the same."""

from __future__ import annotations

import datetime

import pytest

from procore_lint import catalog
from procore_lint.checks import judge
from procore_lint.checks.base import Context
from procore_lint.extract import extract
from procore_lint.project import strings

BROKEN = b"""import procore_tools

def cut(path):
    return path.partition("/")[2]

def table():
    return "/".join(["a", "b"])
"""
WRONG = b"""import requests

def projects(token):
    url = "https://api.procore.com/rest/v1.0/projects"
    return requests.get(url, headers={"Authorization": f"Bearer {token}"}).json()
"""


def test_a_run_that_fails_is_a_finding_in_its_file_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(strings, "_joined", fail)
    rules = catalog.load()
    context = Context(datetime.date(2026, 11, 23), frozenset(rules.rules))

    found = judge({"broken.py": extract(BROKEN), "wrong.py": extract(WRONG)}, rules, context)

    assert [(each.path, each.rule) for each in found] == [
        ("broken.py", "unreadable-file"),
        ("wrong.py", "missing-company-header"),
    ]


def test_lists_and_mappings_that_hold_themselves_are_survived() -> None:
    source = b"""import requests
URL = "https://api.procore.com/rest/v1.0/projects"
loop = []
loop.append(loop)
mapping = {}
mapping.update(mapping)
mapping["self"] = mapping
other = {"next": None}
other["next"] = {"back": other}

def walk(item):
    return [part for part in item] or item

walk(loop)
for key, value in other.items():
    walk(value)
requests.get(URL, headers=mapping)
"""
    rules = catalog.load()
    context = Context(datetime.date(2026, 11, 23), frozenset(rules.rules))

    found = judge({"loops.py": extract(source)}, rules, context)

    assert [(each.span.line, each.rule) for each in found] == [(17, "missing-company-header")]
