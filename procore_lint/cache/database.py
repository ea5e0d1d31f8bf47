"""Bytes by key in one SQLite file that is bounded in size, safe for several runs, and never in the way."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Final

from procore_lint.cache.digests import check_of

FILE: Final = "cache.sqlite3"

#: Bytes that the file may hold when a run ends; beyond them what was not used longest goes.
LIMIT: Final = 256 * 1024 * 1024
_KEPT: Final = 0.75  # the share of the limit that is left, so that not every run has to drop something
_SCHEMA: Final = 1
_WAIT: Final = 2.0  # seconds for another run to finish writing
_DAY: Final = 86_400
_CHECK: Final = 8  # bytes before each value that tell whether it is whole
_CHUNK: Final = 500  # keys in one statement; SQLite takes 999 at least


class Database:
    """The cache file in `directory`; `now` is the time in seconds, by which old entries are told.

    No method raises for the state of the disk: `problem` says in words what was wrong, and from then on
    nothing is found and nothing kept. A file that is broken is removed, so that the next run starts anew.
    """

    def __init__(self, directory: str, now: int, limit: int = LIMIT) -> None:
        self.file = os.path.join(directory, FILE)
        self.problem = ""
        self._now = now
        self._limit = limit
        self._wrote = False
        self._connection = self._open(directory)

    def get(self, key: bytes) -> bytes | None:
        """The bytes kept under `key`."""
        return self.get_all([key]).get(key)

    def get_all(self, keys: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """The bytes kept under each of the keys, those that are not known left out."""
        if self._connection is None:
            return {}
        wanted = list(keys)
        found: dict[bytes, bytes] = {}
        old: list[bytes] = []
        try:
            for start in range(0, len(wanted), _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                marks = ",".join("?" * len(chunk))
                query = f"SELECT key, used, data FROM entries WHERE key IN ({marks})"
                for key, used, data in self._connection.execute(query, chunk):
                    whole = _whole(data)
                    if isinstance(key, bytes) and whole is not None:
                        found[key] = whole
                        # Written once a day at most: a run that only reads stays one.
                        if not isinstance(used, int) or used < self._now - _DAY:
                            old.append(key)
            self._touch(old)
        except sqlite3.Error as problem:
            self._give_up(problem)
        return found

    def put(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep bytes under keys, in one transaction."""
        if self._connection is None:
            return
        rows = [(key, self._now, check_of(data, _CHECK) + data) for key, data in entries]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)
            self._connection.execute("COMMIT")
            self._wrote = True
        except sqlite3.Error as problem:
            self._give_up(problem)

    def count(self) -> int:
        """The number of entries."""
        if self._connection is None:
            return 0
        try:
            row = self._connection.execute("SELECT count(*) FROM entries").fetchone()
        except sqlite3.Error as problem:
            self._give_up(problem)
            return 0
        return int(row[0])

    def close(self) -> None:
        """Drop what exceeds the limit, and let go of the file."""
        if self._connection is None:
            return
        try:
            if self._wrote:
                self._prune(self._connection)
        except sqlite3.Error as problem:
            self._give_up(problem)
        else:
            self._connection.close()
            self._connection = None

    def _open(self, directory: str) -> sqlite3.Connection | None:
        try:
            prepare(directory)
            connection = sqlite3.connect(self.file, timeout=_WAIT, isolation_level=None)
        except (OSError, sqlite3.Error) as problem:
            self.problem = f"{self.file}: {problem}"
            return None
        self._connection = connection
        try:
            # A rollback journal, not WAL: new pages need no journal, and shared folders can do it too.
            # What a crash of the machine tears is found by the checks and made anew.
            connection.execute("PRAGMA synchronous = OFF")
            if connection.execute("PRAGMA user_version").fetchone() != (_SCHEMA,):
                self._create(connection)
        except sqlite3.Error as problem:
            self._give_up(problem)
        return self._connection

    def _create(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone() != (_SCHEMA,):  # nobody was faster
            connection.execute("DROP TABLE IF EXISTS entries")
            connection.execute(
                "CREATE TABLE entries (key BLOB PRIMARY KEY, used INTEGER NOT NULL, data BLOB NOT NULL)"
            )
            connection.execute(f"PRAGMA user_version = {_SCHEMA}")
        connection.execute("COMMIT")

    def _touch(self, keys: list[bytes]) -> None:
        if keys and self._connection is not None:
            # Where the file is read-only or busy, the order of use is not worth a word.
            with contextlib.suppress(sqlite3.OperationalError):
                self._connection.executemany(
                    "UPDATE entries SET used = ? WHERE key = ?", [(self._now, key) for key in keys]
                )

    def _prune(self, connection: sqlite3.Connection) -> None:
        size = _pages(connection) * _number(connection, "PRAGMA page_size")
        if size <= self._limit:
            return
        excess = size - int(self._limit * _KEPT)
        gone = []
        for key, length in connection.execute("SELECT key, length(data) FROM entries ORDER BY used, rowid"):
            if excess <= 0:
                break
            gone.append((key,))
            excess -= length + len(key)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("DELETE FROM entries WHERE key = ?", gone)
        connection.execute("COMMIT")
        connection.execute("PRAGMA incremental_vacuum").fetchall()

    def _give_up(self, problem: sqlite3.Error) -> None:
        self.problem = f"{self.file}: {problem}"
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()
        # An OperationalError is the disk's or another run's; everything else is the file itself.
        if isinstance(problem, sqlite3.DatabaseError) and not isinstance(problem, sqlite3.OperationalError):
            remove(os.path.dirname(self.file))


def prepare(directory: str) -> None:
    """Make the directory, marked so that neither backups nor git take it up. Raises OSError.

    One that holds anything already is left as it is: it may be somebody's own.
    """
    os.makedirs(directory, mode=0o700, exist_ok=True)
    if os.listdir(directory):
        return
    for name, text in (
        ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
        (".gitignore", "*\n"),
    ):
        with open(os.path.join(directory, name), "w", encoding="ascii") as stream:
            stream.write(text)


def remove(directory: str) -> int:
    """Remove the cache file and nothing else; the bytes that are free now."""
    freed = 0
    for name in (FILE, f"{FILE}-journal"):
        file = os.path.join(directory, name)
        with contextlib.suppress(OSError):
            size = os.stat(file).st_size
            os.remove(file)
            freed += size
    return freed


def _whole(data: object) -> bytes | None:
    if not isinstance(data, bytes) or check_of(data[_CHECK:], _CHECK) != data[:_CHECK]:
        return None
    return data[_CHECK:]


def _pages(connection: sqlite3.Connection) -> int:
    return _number(connection, "PRAGMA page_count") - _number(connection, "PRAGMA freelist_count")


def _number(connection: sqlite3.Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
