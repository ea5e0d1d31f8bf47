"""The configuration: `[tool.procore-lint]` of pyproject.toml, or procore-lint.toml, as frozen data.

One file configures a project: the nearest one upward from its root. The shape of every key stands in
`config_keys`, from which the JSON Schema is made, so that reading and documentation cannot differ.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from procore_lint.errors import UserError
from procore_lint.roots import CONFIG_NAME, PYPROJECT, has_table, upward


class ConfigError(UserError):
    """The configuration or an option cannot be used; the message names file, key and what is allowed."""


class Config(NamedTuple):
    """What a project's configuration says; `base` is the directory that its paths are relative to."""

    file: str = ""
    base: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    as_of: datetime.date | None = None
    fail_on: str = "warning"
    company_header_names: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    baseline: str = ""
    cache_dir: str = ""


def load(directory: str) -> Config:
    """The configuration that holds in `directory`: of the nearest file upward, else the defaults.

    Raises ConfigError for a file that cannot be read or says something that is not allowed.
    """
    for place in upward(directory):
        own = os.path.join(place, CONFIG_NAME)
        if os.path.isfile(own):
            return read(own)
        pyproject = os.path.join(place, PYPROJECT)
        if has_table(pyproject):
            return read(pyproject)
    return Config(base=directory)


def read(path: str) -> Config:
    """The configuration in the file at `path`. Raises ConfigError."""
    from procore_lint import config_keys, toml_files

    try:
        with open(path, "rb") as stream:
            document = toml_files.parse(stream.read())
    except OSError as problem:
        raise ConfigError(f"{path}: cannot be read: {problem.strerror}") from problem
    except (toml_files.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path}: is not TOML: {problem}") from problem
    base = os.path.dirname(os.path.abspath(path))
    table: object = document
    prefix = ""
    if os.path.basename(path) == PYPROJECT:
        table, prefix = toml_files.own_table(document), "tool.procore-lint."
        if table is None:
            return Config(file=path, base=base)
    elif set(document) == {"tool"}:
        table, prefix = toml_files.own_table(document), "tool.procore-lint."
    values = config_keys.checked(table, path, prefix)
    return _made(values, path, base)


def _made(values: Mapping[str, object], path: str, base: str) -> Config:
    texts = _texts(values)
    ignores = values.get("per-file-ignores")
    as_of = values.get("as-of")
    return Config(
        file=path,
        base=base,
        select=texts("select"),
        ignore=texts("ignore"),
        exclude=texts("exclude"),
        per_file_ignores={
            str(pattern): tuple(map(str, names))
            for pattern, names in (ignores.items() if isinstance(ignores, dict) else ())
            if isinstance(names, list)
        },
        as_of=as_of if isinstance(as_of, datetime.date) else None,
        fail_on=str(values.get("fail-on", "warning")),
        company_header_names=texts("company-header-names"),
        facts=tuple(os.path.join(base, name) for name in texts("facts")),
        baseline=_path(base, values.get("baseline")),
        cache_dir=_path(base, values.get("cache-dir")),
    )


def _texts(values: Mapping[str, object]) -> Callable[[str], tuple[str, ...]]:
    def texts(key: str) -> tuple[str, ...]:
        found = values.get(key)
        return tuple(map(str, found)) if isinstance(found, list) else ()

    return texts


def _path(base: str, value: object) -> str:
    return os.path.join(base, value) if isinstance(value, str) else ""
