"""A second process that reads a few files while this one loads what judges them."""

from __future__ import annotations

import os
from functools import partial

import pytest

from procore_lint import aside
from procore_lint.extract import extract
from procore_lint.extraction import WORTH_A_FORK, Extracted, extract_all
from procore_lint.facts import Module
from procore_lint.halves import can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="no fork here")

HERE = os.getpid()
ITEMS = [
    ("a.py", b"import requests\nrequests.get('https://api.procore.com/rest/v1.0/me')\n"),
    ("b.py", b"x = ("),
]


def dying_elsewhere(data: bytes) -> Module:
    if os.getpid() != HERE:
        os.kill(os.getpid(), 9)
    return extract(data)


def noting_the_process(data: bytes) -> Module:
    return Module((), None, (), (str(os.getpid()),))


def test_facts_are_those_that_this_process_makes() -> None:
    called: list[int] = []

    assert aside.extract_all(ITEMS, extract, partial(called.append, 1)) == [
        extract(data) for _, data in ITEMS
    ]
    assert called == [1]


def test_a_process_that_dies_costs_nothing_but_time() -> None:
    assert aside.extract_all(ITEMS, dying_elsewhere, lambda: None) is None

    found = extract_all(ITEMS, dying_elsewhere, 2, WORTH_A_FORK, lambda: None)
    assert list(found) == [Extracted(path, extract(data)) for path, data in ITEMS]


def test_where_no_further_process_is_allowed_this_one_reads_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)

    found = extract_all(ITEMS, noting_the_process, 2, WORTH_A_FORK, lambda: None)
    assert [made.module for made in found] == [noting_the_process(data) for _, data in ITEMS]


@pytest.mark.parametrize(
    ("jobs", "size", "forked"),
    [(2, WORTH_A_FORK, True), (1, WORTH_A_FORK, False), (2, WORTH_A_FORK - 1, False)],
)
def test_a_second_process_reads_where_one_is_allowed_and_worth_it(jobs: int, size: int, forked: bool) -> None:
    (made,) = extract_all(ITEMS[:1], noting_the_process, jobs, size, lambda: None)

    assert isinstance(made.module, Module)
    assert (made.module.marks != (str(HERE),)) == forked
