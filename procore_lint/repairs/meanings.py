"""Which company a piece of code means: by what its names are bound to, and not by how they are spelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from procore_lint import facts
from procore_lint.project.events import Caller, Request
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.bindings import Bindings
from procore_lint.repairs.code import expression, function_at, keyword, root_name, walk
from procore_lint.repairs.company import Companies, Company
from procore_lint.repairs.fields import MAKERS, kept_as
from procore_lint.repairs.owners import given
from procore_lint.repairs.roles import bare
from procore_lint.repairs.shown import last_name, shown
from procore_lint.values import Place

#: Each says where a value comes from: two pieces of code that share one mean the same.
Sources = frozenset[tuple[object, ...]]

_FAR = 4


class Meanings:
    """Where the ids come from that requests name, and those that a fix would write down."""

    def __init__(self, program: Program, companies: Companies) -> None:
        self._program = program
        self._companies = companies
        self._bindings = Bindings()
        self._named: dict[int, Sources] = {}
        self._each: dict[tuple[str, str], bool] = {}

    def are_same(self, request: Request, company: Company, place: Place) -> bool:
        """Whether the id that `company` writes down at a place is one that the request names."""
        written = _parsed(company.name, place)
        if written is None:
            return place == request.place or company.name in self._companies.owners.given_companies(request)
        if not self._of_request(request).isdisjoint(self._of_spot(request.chain, written, place)):
            return True
        function = function_at(self._program.modules[place.path], place)
        owner = function.owner if function is not None else None
        name = company.name.rpartition(".")[2]
        return owner is not None and any(
            isinstance(node, facts.Name) and node.id == name
            for index, node in given(request)
            if self._comes_along(request.chain[: index + 1], node, owner)
        )

    def _comes_along(self, chain: tuple[Caller, ...], node: msgspec.Struct, owner: ClassInfo) -> bool:
        """Whether a function outside of a client's class is handed the client, and the id along with it.

        No caller on the way takes its ids one after the other out of something, for one client.
        """
        caller = chain[-1]
        call = expression(caller.module, caller.call) if caller.call is not None else None
        if caller.function is None or not isinstance(call, facts.Call):
            return False
        if any(caller.function.owner is info for info in owner.line()):
            return False
        sender = call.func
        while isinstance(sender, facts.Attr):
            sender = sender.obj
        if not all(self._is_parameter(caller.module, caller.function, n) for n in (node, sender)):
            return False
        return not self._is_each(caller.function, shown(node) or "")

    def _is_each(self, function: FunctionInfo, name: str) -> bool:
        """Whether some call gives a parameter one id after the other, as a loop takes them out of a list."""
        key = (function.id, name)
        if key not in self._each:
            self._each[key] = False  # while its callers are asked
            self._each[key] = any(
                self._takes_each(info, _argument(call, function, name))
                for info in self._calling(function)
                for call in _calls(info, function)
            )
        return self._each[key]

    def _takes_each(self, info: FunctionInfo, node: facts.Expr | None) -> bool:
        if not isinstance(node, facts.Name):
            return False
        bound = self._bindings.at(info.module, info.module.place(node.span), node.id)
        if bound.is_parameter:
            return self._is_each(info, node.id)
        return bool(bound.loops) or (bound.scope is not None and bound.value is None)

    def _calling(self, function: FunctionInfo) -> list[FunctionInfo]:
        """The functions of the program that may call one, by its name."""
        return self._callers.get(_called(function), [])

    @cached_property
    def _callers(self) -> dict[str, list[FunctionInfo]]:
        found: dict[str, list[FunctionInfo]] = defaultdict(list)
        for module in self._program.modules.values():
            for info in module.functions:
                calls = (node for node in walk(info.inside.body) if isinstance(node, facts.Call))
                for name in {last_name(call.func) for call in calls}:
                    found[name].append(info)
        return found

    def _of_request(self, request: Request) -> Sources:
        if id(request) not in self._named:
            found: set[tuple[object, ...]] = set()
            for index, node in given(request):
                found |= self._sources(request.chain[: index + 1], node)
                if isinstance(node, facts.Attr) and root_name(node) in _senders(request):
                    found.add(("field", node.name))
            self._named[id(request)] = frozenset(found)
        return self._named[id(request)]

    def _of_spot(self, chain: tuple[Caller, ...], written: facts.Expr, place: Place) -> Sources:
        function = function_at(self._program.modules[place.path], place)
        for index in range(len(chain) - 1, -1, -1):
            if function is not None and chain[index].function is function:
                return self._sources(chain[: index + 1], written)
        module = self._program.modules[place.path]
        found = self._of_code(module, written, ())
        if function is None or not self._is_parameter(module, function, written):
            return found
        return found | self._given_by_calls(function, shown(written) or "", chain, _FAR)

    def _given_by_calls(
        self, function: FunctionInfo, name: str, chain: Sequence[Caller], depth: int
    ) -> Sources:
        """What all calls of a function give a parameter: those on the way to a request, else all others."""
        near = [caller.function for caller in chain if caller.function is not None]
        owners = [info.owner for info in near if info.owner is not None]
        beside = [method for owner in owners for info in owner.line() for method in info.methods.values()]
        for group in (near, beside, None):
            callers = self._calling(function) if group is None else group
            calls = [(info, call) for info in callers for call in _calls(info, function)]
            found = [self._of_argument(info, call, function, name, chain, depth) for info, call in calls]
            if found:
                return frozenset.intersection(*found)
        return frozenset()

    def _of_argument(
        self,
        info: FunctionInfo,
        call: facts.Call,
        function: FunctionInfo,
        name: str,
        chain: Sequence[Caller],
        depth: int,
    ) -> Sources:
        node = _argument(call, function, name)
        if node is None:
            return frozenset()
        index = next((i for i, caller in enumerate(chain) if caller.function is info), -1)
        found = self._of_code(info.module, node, tuple(chain[: index + 1]))
        if index < 0 and depth > 0 and self._is_parameter(info.module, info, node):
            found |= self._given_by_calls(info, shown(bare(node)) or "", chain, depth - 1)
        return found

    def _is_parameter(self, module: ModuleInfo, function: FunctionInfo, node: msgspec.Struct) -> bool:
        node = bare(node)
        return (
            isinstance(node, facts.Name)
            and any(param.name == node.id for param in function.inside.params)
            and self._bindings.at(module, module.place(node.span), node.id).is_parameter
        )

    def _sources(self, chain: tuple[Caller, ...], node: msgspec.Struct) -> Sources:
        return self._of_code(chain[-1].module, node, chain)

    def _of_code(
        self, module: ModuleInfo, node: msgspec.Struct, chain: tuple[Caller, ...], depth: int = _FAR
    ) -> Sources:
        """Where an expression comes from; `chain` leads to the function that it stands in, if known."""
        node = bare(node)
        code = shown(node)
        span = getattr(node, "span", None)
        if code is None or span is None:
            return frozenset()
        place = module.place(span)
        if isinstance(node, facts.Const):
            return frozenset({("constant", code)})
        if isinstance(node, facts.Name):
            return self._of_name(module, node, place, chain, depth)
        bound = self._bindings.at(module, place, root_name(node))
        found: set[tuple[object, ...]] = {("code", code, bound)}
        if isinstance(node, facts.Attr):
            function = function_at(module, place)
            if bound.scope is None:
                found.add(("outside", node.name))
            elif function is not None and function.owner is not None and root_name(node) == function.first:
                found.add(("field", node.name))
                if depth and isinstance(node.obj, facts.Name):
                    found |= self._of_field(function.owner, node.name, depth)
        return frozenset(found)

    def _of_name(
        self,
        module: ModuleInfo,
        node: facts.Name,
        place: Place,
        chain: tuple[Caller, ...],
        depth: int,
    ) -> Sources:
        bound = self._bindings.at(module, place, node.id)
        if bound.scope is None:
            return frozenset({("outside", node.id)})
        found: set[tuple[object, ...]] = {("code", node.id, bound)}
        function = function_at(module, place)
        if function is None or bound.scope != (module.path, tuple(function.span)):
            return frozenset(found)
        if function.owner is not None:
            found.update(("field", name) for name in kept_as(function, node.id))
        value = bound.value
        if depth and isinstance(value, (facts.Name, facts.Attr, facts.Item, facts.Call)):
            found |= self._of_code(module, value, chain, depth - 1)
        if depth and bound.is_parameter and len(chain) > 1 and chain[-1].function is function:
            outer = chain[-2]
            call = expression(outer.module, outer.call) if outer.call is not None else None
            given = _argument(call, function, node.id) if isinstance(call, facts.Call) else None
            if given is not None:
                found |= self._of_code(outer.module, given, chain[:-1], depth - 1)
        return frozenset(found)

    def _of_field(self, owner: ClassInfo, name: str, depth: int) -> Sources:
        """What the only statement that sets an attribute gives it."""
        given = list(self._companies.fields(owner).sources(name))
        return self._of_code(owner.module, given[0], (), depth - 1) if len(given) == 1 else frozenset()


def _senders(request: Request) -> frozenset[str]:
    """The names of the objects that send a request, or give its headers."""
    call = expression(request.module, request.place)
    if not isinstance(call, facts.Call):
        return frozenset()
    return frozenset(filter(None, (root_name(call.func), root_name(keyword(call, "headers")))))


def _parsed(code: str, place: Place) -> facts.Expr | None:
    """A dotted name, as if it stood at a place."""
    first, *rest = code.split(".")
    if not all(part.isidentifier() for part in (first, *rest)):
        return None
    line, column, end_line, end_column = place.span
    span = (line, column, end_line, end_column)
    node: facts.Expr = facts.Name(first, span)
    for name in rest:
        node = facts.Attr(node, name, span)
    return node


def _called(function: FunctionInfo) -> str:
    """The name by which a function is called, or the class that it makes."""
    owner = function.owner
    return owner.name if owner is not None and function.name in MAKERS else function.name


def _calls(info: FunctionInfo, function: FunctionInfo) -> Iterator[facts.Call]:
    """The calls in a function that may be of another."""
    name = _called(function)
    for node in walk(info.inside.body):
        if isinstance(node, facts.Call) and last_name(node.func) == name:
            yield node


def _argument(call: facts.Call, function: FunctionInfo, name: str) -> facts.Expr | None:
    """What a call gives a parameter, its default if nothing; None where a spread may."""
    if any(argument.name in ("*", "**") for argument in call.args):
        return None
    given = keyword(call, name)
    if given is not None:
        return given
    params = [param for param in function.inside.params if param.kind == "pos"]
    if function.owner is not None and not function.is_static and params:
        params = params[1:]
    values = [argument.value for argument in call.args if argument.name is None]
    found = next((v for p, v in zip(params, values, strict=False) if p.name == name), None)
    if found is not None:
        return found
    return next((param.default for param in function.inside.params if param.name == name), None)
