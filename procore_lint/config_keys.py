"""The keys of the configuration: what each may hold, how it is checked, and their JSON Schema."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from procore_lint.config import ConfigError
from procore_lint.hints import did_you_mean

FAIL_ON = ("error", "warning", "info", "never")

Schema = dict[str, object]


@dataclass(frozen=True, slots=True)
class Key:
    """One key: the words for what is allowed, its schema, and the test that gives a value or None."""

    name: str
    about: str
    allowed: str
    schema: Schema
    accept: Callable[[object], object | None]


def _texts(value: object) -> object | None:
    if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
        return value
    return None


def _text(value: object) -> object | None:
    return value if isinstance(value, str) and value else None


def _mapping(value: object) -> object | None:
    if isinstance(value, dict) and all(_texts(names) is not None for names in value.values()):
        return value
    return None


def _day(value: object) -> object | None:
    if isinstance(value, datetime.datetime):
        return None
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return None
    return None


def _fail_on(value: object) -> object | None:
    return value if value in FAIL_ON else None


_TEXTS: Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
_TEXT: Schema = {"type": "string", "minLength": 1}
_DAY: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_RULES = "a list of rule names, codes or code prefixes"

KEYS: tuple[Key, ...] = (
    Key("select", "Rules to run; all of them by default.", _RULES, _TEXTS, _texts),
    Key("ignore", "Rules not to run.", _RULES, _TEXTS, _texts),
    Key(
        "exclude",
        "Files and directories to leave out, as gitignore patterns relative to the configuration file.",
        "a list of gitignore patterns",
        _TEXTS,
        _texts,
    ),
    Key(
        "per-file-ignores",
        "Rules not to report in files that match a gitignore pattern.",
        "a table of gitignore patterns, each with a list of rule names, codes or code prefixes",
        {"type": "object", "additionalProperties": _TEXTS},
        _mapping,
    ),
    Key("as-of", "The day to judge by; today by default.", "a day such as 2026-07-01", _DAY, _day),
    Key(
        "fail-on",
        "The least severity that makes the exit code 1.",
        'one of "error", "warning", "info", "never"',
        {"enum": [*FAIL_ON], "default": "warning"},
        _fail_on,
    ),
    Key(
        "company-header-names",
        "Headers that your own proxy or wrapper turns into Procore-Company-Id.",
        "a list of header names",
        _TEXTS,
        _texts,
    ),
    Key(
        "facts",
        "Further files of facts (TOML), relative to the configuration file: rows to add or change.",
        "a list of paths",
        _TEXTS,
        _texts,
    ),
    Key("baseline", "The file of accepted findings.", "a path", _TEXT, _text),
    Key("cache-dir", "Where facts are cached between runs.", "a path", _TEXT, _text),
)


def checked(table: object, file: str, prefix: str = "") -> Mapping[str, object]:
    """The table's values, proven to be of the right shape. Raises ConfigError naming file and key."""
    if not isinstance(table, dict):
        raise ConfigError(f"{file}: {prefix.rstrip('.') or 'the document'} must be a table")
    known = {key.name: key for key in KEYS}
    values: dict[str, object] = {}
    for name, value in table.items():
        key = known.get(name)
        if key is None:
            hint = did_you_mean(str(name), known)
            raise ConfigError(f"{file}: unknown key {prefix}{name}.{hint} Allowed are: {', '.join(known)}.")
        accepted = key.accept(value)
        if accepted is None:
            raise ConfigError(f"{file}: {prefix}{name} must be {key.allowed}, not {_shown(value)}.")
        values[name] = accepted
    return values


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def schema(keys: Sequence[Key] = KEYS) -> Schema:
    """The JSON Schema of `[tool.procore-lint]` and of procore-lint.toml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "procore-lint configuration",
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: {"description": key.about, **key.schema} for key in keys},
    }
