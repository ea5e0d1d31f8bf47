"""Looking at many files with two processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from procore_lint import halves
from procore_lint.halves import WORTH_A_FORK, in_halves
from procore_lint.reading import Reader

pytestmark = pytest.mark.skipif(not halves.can_fork(), reason="no fork here")

HERE = os.getpid()
MANY = [f"m{number}.py" for number in range(WORTH_A_FORK + 1)]


def saying_the_process(path: str) -> str:
    return str(os.getpid())


def dying_elsewhere(path: str) -> str:
    if os.getpid() != HERE and path == MANY[-2]:
        os.kill(os.getpid(), 9)
    return path.upper()


def raising_elsewhere(path: str) -> str:
    if os.getpid() != HERE and path == MANY[-2]:
        raise ValueError(path)
    return path.upper()


@pytest.mark.parametrize("number", [0, 1, WORTH_A_FORK, WORTH_A_FORK + 1])
def test_what_is_said_of_each_file_is_in_order(number: int) -> None:
    assert in_halves(str.upper, MANY[:number], 2) == [path.upper() for path in MANY[:number]]


def test_names_that_are_no_unicode_come_back_as_they_are() -> None:
    assert in_halves(lambda path: f"\udcff{path}", MANY, 2) == [f"\udcff{path}" for path in MANY]


@pytest.mark.parametrize(
    ("jobs", "number", "processes"), [(2, WORTH_A_FORK, 2), (1, WORTH_A_FORK, 1), (2, WORTH_A_FORK - 1, 1)]
)
def test_a_second_process_looks_where_one_is_allowed_and_worth_it(
    jobs: int, number: int, processes: int
) -> None:
    assert len(set(in_halves(saying_the_process, MANY[:number], jobs))) == processes


@pytest.mark.parametrize("look", [dying_elsewhere, raising_elsewhere])
def test_a_process_that_dies_costs_nothing_but_time(look: halves.Look) -> None:
    assert in_halves(look, MANY, 2) == [path.upper() for path in MANY]


def test_where_no_further_process_is_allowed_this_one_looks_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    before = set(os.listdir("/proc/self/fd"))

    assert set(in_halves(saying_the_process, MANY, 2)) == {str(HERE)}
    assert set(os.listdir("/proc/self/fd")) == before


def project(root: Path) -> list[str]:
    for number, name in enumerate(MANY):
        (root / name).write_text(
            "import procore\n" if number % 100 == 5 else f"import os, unit.m{number}\n" if number % 2 else ""
        )
    (root / MANY[7]).unlink()
    return MANY


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_reader_knows_the_same_of_its_files_whoever_looked(tmp_path: Path, jobs: int) -> None:
    paths = project(tmp_path)
    reader = Reader(str(tmp_path), jobs=jobs)

    assert reader.seeds(paths) == [path for number, path in enumerate(MANY) if number % 100 == 5]
    assert reader.opened == set(MANY) - {MANY[7]}
    assert set(reader.problems) == {MANY[7]}
    assert reader.naming(paths, [b"unit"]) == [
        path for number, path in enumerate(MANY) if number % 2 and number % 100 != 5 and number != 7
    ]
    assert reader.imports(paths)[5:10] == [("procore",), (), (), (), ("os", "unit.m9")]


def test_a_run_that_is_broken_off_does_not_wait_for_the_other_process(tmp_path: Path) -> None:
    finished = tmp_path / "finished"

    def slowly() -> bytes:
        time.sleep(5)
        finished.touch()
        return b""

    with pytest.raises(KeyboardInterrupt), halves.forked(slowly):
        raise KeyboardInterrupt

    assert not finished.exists()
