"""PCL201: a header that means the company by another name gets the name that Procore reads."""

from __future__ import annotations

import msgspec

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.project.program import Program
from procore_lint.repairs.carriers import HEADER, Carriers
from procore_lint.repairs.code import expression, walk
from procore_lint.repairs.identifiers import given_to, is_id, is_no_id
from procore_lint.repairs.key_reads import is_of_headers, readers
from procore_lint.repairs.shown import access, shown
from procore_lint.repairs.texts import assignment
from procore_lint.replacement import RenameKey
from procore_lint.values import Mapping, Place


class Renames:
    """The fixes of misnamed headers: requests that share their headers share the fix, made once."""

    def __init__(self, carriers: Carriers) -> None:
        self._carriers = carriers
        self._made: dict[tuple[str, Place, tuple[Place, ...]], Fix | None] = {}
        self._read: dict[str, list[tuple[str, msgspec.Struct]]] = {}

    def fix(self, request: Request, key: str, place: Place) -> Fix | None:
        """The misnamed header gets its name; safe where it is an id by name and nothing but Procore is sent
        these headers, and not at all where another host is, which may want it as it is.

        Where the file says the name again, that may be what reads it, or what is sent as a parameter; a file
        that reads a key of this name out of anything may have been handed these headers.
        """
        carried = _carried(request, key, place)
        known = (key, place, tuple(mapping.place for mapping in carried))
        if known not in self._made:
            self._made[known] = _renamed(self._carriers, carried, key, place, self._readers(key))
        return self._made[known]

    def help_text(self, request: Request, key: str, place: Place) -> str:
        """The help for a misnamed header; where other hosts are sent these headers, that key stays."""
        if _is_shared(self._carriers, _carried(request, key, place)):
            return f'send Procore "{HEADER}" beside "{key}", which other hosts are sent with these headers'
        value = given_to(self._carriers.program.modules[place.path], place)
        if is_no_id(value):
            held = shown(value, exact=False)
            said = f": `{held}` is no id by its name" if held is not None else ""
            return f'send "{HEADER}" with the id of the company in place of "{key}"{said}'
        is_read = any(is_of_headers(holder, path != place.path) for path, holder in self._readers(key))
        read = ", and where code reads it as well" if is_read else ""
        return f'rename the key "{key}" to "{HEADER}"{read}'

    def _readers(self, key: str) -> list[tuple[str, msgspec.Struct]]:
        if key not in self._read:
            self._read[key] = readers(self._carriers.program, key)
        return self._read[key]


def _renamed(
    carriers: Carriers, carried: list[Mapping], key: str, place: Place, read: list[tuple[str, msgspec.Struct]]
) -> Fix | None:
    module = carriers.program.modules[place.path]
    node = expression(module, place)
    if not isinstance(node, facts.Const) or node.value != key or _is_shared(carriers, carried):
        return None
    if any(_is_read(carriers.program, mapping, key) for mapping in carried):
        return None
    if any(is_of_headers(holder, path != place.path) for path, holder in read):
        return None  # of a session or a request it may be these: `session.headers["company_id"]`
    value = given_to(module, place)
    if is_no_id(value):
        return None  # under the right name it would be sent as the id, and nobody would look again
    again = sum(isinstance(n, facts.Const) and n.value == key for n in walk(module.node.body))
    safe = again == 1 and not read and is_id(value) and not carriers.expected.headers
    safe = safe and all(carriers.of(mapping.place).is_procore for mapping in carried)
    return Fix.of("safe" if carried and safe else "unsafe", RenameKey(place.path, node.span, key, HEADER))


def _carried(request: Request, key: str, place: Place) -> list[Mapping]:
    return [mapping for mapping in headers.mappings(request.headers) if mapping.places.get(key) == place]


def _is_read(program: Program, mapping: Mapping, key: str) -> bool:
    """Whether code of the file reads the key by the name that the dict is given."""
    module = program.modules[mapping.place.path]
    held = assignment(module, mapping.place)
    found = (access(node, key) for node in walk(module.node.body)) if held is not None else ()
    return any(pair is not None and pair[1] == "item" and shown(pair[0]) == held[0] for pair in found if held)


def _is_shared(carriers: Carriers, carried: list[Mapping]) -> bool:
    return any(carriers.of(mapping.place).is_shared for mapping in carried)
