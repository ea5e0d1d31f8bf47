"""Reads dated rows from facts files, checks every key, and merges users' rows into the catalogue's.

A facts file holds the tables `[[endpoint]]`, `[[host]]` and `[[change]]`. A row of a later file with the
identity of an earlier one changes the keys that it names; `enabled = false` takes the row out.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from procore_lint.endpoints import ENDPOINT_RULES
from procore_lint.errors import UserError
from procore_lint.lazy import regex
from procore_lint.toml_files import TOMLDecodeError, parse

Row = Mapping[str, object]


class CatalogError(UserError):
    """A facts file or rule page that cannot be used; the message names file, row, key and what is allowed."""


class Source(NamedTuple):
    """One row as written: where it stands, and its checked keys."""

    place: str
    row: Row


class Kind(NamedTuple):
    """What a key may hold: the words of an error message, and the test."""

    allowed: str
    accepts: Callable[[object], bool]


class Table(NamedTuple):
    """One kind of row: the keys that identify it, those it must have in the end, all that it may have."""

    identity: tuple[str, ...]
    required: tuple[str, ...]
    keys: Mapping[str, Kind]


def is_day(value: object) -> bool:
    """Whether `value` is the text of an ISO day."""
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _one_of(*choices: str) -> Kind:
    return Kind("one of " + ", ".join(f'"{choice}"' for choice in choices), lambda value: value in choices)


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
_OPERATION = regex(rf"(?:{'|'.join(_METHODS)}) /\S*")
_MONTH = regex(r"\d{4}-(?:0[1-9]|1[0-2])")

TEXT = Kind("a text", lambda value: isinstance(value, str))
TEXTS = Kind("a list of texts", _is_texts)
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
DAY = Kind('a day like "2026-09-16"', is_day)
DATE = Kind(
    'a day like "2026-09-16" or a month like "2026-04"',
    lambda value: is_day(value) or (isinstance(value, str) and _MONTH.fullmatch(value) is not None),
)
PATH = Kind(
    'a path like "/rest/v1.0/users/{id}"',
    lambda value: isinstance(value, str) and re.fullmatch(r"/\S*", value) is not None,
)
OPERATIONS = Kind(
    'a list of operations like "GET /rest/v1.0/users/{id}"',
    lambda value: (
        isinstance(value, list)
        and all(isinstance(item, str) and _OPERATION.fullmatch(item) is not None for item in value)
    ),
)
BY_USE = Kind(
    'a table like { api = "api.procore.com", oauth = "login.procore.com" }',
    lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
)

TABLES: Mapping[str, Table] = {
    "endpoint": Table(
        identity=("method", "path"),
        required=("name", "status", "source", "verified"),
        keys={
            "method": _one_of(*_METHODS),
            "path": PATH,
            "name": TEXT,
            "status": _one_of("active", "discouraged", "deprecated", "removed"),
            "replacement": OPERATIONS,
            "family": TEXT,
            "note": TEXT,
            "deprecated": DAY,
            "sunset": DAY,
            "rule": _one_of(*ENDPOINT_RULES, ""),
            "source": TEXT,
            "verified": DAY,
            "enabled": FLAG,
        },
    ),
    "host": Table(
        identity=("host",),
        required=("roles", "status", "sources", "verified"),
        keys={
            "host": TEXT,
            "roles": TEXTS,
            "environment": TEXT,
            "status": TEXT,
            "replacement": BY_USE,
            "rules": TEXTS,
            "sunset": DAY,
            "not_for": TEXT,
            "token": TEXT,
            "paths": TEXTS,
            "legitimate_uses": TEXTS,
            "note": TEXT,
            "sources": TEXTS,
            "verified": DAY,
            "enabled": FLAG,
        },
    ),
    "change": Table(
        identity=("id",),
        required=("title", "status", "url", "sources", "verified"),
        keys={
            "id": TEXT,
            "title": TEXT,
            "category": TEXT,
            "announced": DATE,
            "announced_again": DATE,
            "effective": DATE,
            "deprecated": DATE,
            "creation_blocked": DATE,
            "sunset": DATE,
            "sunset_announced": DATE,
            "status": TEXT,
            "replacement": TEXT,
            "exempt": TEXTS,
            "shows_as": TEXTS,
            "not_proof": TEXTS,
            "conflicts": TEXTS,
            "url": TEXT,
            "sources": TEXTS,
            "verified": DAY,
            "enabled": FLAG,
        },
    ),
}


def read(file: Path) -> dict[str, list[Source]]:
    """The checked rows of one facts file, by table. Raises CatalogError."""
    try:
        document = parse(file.read_bytes())
    except OSError as error:
        raise CatalogError(f"{file}: cannot be read: {error.strerror or error}") from error
    except (TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"{file}: not TOML: {error}") from error
    found: dict[str, list[Source]] = {}
    for name, rows in document.items():
        table = TABLES.get(name)
        if table is None:
            allowed = ", ".join(f"[[{known}]]" for known in TABLES)
            raise CatalogError(f'{file}: key "{name}" is not known; allowed: {allowed}')
        if not isinstance(rows, list):
            raise CatalogError(f'{file}: key "{name}" must be an array of tables, [[{name}]]')
        found[name] = [_checked(file, name, table, number, row) for number, row in enumerate(rows, start=1)]
    return found


def merge(name: str, files: Sequence[Mapping[str, Sequence[Source]]]) -> tuple[Row, ...]:
    """The rows of table `name` after all files in order, later ones deciding. Raises CatalogError."""
    table = TABLES[name]
    rows: dict[tuple[str, ...], tuple[str, Row]] = {}
    for file in files:
        for source in file.get(name, ()):
            key = _identity(table, source.row)
            old = rows.get(key)
            if source.row.get("enabled") is False:
                if old is None:
                    raise CatalogError(f"{source.place}: there is no such row to switch off")
                del rows[key]
                continue
            merged = {**(old[1] if old else {}), **source.row}
            missing = [required for required in table.required if required not in merged]
            if missing:
                names = ", ".join(f'"{required}"' for required in missing)
                raise CatalogError(f"{source.place}: a new row needs the key {names}")
            rows[key] = (source.place, merged)
    return tuple(row for _, row in rows.values())


def text(row: Row, key: str) -> str:
    """The text under a key that `read` has checked, "" where it is absent."""
    value = row.get(key, "")
    return value if isinstance(value, str) else ""


def texts(row: Row, key: str) -> tuple[str, ...]:
    """The texts under a key that `read` has checked, () where it is absent."""
    value = row.get(key, ())
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _checked(file: Path, name: str, table: Table, number: int, row: object) -> Source:
    if not isinstance(row, dict):
        raise CatalogError(f"{file}: {name} {number}: must be a table of keys and values")
    who = " ".join(str(row[key]) for key in table.identity if key in row)
    place = f"{file}: {name} {number}" + (f" ({who})" if who else "")
    for key, value in row.items():
        kind = table.keys.get(key)
        if kind is None:
            raise CatalogError(f'{place}: key "{key}" is not known; allowed: {", ".join(table.keys)}')
        if not kind.accepts(value):
            raise CatalogError(f'{place}: key "{key}" must be {kind.allowed}, not {value!r}')
    for key in table.identity:
        if key not in row:
            raise CatalogError(f'{place}: key "{key}" is missing; it identifies the row')
    return Source(place, row)


def _identity(table: Table, row: Row) -> tuple[str, ...]:
    # Names of path parameters differ between specifications, so paths are compared without them.
    return tuple(re.sub(r"\{[^}]*\}", "{}", text(row, key)) for key in table.identity)
