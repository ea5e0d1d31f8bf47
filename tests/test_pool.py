from __future__ import annotations

import os

import pytest

from procore_lint import facts, pool
from procore_lint.extract import extract
from procore_lint.extraction import decode

BIG = b"x = [1, 2]\n" * 20_000


def dies(data: bytes) -> facts.Module:
    if b"explode" in data:
        os._exit(11)
    return extract(data)


def always_dies(data: bytes) -> facts.Module:
    os._exit(11)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_every_file_comes_back_once_and_the_one_at_fault_with_a_problem(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    context = pool.multiprocessing.get_context(method)
    monkeypatch.setattr(pool, "_context", lambda: context)
    items = [(f"{number}.py", BIG) for number in range(5)] + [
        ("small.py", b"x = 1\n"),
        ("bad.py", b"explode"),
    ]

    got = list(pool.extract_all(items, dies, 2))

    modules = {path: decode(packed) for path, packed in got}
    assert sorted(path for path, _ in got) == sorted(path for path, _ in items)
    assert [path for path, module in modules.items() if module.problem is not None] == ["bad.py"]
    assert modules["0.py"].opened() == extract(BIG)


def test_workers_that_all_die_end_the_run_and_not_the_process() -> None:
    got = list(pool.extract_all([(f"{number}.py", BIG) for number in range(4)], always_dies, 2))

    assert len(got) == 4
    assert all(decode(packed).problem is not None for _, packed in got)


@pytest.mark.parametrize("allowed", [0, 1])
def test_where_the_system_allows_fewer_processes_those_do_all(
    allowed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    fork = os.fork

    def scarce() -> int:
        if len(started) == allowed:
            raise BlockingIOError
        started.append(1)
        return fork()

    monkeypatch.setattr(os, "fork", scarce)
    monkeypatch.setattr(pool, "_BATCH", 1)
    items = [(f"{number}.py", b"x = 1") for number in range(9)]

    assert sorted(path for path, _ in pool.extract_all(items, extract, 4)) == [path for path, _ in items]


def test_a_run_that_is_given_up_leaves_no_worker_behind() -> None:
    items = iter([("a.py", BIG), ("b.py", BIG)])
    running = pool.extract_all(((path, data) for path, data in items), dies, 2)
    next(running)
    running.close()

    assert not pool.multiprocessing.active_children()
