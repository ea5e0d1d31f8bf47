from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from procore_lint.cache.database import FILE, Database, remove

NOW = 1_800_000_000


def kept(directory: Path, *entries: tuple[bytes, bytes], now: int = NOW, limit: int = 10**9) -> None:
    database = Database(str(directory), now, limit)
    for entry in entries:
        database.put([entry])
    database.close()
    assert database.problem == ""


def found(directory: Path, *keys: bytes, now: int = NOW) -> dict[bytes, bytes]:
    database = Database(str(directory), now)
    result = dict(database.get_all(keys))
    database.close()
    return result


def test_what_is_put_is_found_by_the_next_run(tmp_path: Path) -> None:
    kept(tmp_path / "new" / "cache", (b"a", b"1"), (b"b", b"2"), (b"a", b"3"))

    assert found(tmp_path / "new" / "cache", b"a", b"b", b"c") == {b"a": b"3", b"b": b"2"}
    assert sorted(os.listdir(tmp_path / "new" / "cache")) == [".gitignore", "CACHEDIR.TAG", FILE]


def test_an_empty_directory_is_marked_and_one_with_files_left_alone(tmp_path: Path) -> None:
    empty, own = tmp_path / "empty", tmp_path / "own"
    empty.mkdir()
    own.mkdir()
    (own / "notes.txt").touch()

    kept(empty, (b"a", b"1"))
    kept(own, (b"a", b"1"))

    assert sorted(os.listdir(empty)) == [".gitignore", "CACHEDIR.TAG", FILE]
    assert sorted(os.listdir(own)) == [FILE, "notes.txt"]


def test_many_keys_are_found_at_once(tmp_path: Path) -> None:
    keys = [b"%d" % number for number in range(2_500)]
    kept(tmp_path, *((key, key * 2) for key in keys[:1]))
    database = Database(str(tmp_path), NOW)
    database.put((key, key * 2) for key in keys)
    database.close()

    assert found(tmp_path, *keys) == {key: key * 2 for key in keys}


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_an_empty_cache_that_the_run_after_fills(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE).write_bytes(content)

    assert found(tmp_path, b"a") == {}
    kept(tmp_path, (b"a", b"1"))
    assert found(tmp_path, b"a") == {b"a": b"1"}


def test_pages_overwritten_in_the_middle_give_nothing_or_the_truth(tmp_path: Path) -> None:
    entries = [(b"key %d" % number, b"value %d " % number * 200) for number in range(200)]
    kept(tmp_path, *entries)
    whole = (tmp_path / FILE).read_bytes()

    for place in range(4096, len(whole), 40_001):
        (tmp_path / FILE).write_bytes(whole[:place] + os.urandom(600) + whole[place + 600 :])
        result = found(tmp_path, *(key for key, _ in entries))
        assert set(result.items()) <= set(entries)


def test_a_truncated_file_gives_nothing_or_the_truth(tmp_path: Path) -> None:
    entries = [(b"key %d" % number, b"value %d " % number * 200) for number in range(50)]
    kept(tmp_path, *entries)
    whole = (tmp_path / FILE).read_bytes()

    for size in (10, 4000, 30_000, len(whole) - 1000):
        (tmp_path / FILE).write_bytes(whole[:size])
        assert set(found(tmp_path, *(key for key, _ in entries)).items()) <= set(entries)


def test_a_value_changed_on_disk_is_not_taken(tmp_path: Path) -> None:
    kept(tmp_path, (b"a", b"1234"))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE entries SET data = data || x'00'")
    connection.close()

    assert found(tmp_path, b"a") == {}


def test_a_file_of_another_version_is_made_anew(tmp_path: Path) -> None:
    kept(tmp_path, (b"a", b"1"))
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    assert found(tmp_path, b"a") == {}
    kept(tmp_path, (b"a", b"2"))
    assert found(tmp_path, b"a") == {b"a": b"2"}


def test_a_place_that_cannot_hold_a_file_is_told_and_raises_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    database = Database(str(tmp_path / "file" / "cache"), NOW)
    database.put([(b"a", b"1")])

    assert database.get(b"a") is None
    assert "file" in database.problem
    database.close()


def test_a_directory_in_the_place_of_the_file_is_told_and_raises_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    database = Database(str(tmp_path), NOW)

    assert database.get(b"a") is None
    assert database.problem


def test_a_database_that_another_run_holds_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procore_lint.cache.database._WAIT", 0.05)
    kept(tmp_path, (b"a", b"1"))
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    database = Database(str(tmp_path), NOW)
    assert database.get(b"a") is None
    assert "locked" in database.problem
    other.execute("COMMIT")
    other.close()

    assert found(tmp_path, b"a") == {b"a": b"1"}


def test_the_file_stays_below_its_limit_and_loses_what_was_not_used_longest(tmp_path: Path) -> None:
    day = 86_400
    for number in range(30):
        now = NOW + number * 2 * day
        kept(tmp_path, (b"%d" % number, bytes([number]) * 20_000), now=now, limit=200_000)
        found(tmp_path, b"0", now=now + day)  # used ever again
        assert (tmp_path / FILE).stat().st_size <= 300_000

    left = found(tmp_path, *(b"%d" % number for number in range(30)))
    assert {b"0", b"29"} <= set(left)
    assert len(left) < 12


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    script = (
        "import sys; from procore_lint.cache.database import Database\n"
        "for n in range(40):\n"
        "    d = Database(sys.argv[1], 1); d.put([(f'{sys.argv[2]} {n}'.encode(), b'x' * 3000)]); d.close()\n"
        "    assert not d.problem, d.problem\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path), str(number)], cwd=Path(__file__).parents[2]
        )
        for number in range(3)
    ]

    assert [run.wait() for run in runs] == [0, 0, 0]
    keys = [f"{number} {n}".encode() for number in range(3) for n in range(40)]
    assert len(found(tmp_path, *keys)) == 120


def test_cleaning_removes_the_cache_file_alone(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("stay")
    kept(tmp_path, (b"a", b"1"))

    assert remove(str(tmp_path)) > 0
    assert remove(str(tmp_path)) == 0
    assert os.listdir(tmp_path) == ["precious.txt"]
