"""Calls that one body makes twice alike are run once; what was changed between them is not passed over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from procore_lint.extract import extract
from procore_lint.project import calls
from procore_lint.project.machine import Machine
from procore_lint.project.model import FunctionInfo
from procore_lint.project.program import Program
from procore_lint.project.retries import Call

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
def runs(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], int]:
    """How often `get` of a source is run for one of its functions, for "" in its script."""
    run: list[str] = []
    execute = calls.execute

    def counting(machine: Machine, info: FunctionInfo, *rest: object) -> object:
        if info.name == "get" and machine.root is not None:
            run.append(machine.root.function.name if machine.root.function else "")
        return execute(machine, info, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(calls, "execute", counting)

    def counted(source: str, root: str) -> int:
        Program({"app.py": extract(source.encode())}, frozenset())
        return run.count(root)

    return counted


@pytest.fixture
def runs_of(runs: Callable[[str, str], int]) -> Callable[[str], int]:
    """The same for a function `fetch` with a body."""
    return lambda body: runs(CLIENT + body, "fetch")


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


def test_a_call_under_a_test_says_nothing_of_one_outside_of_it(runs_of: Callable[[str], int]) -> None:
    test = "    if time.time() > pool.expires_at:\n        client.get(path)\n"

    assert runs_of(f"    import time\n{test}    return client.get(path)\n") == 2


def test_many_calls_are_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    is_like = Call.is_like

    def counting(call: Call, other: Call) -> bool:
        nonlocal compared
        compared += 1
        return is_like(call, other)

    monkeypatch.setattr(Call, "is_like", counting)
    body = "".join(f"    client.get(path + '/{number}')\n" for number in range(200))
    Program({"app.py": extract((CLIENT + body).encode())}, frozenset())

    assert compared < 200 * 20


def test_a_call_that_hands_over_something_else_is_run_again(runs_of: Callable[[str], int]) -> None:
    assert runs_of("    client.get(path)\n    return client.get(path, {'Procore-Company-Id': '7'})\n") == 2


SCRIPT = """
import requests

kept = {"Authorization": input()}


def get(send):
    return send("https://api.procore.com/rest/v1.0/projects", headers=kept)


get(requests.get)
BETWEEN
get(requests.get)
"""


@pytest.mark.parametrize(
    ("between", "times"), [("", 1), ("kept = {'Procore-Company-Id': '7'}", 2), ("kept['Accept'] = '*/*'", 2)]
)
def test_a_script_that_binds_a_name_anew_runs_what_reads_it_again(
    runs: Callable[[str, str], int], between: str, times: int
) -> None:
    assert runs(SCRIPT.replace("BETWEEN", between), "") == times
