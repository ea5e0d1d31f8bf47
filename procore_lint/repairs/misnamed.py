"""PCL201: a header that means the company by another name gets the name that Procore reads."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.project import headers
from procore_lint.project.events import Request
from procore_lint.project.program import Program
from procore_lint.repairs.carriers import HEADER, Carriers, goes_to_procore, is_foreign
from procore_lint.repairs.code import access, expression, shown, walk
from procore_lint.repairs.texts import assignment
from procore_lint.replacement import RenameKey
from procore_lint.values import Mapping, Place


def renamed(carriers: Carriers, request: Request, key: str, place: Place) -> Fix | None:
    """The misnamed header gets its name; safe where nothing but Procore is sent these headers, and not at all
    where another host is, which may want it as it is.

    Where the file says the name again, that may be what reads it, or what is sent as a parameter.
    """
    program = carriers.program
    node = expression(program.modules[place.path], place)
    if not isinstance(node, facts.Const) or node.value != key:
        return None
    carried = [m for m in headers.mappings(request.headers) if m.places.get(key) == place]
    if _is_shared(carriers, carried):
        return None
    again = sum(
        isinstance(n, facts.Const) and n.value == key for n in walk(program.modules[place.path].node.body)
    )
    if any(_is_read(program, mapping, key) for mapping in carried):
        return None
    safe = again == 1 and all(goes_to_procore(program, o) for m in carried for o in carriers.of(m.place))
    return Fix.of("safe" if carried and safe else "unsafe", RenameKey(place.path, node.span, key, HEADER))


def _is_read(program: Program, mapping: Mapping, key: str) -> bool:
    """Whether code of the file reads the key by the name that the dict is given."""
    module = program.modules[mapping.place.path]
    held = assignment(module, mapping.place)
    found = (access(node, key) for node in walk(module.node.body)) if held is not None else ()
    return any(pair is not None and pair[1] == "item" and shown(pair[0]) == held[0] for pair in found if held)


def help_text(carriers: Carriers, request: Request, key: str, place: Place) -> str:
    """The help for a misnamed header: where other hosts are sent these headers, that key stays as it is."""
    carried = [m for m in headers.mappings(request.headers) if m.places.get(key) == place]
    if _is_shared(carriers, carried):
        return f'send Procore "{HEADER}" beside "{key}", which other hosts are sent with these headers'
    return f'rename the key "{key}" to "{HEADER}"'


def _is_shared(carriers: Carriers, carried: list[Mapping]) -> bool:
    return any(is_foreign(carriers.program, other) for m in carried for other in carriers.of(m.place))
