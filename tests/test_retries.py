"""Calls that one body makes twice alike are run once; what was changed between them is not passed over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from procore_lint.extract import extract
from procore_lint.project import calls
from procore_lint.project.machine import Machine
from procore_lint.project.model import FunctionInfo
from procore_lint.project.program import Program

CLIENT = """
import requests


class Client:
    def __init__(self, token):
        self.headers = {"Authorization": token}

    def get(self, path, headers=None):
        send = requests.get
        return send("https://api.procore.com" + path, headers={**self.headers, **(headers or {})})


client = Client(input())
path = "/rest/v1.0/projects"


def fetch(pool, asynchronously):
"""


@pytest.fixture
def runs_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """How often the client's method is run for `fetch` with a body."""
    run: list[str] = []
    execute = calls.execute

    def counting(machine: Machine, info: FunctionInfo, *rest: object) -> object:
        root = machine.root.function if machine.root else None
        if info.name == "get" and root is not None and root.name == "fetch":
            run.append(info.id)
        return execute(machine, info, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(calls, "execute", counting)

    def runs(body: str) -> int:
        Program({"app.py": extract((CLIENT + body).encode())}, frozenset())
        return len(run)

    return runs


@pytest.mark.parametrize(
    "body",
    [
        "    if asynchronously:\n        return pool.submit(client.get, path)\n    return client.get(path)\n",
        "    try:\n        return client.get(path)\n    except OSError:\n        return client.get(path)\n",
        "    client.get(path)\n    return client.get(path)\n",
        "    for _ in range(3):\n        client.get(path)\n",
    ],
)
def test_like_calls_of_one_body_are_run_once(runs_of: Callable[[str], int], body: str) -> None:
    assert runs_of(body) == 1


@pytest.mark.parametrize(
    "between",
    [
        "client.headers['Procore-Company-Id'] = '7'",
        "client.headers.update(pool)",
        "del client.headers['Authorization']",
        "client.headers = pool",
        "global path\n    path = pool",
    ],
)
def test_a_call_after_a_change_is_run_again(runs_of: Callable[[str], int], between: str) -> None:
    assert runs_of(f"    client.get(path)\n    {between}\n    return client.get(path)\n") == 2


def test_a_call_that_hands_over_something_else_is_run_again(runs_of: Callable[[str], int]) -> None:
    assert runs_of("    client.get(path)\n    return client.get(path, {'Procore-Company-Id': '7'})\n") == 2
