"""Tokens that a record is given by callers which the project does not tie to it.

A store is often handed to the code that asks for tokens, untyped, or made where no code of the project is.
Then nothing flows from Procore's answer into the record: that its module speaks of Procore, or that it lies
beside the code that asks Procore in a project that asks nobody else, says whose tokens it keeps.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain

from procore_lint.checks.token_rows import reads_life
from procore_lint.checks.token_vendors import Vendors
from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.events import Event
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.values import Data, Parameter, Text, Value, members

_TOKEN = "access_token"
_ASKED = regex(r"oauth|/tokens?(?=/|\Z|\?)", re.I)


def is_passed(program: Program, value: Value) -> bool:
    """Whether a value is an access token that callers pass, and none passes one that is not Procore's."""
    if not isinstance(value, Parameter) or (value.path or (value.name,))[-1] != _TOKEN:
        return False
    info = program.bindings.function(value.function)
    given = info.bindings.get(value.name, ()) if info is not None else ()
    answers = [m for option in given for m in members(option) if isinstance(m, Data)]
    return all(program.is_token_request(answer.request) for answer in answers)


class Takers:
    """Whose tokens a program's code is given; what the whole program asks is gathered once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._vendors = Vendors(program)

    def keeps_procores(self, event: Event) -> bool:
        """Whether the tokens that the code around an event is given are Procore's."""
        if event.function is None or reads_life(event.function) or self._vendors.is_of_another(event):
            return False
        if self._program.is_procore(event.module):
            return event.module.path not in self._asking_others
        return not self._asking_others and _folder(event.module) in self._asking_procore

    @cached_property
    def _asking_others(self) -> frozenset[str]:
        """The modules that ask other hosts for tokens, or write their urls."""
        trail = self._program.trail
        sent = ((request.module, value) for request in trail.requests for value in members(request.url))
        written = ((event.module, event.value) for event in trail.written)
        return frozenset(module.path for module, value in chain(sent, written) if _is_elsewhere(value))

    @cached_property
    def _asking_procore(self) -> frozenset[str]:
        """The folders of the modules that ask Procore for tokens."""
        requests = self._program.trail.requests
        return frozenset(_folder(r.module) for r in requests if self._program.is_token_request(r))


def _folder(module: ModuleInfo) -> str:
    return module.path.rpartition("/")[0]


def _is_elsewhere(value: Value) -> bool:
    """Whether a url is one at which another vendor is asked for tokens."""
    if not isinstance(value, Text) or not _ASKED.search(value.template):
        return False
    host = urls.address(value).host
    return bool(host) and "\0" not in host and not urls.is_procore(host)
