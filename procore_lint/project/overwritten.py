"""Headers that an auth object, a hook or a transport puts in place of those that a request was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint.project import headers
from procore_lint.values import Prepared, Value

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine


def note(machine: Machine, request: Prepared, value: Value) -> None:
    """Note `request.headers = value` in what is run on each request, unless `value` holds the old ones."""
    if request.library != "layer":
        return
    given = headers.mappings((value,))
    if not any(mapping is request.headers for mapping in given):
        machine.overwritten.setdefault(request.place, set()).update(mapping.place for mapping in given)
