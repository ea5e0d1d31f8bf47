"""Runs a project on symbolic values: roots, frames, branches, and the doors between the rooms.

Names are followed in order (a later assignment hides an earlier one, branches join), objects are
shared, so that what any path adds to a dict or a session counts as added. Every function is run once
with its own parameters open, every module once as a script; a call of a project function runs its
body again with the caller's values, within bounds of depth and work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingT
from contextlib import contextmanager

from msgspec.structs import replace

from procore_lint import facts
from procore_lint.project import (
    assigning,
    attributes,
    calls,
    course,
    elements,
    expressions,
    first_runs,
    importing,
    naming,
    statements,
    storing,
    symbols,
)
from procore_lint.project.ends import NEXT, STOP
from procore_lint.project.events import Caller, Comparison, Passage, Request, Root, Trail
from procore_lint.project.libraries import aliases, builtin, http, settings
from procore_lint.project.mocked import is_mocked
from procore_lint.project.model import ClassInfo, Frame, FunctionInfo, ModuleInfo, Scope
from procore_lint.project.modules import Table
from procore_lint.project.repeats import Repeats
from procore_lint.project.results import Results
from procore_lint.project.shelf import Shelf
from procore_lint.project.summaries import Outline
from procore_lint.project.twins import Twins
from procore_lint.values import (
    NOTHING,
    Client,
    External,
    Function,
    Instance,
    Mapping,
    Moment,
    Parameter,
    Partial,
    Place,
    Text,
    Type,
    Value,
    Verdict,
    join,
    members,
)

#: What code of an unforeseen shape may raise here: it costs one function's run, not the project's.
_FAILURES = (
    RecursionError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip


class Machine:
    """One run of a whole project; `trail` holds what the checks look at."""

    def __init__(self, modules: MappingT[str, facts.Facts]) -> None:
        shelf = Shelf()
        self.modules = {p: ModuleInfo(p, source, shelf) for p, source in sorted(modules.items())}
        self.mocked = frozenset(path for path, node in modules.items() if is_mocked(path, node))
        self.table = Table(self.modules)
        self.book = self.trail = Trail()
        self.failures: dict[str, str] = {}  # files in which a run failed, and how
        self.stack: list[Frame] = []
        self.guards: list[Comparison] = []
        self.hollow: set[Comparison] = set()  # tests whose arm ends the run without a token
        self.past: list[Comparison] = []  # tests in inner blocks that let the run go on behind them
        self._outer: dict[int, Comparison] = {}  # by the guard's identity: what stands for it, and holds it
        self.loops: list[int] = []
        self.silences: list[tuple[Value, Frame]] = []  # answers that are silent in a running arm
        # By `try` statements, which they hold so that no other gets their identity: what each reads it from.
        self.tried: dict[int, tuple[facts.Try, facts.Expr | None]] = {}
        self.work = 0
        self.root: Root | None = None
        self.functions: dict[tuple[str, facts.SpanT], FunctionInfo] = {}  # by path and header
        self.by_id: dict[str, FunctionInfo] = {}
        self.classes: dict[tuple[str, facts.SpanT], ClassInfo] = {}
        self.answers: dict[int, Value] = {}
        self.depth_of_loops = 0
        self.arms = 0  # undecided branches that are running
        self.outlines: dict[str, Outline | None] = {}
        self.closures: dict[str, list[Scope]] = {}  # inner functions -> the names around each
        self.decorating = 0
        self.calls: dict[str, tuple[str, ...]] = {}  # by root: the closed functions it calls
        # By the nodes that write them, held for the same reason: texts, and whether each is notable.
        self.literals: dict[int, tuple[facts.Const, Text, bool]] = {}
        self.loop_numbers: dict[Place, int] = {}
        self._names: dict[frozenset[str], frozenset[str]] = {}
        self._parameters: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._externals: dict[str, External] = {}
        self._callers: dict[Caller, Caller] = {}
        self._chains: dict[tuple[Caller, ...], tuple[Caller, ...]] = {}
        self.repeats = Repeats()
        self.results = Results()
        self.twins = Twins()
        self.step = 0
        self.effects = 0
        self.changes = 0
        self.unanswered: dict[tuple[str, str, str], tuple[Root, Parameter | str]] = {}  # by root
        self.standing_in: set[Parameter] = set()  # for which the project has a default object
        self.shared: dict[str, Value] = {}  # what the application keeps for all its parts
        self.called_on: dict[str, tuple[str, ...]] = {}  # function -> parameters whose methods it calls
        self.tested: dict[str, tuple[str, ...]] = {}  # function -> parameters that it asks for
        self.sent: dict[tuple[object, ...], Request] = {}
        self.noted = self.sent
        self.fresh: dict[int, Value] = {}  # objects made in the running root
        self.edges: set[tuple[str, str]] = set()  # importer, imported
        self.configured: settings.Configured = {}  # what the project puts into a framework's configuration
        self.handed_out: set[Place] = set()  # whole hosts that code outside the project was given
        self.given_out: set[Place] = set()  # the same, and urls with their paths
        self.overwritten: dict[Place, set[Place]] = {}  # requests whose layers replace their headers
        self.looks: dict[Place, tuple[tuple[str, str | None], ...]] = {}  # literals that are tested or cut
        self.looks_at: dict[Parameter, tuple[str | None, ...]] = {}  # the same, of what callers pass
        self.woven: dict[Parameter, dict[Text, None]] = {}  # texts made of what callers pass
        self.routes: set[Place] = set()  # where paths of the project's own server are written
        self.enums: dict[Place, tuple[ClassInfo, str]] = {}  # by where their members are written
        self.enum_objects: dict[Place, Instance] = {}  # members, as their constructor sees them
        self.enumerated: dict[tuple[str, str], tuple[Value, ...]] = {}  # what parameters are by annotation
        self.serves = False  # some of these look like those of Procore's API
        self.absent: set[str] = set()  # modules of the project's packages that imports do not find
        # What stands for an annotation with an order to a framework, and where that is written.
        self.orders: dict[Value, tuple[facts.Expr, ModuleInfo]] = {}
        self.patched: set[str] = set()  # libraries whose own functions the project replaces
        self.nesting = 0
        self.muted = 0
        self.in_layer = False  # a client's own `send` is run for what it adds
        self.installed = http.no_openers()

    # ------------------------------------------------------------ roots

    def run(self) -> Trail:
        """Run every module, constructor and function; returns the trail."""
        trail = course.run(self)
        # What only the run needs makes room for what the checks will make.
        for known in (
            self.sent, self.noted, self.called_on, self.tested, self.unanswered, self.closures,
            self._callers, self._chains,
        ):  # fmt: skip
            known.clear()
        return trail

    def waits(self, wanted: Parameter | str) -> None:
        """Note that the running root needs an object which nothing has brought so far."""
        if self.root is not None:
            self.unanswered.setdefault(self.root.key, (self.root, wanted))

    @contextmanager
    def on_behalf_of(self, info: ClassInfo) -> Iterator[Frame]:
        """A run of its own for what a framework does with a class, in a frame of the class's module."""
        with self.fresh_run(Root(info.module, None, info.id)):
            frame = Frame(info.module, None, info.module.scope, symbols.symbol(self, info))
            self.stack.append(frame)
            yield frame

    def load(self, module: ModuleInfo) -> None:
        """Run a module's own code once."""
        if module.state != "new":
            return
        module.state = "running"
        with self.fresh_run(Root(module, None)):
            frame = Frame(module, None, module.scope)
            self.stack.append(frame)
            self.block(frame, module.node.body)
        module.state = "done"

    def passed(self, outline: Outline) -> None:
        """Leave a note that a closed function was called here."""
        if self.stack and (self.guards or self.loops):
            frame = self.stack[-1]
            place = frame.call or frame.module.place((1, 1, 1, 1))
            self.trail.passages.append(
                Passage(*self.where(place), outline.key, tuple(self.guards), tuple(self.loops))
            )
        elif self.stack and self.root is not None:
            self.notes_call(self.root.id, outline.key)

    def notes_call(self, root: str, callee: str) -> None:
        """Note that a root calls a closed function (keys of both)."""
        self._add(self.calls, root, callee)

    def mutely(self, action: Callable[[], Value]) -> Value:
        """Run without leaving events: what they say is known already."""
        kept, sent = self.trail, self.sent
        self.trail, self.sent = Trail(), {}
        self.muted += 1
        try:
            return action()
        finally:
            self.muted -= 1
            self.trail, self.sent = kept, sent

    @contextmanager
    def fresh_run(self, root: Root) -> Iterator[None]:
        """A run of its own, with its events in the book; a failure costs this run alone."""
        saved = (self.root, self.stack, self.guards, self.loops, self.work, self.depth_of_loops, self.fresh)
        past, self.past = self.past, []
        arms, self.arms = self.arms, 0
        silences, self.silences = self.silences, []
        noting = (self.trail, self.sent, self.muted)
        self.root, self.stack, self.guards, self.loops = root, [], [], []
        self.work, self.depth_of_loops, self.fresh = 0, 0, {}
        self.trail, self.sent, self.muted = self.book, self.noted, 0
        self.nesting += 1
        try:
            yield
        except _FAILURES as error:
            self.failures.setdefault(root.module.path, f"{type(error).__name__}: {error}"[:200])
        finally:
            self.nesting -= 1
            (self.root, self.stack, self.guards, self.loops, self.work, self.depth_of_loops,
             self.fresh) = saved  # fmt: skip
            self.silences, self.arms, self.past = silences, arms, past
            self.trail, self.sent, self.muted = noting

    # ------------------------------------------------------------ events

    def where(self, place: Place) -> tuple[Place, Root, tuple[Caller, ...]]:
        """The first three fields of an event at `place` in the running frame."""
        made = (*[_caller(f, f.call) for f in self.stack[:-1]], _caller(self.stack[-1], None))
        chain = self._chains.get(made)
        if chain is None:
            chain = tuple([self._callers.setdefault(caller, caller) for caller in made])
            self._chains[chain] = chain
        assert self.root is not None
        return place, self.root, chain

    def made(self, value: Value) -> Value:
        """Note an object that the running root makes: changing it is no effect on others."""
        self.fresh[id(value)] = value
        if type(value) is Mapping and self.stack:
            value.home = self.stack[-1].run
        elif type(value) is Instance:
            value.arms = self.arms
        return value

    def is_own(self, value: Value) -> bool:
        """Whether the running root made an object, so that no other code has changed it yet."""
        return id(value) in self.fresh

    def names(self, names: Iterable[str]) -> frozenset[str]:
        """A set of names; equal ones are one object, as thousands of functions have the same."""
        made = frozenset(names)
        return self._names.setdefault(made, made)

    def _add(self, table: dict[str, tuple[str, ...]], function: str, name: str) -> None:
        known = table.get(function, ())
        if name not in known:
            table[function] = (*known, name)

    def row_of(self, table: dict[str, tuple[str, ...]], function: FunctionInfo) -> tuple[str, ...]:
        """What a table has for a function; equal rows are one object: generated methods come in threes."""
        known = table.get(function.id, ())
        if known:
            known = table[function.id] = self._parameters.setdefault(known, known)
        return known

    def external(self, name: str) -> External:
        """What a library or the language calls so; one object for each name."""
        known = self._externals.get(name)
        if known is None:
            known = self._externals[name] = External(aliases.at_home(name))
        return known

    def loop_number(self, place: Place) -> int:
        """What stands for the loop at `place` in events: above zero."""
        return self.loop_numbers.setdefault(place, len(self.loop_numbers) + 1)

    def now(self) -> Moment:
        """The moment in the run."""
        self.step += 1
        return Moment(self.stack[-1].run if self.stack else None, self.step, tuple(self.loops))

    def injected(self, parameter: Parameter) -> list[Value]:
        """The objects that the project's calls hand to a constructor's parameter."""
        info = self.by_id.get(parameter.function)
        if info is None or info.name != "__init__" or parameter.path:
            return []
        if self.enumerated and (held := self.enumerated.get((parameter.function, parameter.name))):
            return list(held)
        found: dict[Place, Value] = {}
        for value in info.bindings.get(parameter.name, ()):
            for member in members(value):
                if isinstance(member, (Instance, Client)):
                    found.setdefault(member.place, member)
        return list(found.values()) if len(found) <= 4 else []

    def asked(self, parameter: Parameter) -> None:
        """Note that something is called on what a parameter holds."""
        self._add(self.called_on, parameter.function, parameter.name)
        function = self.root.function if self.root else None
        if function is not None and function.id != parameter.function:
            # What a constructor was handed and `self` keeps: objects made elsewhere decide it.
            self._add(self.called_on, function.id, "self")
            holder = Parameter(parameter.function, parameter.name)
            if not self.injected(holder):
                self.waits(holder)

    def picks(self, parameter: Parameter) -> None:
        """Note that a parameter picks something out of a dict: calls that name the key get that alone."""
        self._add(self.called_on, parameter.function, parameter.name)

    def tests(self, value: Value) -> None:
        """Note that the running function asks whether one of its parameters is there."""
        for member in members(value):
            if type(member) is Parameter and not member.path:
                self._add(self.tested, member.function, member.name)

    def hands_on(self, waiting: tuple[str, ...], names: dict[str, Value]) -> None:
        """Note that what a callee waits for is handed on: the running root's own callers decide it."""
        function = self.root.function if self.root else None
        if function is None or not waiting or not self.stack or self.stack[-1].function is not function:
            return
        for name in waiting:
            for member in members(names.get(name, NOTHING)):
                if isinstance(member, Parameter) and member.function == function.id and not member.path:
                    self._add(self.called_on, function.id, member.name)

    def changed(self, target: Value) -> None:
        """Note a change, which is an effect where `target` is not the running root's own."""
        self.changes += 1
        if id(target) not in self.fresh:
            self.effects += 1

    # ------------------------------------------------------------ doors to the other rooms

    def run_open(self, function: FunctionInfo, receiver: ClassInfo | None) -> Outline | None:
        return first_runs.run_open(self, function, receiver)

    def outline(self, function: FunctionInfo, receiver: Value | None) -> Outline | None:
        return first_runs.outline(self, function, receiver)

    def result_of(self, outline: Outline, function: FunctionInfo, receiver: Value | None) -> Value:
        return first_runs.result_of(self, outline, function, receiver)

    def rehearse(self, function: FunctionInfo, receiver: ClassInfo) -> None:
        first_runs.rehearse(self, function, receiver)

    def evaluate(self, node: facts.Expr, frame: Frame) -> Value:
        return expressions.evaluate(self, node, frame)

    def quietly(self, node: facts.Expr, frame: Frame) -> Value:
        """Evaluate without leaving events (defaults, decorators)."""
        kept, self.trail = self.trail, Trail()
        self.stack.append(frame)
        try:
            return expressions.evaluate(self, node, frame)
        finally:
            self.stack.pop()
            self.trail = kept

    def kept(self, frame: Frame, name: str, value: Value, span: facts.SpanT) -> None:
        assigning.stored(self, frame, name, value, span)

    def wrote(self, frame: Frame, value: Value, span: facts.SpanT) -> None:
        expressions.written(self, frame, value, span)

    def silently(self, action: Callable[[], Value]) -> Value:
        """Evaluate in the running frame without leaving events."""
        kept, self.trail = self.trail, Trail()
        try:
            return action()
        finally:
            self.trail = kept

    def element(self, value: Value, position: int | None) -> Value:
        return elements.element(self, value, position)

    def dotted(self, node: facts.Expr) -> str:
        return naming.dotted(node)

    def annotated(self, node: facts.Expr, scope: Scope) -> Value | None:
        return naming.annotated(self, node, scope)

    def peek(self, value: Value, name: str) -> Value:
        return attributes.peek(self, value, name)

    def started(self, value: Value, holder: object, hint: str) -> Value:
        return attributes.started(self, value, holder, hint)

    def symbol(self, info: ClassInfo) -> Instance:
        return symbols.symbol(self, info)

    def invoke(
        self, target: Function, args: list[Value], kwargs: dict[str, Value], rest: Value | None = None
    ) -> Value:
        return calls.invoke(self, target, args, kwargs, rest)

    def apply(self, target: Value, args: list[Value], kwargs: dict[str, Value], site: http.Site) -> Value:
        return calls.apply(self, target, args, kwargs, site)

    def call(self, target: Function | Partial, args: list[Value]) -> Value:
        """Call what a library calls: there is no call in the project to point at."""
        if isinstance(target, Function):
            return calls.invoke(self, target, args, {})
        frame = self.stack[-1]
        place = frame.call or frame.module.place((1, 1, 1, 1))
        return calls.apply(self, target, args, {}, http.Site(frame, place))

    def is_spent(self) -> bool:
        """Whether calls from here on are beyond the bounds of depth or work."""
        return len(self.stack) >= calls.DEPTH or self.work > calls.WORK

    def module_member(self, module: ModuleInfo, name: str) -> Value:
        return symbols.module_member(self, module, name)

    def module_value(self, found: ModuleInfo | str | None, name: str) -> Value:
        return importing.module_value(self, found, name)

    def client_of(self, name: str, place: Place) -> Client | None:
        return http.new_client(name, place)

    def set_item(self, obj: Value, index: Value, value: Value, place: Place) -> None:
        storing.set_item(self, obj, index, value, place)

    def hand_out(self, value: Value) -> None:
        builtin.hand_out(self, (value,))

    def setting(self, name: str) -> Value | None:
        """The value of a configuration name that a framework hands out, where the project defines it."""
        found: list[Value] = list(self.configured.get(name, ()))
        for module in self.modules.values():
            stem = module.path.lower()
            if "setting" in stem or "config" in stem:
                self.load(module)  # the framework reads it before any code that asks
                if name in module.scope.names:
                    found.append(module.scope.names[name])
                found.extend(info.attributes[name] for info in module.classes if name in info.attributes)
        return join(found) if found else None

    # ------------------------------------------------------------ statements

    def block(self, frame: Frame, body: tuple[facts.Stmt, ...], inner: bool = False) -> str:
        """Run statements in order; STOP when no path reaches the end.

        What follows an `inner` block is reached through it: tests that end the run inside guard that too.
        """
        guards, past = len(self.guards), len(self.past)
        status = NEXT
        for statement in body:
            status = statements.STATEMENTS[type(statement)](self, frame, statement)
            if status == STOP:
                break
            if len(self.past) > past:
                self.guards.extend(self.past[past:])
                del self.past[past:]
        del self.past[past:]
        if inner and status != STOP and len(self.guards) > guards:
            met = (guard for guard in self.guards[guards:] if guard not in self.hollow)
            self.past.extend(map(self.behind, met))
        del self.guards[guards:]
        return status

    def behind(self, guard: Comparison) -> Comparison:
        """What stands for a guard that was met in another block than what it guards."""
        if guard.inner is not None:
            return guard
        known = self._outer.get(id(guard))
        if known is None:
            known = self._outer[id(guard)] = replace(guard, inner=guard)
        return known

    def branches(self, frame: Frame, bodies: list[Callable[[], str]]) -> list[str]:
        """Run alternatives from the same names and join what they leave."""
        start = frame.scope.names
        ends: list[dict[str, Value]] = []
        statuses = []
        self.arms += 1
        for body in bodies:
            frame.scope.names = dict(start)
            status = body()
            statuses.append(status)
            if status != STOP:
                ends.append(frame.scope.names)
        self.arms -= 1
        frame.scope.names = assigning.merge(ends) if ends else start
        return statuses

    def assign(self, frame: Frame, target: facts.Expr, value: Value) -> None:
        """Bind `value` to `target` (see `bind`)."""
        assigning.bind(self, frame, target, value)

    def guarded(self, test: Value) -> list[Comparison]:
        return [c for member in members(test) if isinstance(member, Verdict) for c in member.comparisons]


def _caller(frame: Frame, call: Place | None) -> Caller:
    receiver = frame.receiver
    on = receiver.info if isinstance(receiver, (Instance, Type)) else None
    return Caller(frame.module, frame.function, call, on)
