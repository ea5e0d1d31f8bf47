"""Tokens that a record is given by callers which the project does not tie to it.

A store is often handed to the code that asks for tokens, untyped, or made where no code of the project is.
Then nothing flows from Procore's answer into the record: that its module speaks of Procore, or that it lies
beside the code that asks Procore in a project that asks nobody else, says whose tokens it keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint.checks.token_rows import reads_life
from procore_lint.checks.token_vendors import is_of_another
from procore_lint.project import urls
from procore_lint.project.events import Event
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.values import Data, Parameter, Text, Value, members

_TOKEN = "access_token"
_ASKED = re.compile(r"oauth|/tokens?(?=/|\Z|\?)", re.I)


def is_passed(program: Program, value: Value) -> bool:
    """Whether a value is an access token that callers pass, and none passes one that is not Procore's."""
    if not isinstance(value, Parameter) or (value.path or (value.name,))[-1] != _TOKEN:
        return False
    info = program.bindings.function(value.function)
    given = info.bindings.get(value.name, ()) if info is not None else ()
    answers = [m for option in given for m in members(option) if isinstance(m, Data)]
    return all(program.is_token_request(answer.request) for answer in answers)


def keeps_procores(program: Program, event: Event) -> bool:
    """Whether the tokens that the code around an event is given are Procore's."""
    if event.function is None or reads_life(event.function) or is_of_another(program, event):
        return False
    module = event.module
    foreign = {path for path, host in _asked(program) if not urls.is_procore(host)}
    if program.is_procore(module):
        return module.path not in foreign
    return not foreign and any(
        program.is_token_request(request) and _folder(request.module) == _folder(module)
        for request in program.trail.requests
    )


def _folder(module: ModuleInfo) -> str:
    return module.path.rpartition("/")[0]


def _asked(program: Program) -> Iterator[tuple[str, str]]:
    """The hosts that are asked for tokens, with the path of the module that asks or writes the url."""
    for request in program.trail.requests:
        for value in members(request.url):
            yield from _host(request, value)
    for written in program.trail.written:
        yield from _host(written, written.value)


def _host(event: Event, value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, Text) and _ASKED.search(value.template):
        host = urls.address(value).host
        if host and "\0" not in host:
            yield event.module.path, host
