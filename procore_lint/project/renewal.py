"""What leads to a token: the functions that ask Procore for one, and the tests and loops that decide when."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project import headers
from procore_lint.project.events import Comparison, Request
from procore_lint.project.givers import gives_token
from procore_lint.project.model import FunctionInfo
from procore_lint.project.walk import walk
from procore_lint.values import Mapping, Text, Value, members

if TYPE_CHECKING:
    from procore_lint.project.program import Program

_AUTHORIZATION = frozenset({"authorization"})
_OAUTH = regex(r"oauth|token", re.I)
_TOKEN = frozenset({"access_token", "created_at"})


class Renewal:
    """How a program comes by its tokens."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._trail, self._machine = program.trail, program.machine
        self._asks, self._is_rest = program.is_token_request, program.is_rest

    @cached_property
    def roots(self) -> frozenset[str]:
        """Keys of the roots that ask Procore for a token, themselves or through what they call."""
        return self._reaching({r.root.id for r in self._trail.requests if self._asks(r)})

    @cached_property
    def keeps_no_life(self) -> bool:
        """Whether some dict display of the project keeps a token's birth without its life."""
        program = self._program
        return any(
            isinstance(node, facts.Dict) and _keeps_birth_alone(node)
            for module in program.modules.values()
            if program.is_procore(module) and not program.is_mocked(module)
            for node, _ in walk(module.node.body)
        )

    @cached_property
    def takes_life_out(self) -> bool:
        """Whether some code of the project takes `expires_in` out of a token: what it keeps then lacks it."""
        program = self._program
        return any(
            _is_taken_out(node)
            for module in program.modules.values()
            if program.is_procore(module) and not program.is_mocked(module)
            for node, _ in walk(module.node.body)
        )

    @cached_property
    def _api_roots(self) -> frozenset[str]:
        return self._reaching({r.root.id for r in self._trail.requests if self._is_rest(r)})

    @cached_property
    def _using_roots(self) -> frozenset[str]:
        """Roots that send a token somewhere: where to is not decided, so it may well be the API."""
        return self._reaching({r.root.id for r in self._trail.requests if self._uses_token(r)})

    @cached_property
    def _data_roots(self) -> frozenset[str]:
        return self._api_roots | self._login_roots | self._using_roots

    def _uses(self, request: Request) -> bool:
        return self._is_rest(request) or self._uses_token(request)

    def _uses_token(self, request: Request) -> bool:
        if self._program.kinds(request) != ("unknown",):
            return False
        if any(isinstance(m, Text) and _OAUTH.search(m.template) for m in members(request.url)):
            return False
        if any(True for _ in _grants(request)):
            return False
        return headers.presence(request.headers, _AUTHORIZATION).state == headers.YES

    @cached_property
    def _login_roots(self) -> frozenset[str]:
        roots = {r.root.id for r in self._trail.requests if _is_login(r)}
        renewing = {r.root.id for r in self._trail.requests if self._asks(r) and not _is_login(r)}
        return self._reaching(roots) - self._reaching(renewing)

    @cached_property
    def _callers(self) -> dict[str, set[str]]:
        callers: dict[str, set[str]] = defaultdict(set)
        for root, called in self._machine.calls.items():
            for callee in called:
                callers[callee].add(root)
        for passage in self._trail.passages:
            callers[passage.callee].add(passage.root.id)
        return callers

    def _reaching(self, roots: set[str]) -> frozenset[str]:
        found = set(roots)
        queue = list(roots)
        while queue:
            for caller in self._callers.get(queue.pop(), set()) - found:
                found.add(caller)
                queue.append(caller)
        return frozenset(found)

    @cached_property
    def guards(self) -> frozenset[int]:
        """Identities of the comparisons that decide whether a Procore token is asked for.

        Only the innermost test counts, and only where it guards no API call besides: such a test
        decides about the data, and the token is asked for on the way. A test that returns early inside
        an inner block counts where the function gives a token: others give up more than a request.
        """
        token: set[int] = set()
        data: set[int] = set()
        for request in self._trail.requests:
            if request.guards and not _is_login(request):
                target = token if self._asks(request) else data if self._uses(request) else None
                if target is not None:
                    target.update(self._nearest(request.guards, target is token))
        for passage in self._trail.passages:
            if passage.guards:
                if passage.callee in self._data_roots:
                    data.update(self._nearest(passage.guards, False))
                elif passage.callee in self.roots:
                    token.update(self._nearest(passage.guards, True))
        return frozenset(token - data)

    def _nearest(self, guards: tuple[Comparison, ...], for_token: bool) -> set[int]:
        """The comparisons of the test that stands nearest."""
        last = guards[-1]
        near = [c for c in guards if c.function is last.function and c.place.path == last.place.path]
        if for_token and any(c.inner is not None for c in near):
            gives = last.function is not None and gives_token(self._program, last.function)
            near = [c for c in near if c.inner is None or gives]
        return {id(c if c.inner is None else c.inner) for c in near}

    def renews(self, function: FunctionInfo) -> bool:
        """Whether a function is there for the token: it asks Procore for one and calls no API besides."""
        if not self.asks_for_token(function) or _is_among(function, self._api_roots):
            return False
        return not _is_among(function, self._using_roots)

    @cached_property
    def loops(self) -> frozenset[int]:
        """Endless loops in which a token is asked for and no API is called."""
        token: set[int] = set()
        data: set[int] = set()
        for request in self._trail.requests:
            if request.loops:
                target = token if self._asks(request) else data if self._uses(request) else None
                if target is not None:
                    target.update(loop for loop in request.loops if loop > 0)
        for passage in self._trail.passages:
            loops = {loop for loop in passage.loops if loop > 0}
            if passage.callee in self._api_roots:
                data |= loops
            elif passage.callee in self.roots:
                token |= loops
        return frozenset(token - data)

    def asks_for_token(self, function: FunctionInfo) -> bool:
        """Whether running `function` asks Procore for a token."""
        return _is_among(function, self.roots)


def _is_among(function: FunctionInfo, roots: frozenset[str]) -> bool:
    """Whether a function, for some class that `self` stands for, is one of these roots (see `Root.id`)."""
    return function.id in roots or any(key.startswith(f"{function.id}|") for key in roots)


def _is_login(request: Request) -> bool:
    """Whether a request trades the code of a login for a token: that is no renewal."""
    return any(isinstance(g, Text) and g.plain == "authorization_code" for g in _grants(request))


def _grants(request: Request) -> Iterator[Value]:
    """What a request's body may name as its grant: one that does asks for a token."""
    for body in request.body:
        for member in members(body):
            if isinstance(member, Mapping) and "grant_type" in member.entries:
                yield member.entries["grant_type"]


def _is_taken_out(node: object) -> bool:
    """Whether code takes the key out (`token.pop("expires_in")`, `del`), or leaves it out of a copy."""
    if isinstance(node, facts.Delete):
        return any(isinstance(target, facts.Item) and _is_life(target.index) for target in node.targets)
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name == "pop":
        return bool(node.args) and _is_life(node.args[0].value)
    if not isinstance(node, facts.Comp) or node.kind != "dict":
        return False
    tests = (part for loop in node.loops for test in loop.tests for part, _ in walk(test))
    return any(
        isinstance(part, facts.Compare) and part.op in ("!=", "not in") and _names_life(part.right)
        for part in tests
    )


def _names_life(node: facts.Expr) -> bool:
    return any(map(_is_life, node.items if isinstance(node, facts.Seq) else (node,)))


def _is_life(node: object) -> bool:
    return isinstance(node, facts.Const) and node.value == "expires_in"


def _keeps_birth_alone(node: facts.Dict) -> bool:
    keys = {key.value for key, _ in node.items if isinstance(key, facts.Const)}
    is_closed = all(key is not None for key, _ in node.items)
    return is_closed and keys >= _TOKEN and "expires_in" not in keys
