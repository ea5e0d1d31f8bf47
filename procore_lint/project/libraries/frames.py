"""Tables of pandas: they read urls, and hold what they are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project.libraries import sending
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    UNKNOWN,
    Data,
    Function,
    Listing,
    Mapping,
    Parameter,
    Partial,
    Response,
    Text,
    Value,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine


READERS = tuple(
    f"pandas.read_{kind}" for kind in "csv json excel parquet html xml table fwf feather pickle".split()
)
MAKERS = (
    "pandas.DataFrame",
    "pandas.Series",
    "pandas.json_normalize",
    "pandas.DataFrame.from_records",
    "pandas.DataFrame.from_dict",
)
_SAME = frozenset(
    """dropna fillna unique drop_duplicates query sort_values reset_index head tail to_dict explode tolist
    to_list to_numpy astype rename""".split()
)
#: What an answer, being a table, is asked for.
METHODS = _SAME | {"iterrows", "itertuples", "apply"}


def read(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`pandas.read_csv(url, storage_options=headers)`, where it reads a url; else what it is given."""
    given = (kwargs[k] for k in ("filepath_or_buffer", "path_or_buf", "io", "path") if k in kwargs)
    source = args[0] if args else next(given, UNKNOWN)
    headers = [kwargs["storage_options"]] if "storage_options" in kwargs else []
    if site.rest is not None:
        headers.append(UNKNOWN)
    results: list[Value] = []
    for member in members(source):
        if _is_url(member):
            method = literal("GET", site.place)
            answer = sending.emit(machine, site, "pandas", method, member, headers, None, [], [])
            results.extend(Data(m.request) for m in members(answer) if isinstance(m, Response))
        else:
            results.append(member if isinstance(member, Data) else UNKNOWN)
    return join(results)


def _is_url(value: Value) -> bool:
    """Whether a table is read from a url, not from a file; what callers pass, by what it is called there."""
    if isinstance(value, Parameter):
        return bool(value.path) and sending.is_link_name(value)
    return (isinstance(value, Data) and bool(value.path)) or (
        isinstance(value, Text) and "://" in value.template
    )


def made(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """A table of rows: what its rows hold, it holds."""
    source = args[0] if args else kwargs.get("data", UNKNOWN)
    return join(
        machine.element(member, None) if isinstance(member, Listing) else member
        for member in members(source)
        if isinstance(member, (Data, Response, Listing, Mapping))
    )


def method(machine: Machine, table: Value, name: str, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """A method of a table."""
    if name in _SAME:
        return table
    row = machine.element(table, None) if isinstance(table, Data) else table
    if name == "apply":
        if not args or not any(isinstance(m, (Function, Partial)) for m in members(args[0])):
            return UNKNOWN
        more = kwargs.get("args")
        rest = {k: v for k, v in kwargs.items() if k not in ("axis", "args", "raw", "result_type")}
        given = [row, *(more.items if isinstance(more, Listing) else ())]
        answer = machine.apply(args[0], given, rest, site)
        return Listing(site.place, [answer], "list", exact=False)
    rows = Listing(site.place, [UNKNOWN, row], "tuple") if name == "iterrows" else row
    return Listing(site.place, [rows], "list", exact=False)
