"""The token's answer in reach of a place: a local name that holds what the last request for a token gave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from procore_lint import facts
from procore_lint.finding import Span
from procore_lint.project.events import Event
from procore_lint.project.program import Program
from procore_lint.repairs.code import before, chain_to, root_name, walk
from procore_lint.repairs.lives import is_doubtful
from procore_lint.repairs.names import bound_in
from procore_lint.repairs.shown import access, shown
from procore_lint.repairs.tested import is_removed
from procore_lint.values import Place


def token_answer(program: Program, event: Event) -> tuple[str, str] | None:
    """The code of the answer and how its keys are read ("item" or "attribute").

    It is a name to which the request's own answer is given, or one whose `access_token` the lines before
    have read. What was bound before a token was last asked for is another, older token.
    """
    module, place = event.module, event.place
    asked = list(_asked(program, event))
    chain = chain_to(module, place)
    own = [node for node in chain if isinstance(node, (facts.Assign, facts.Return))]
    earlier = list(_one_by_one(before(module, place)))
    loops = [node for node in chain if isinstance(node, facts.Loop)]
    rebound: set[str] = set()
    for statement in (*own, *earlier):
        if not isinstance(statement, (facts.Function, facts.Class, facts.If, facts.Loop, facts.Try)):
            is_own = statement in own
            since = set() if is_own else {*rebound, *_bound_in_later_rounds(loops, statement)}
            name = None if is_own else _given(statement, asked)
            if name is not None and name not in since:
                return None if is_doubtful(module, event.function, name) else (name, "item")
            gone = since if is_own else {*since, *bound_in(statement)}
            for holder, kind, root in _tokens_read(statement, gone):
                if not asked or _is_bound_since(earlier, root, max(asked)):
                    is_gone = any(is_removed(node, holder) for node in walk((*earlier,)))
                    return None if is_gone else (holder, kind)
        if statement not in own:
            rebound.update(bound_in(statement))
    return None


def answer_name(program: Program, event: Event) -> str:
    """The local name that was last given a token's answer, whatever became of it since; "" if none was."""
    asked = list(_asked(program, event))
    earlier = _one_by_one(before(event.module, event.place))
    return next((name for name in (_given(statement, asked) for statement in earlier) if name), "")


def _one_by_one(statements: Iterable[facts.Stmt]) -> Iterator[facts.Stmt]:
    """Statements, last first, with those in a `with`, which run when it does."""
    for statement in statements:
        if isinstance(statement, facts.With):
            yield from _one_by_one(reversed(statement.body))
            yield facts.With(statement.items, ())
        else:
            yield statement


def _tokens_read(statement: facts.Stmt, rebound: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """The objects whose access token a statement reads: code, way of reading, first name."""
    for node in walk(statement.value if isinstance(statement, facts.Assign) else statement):
        found = access(node, "access_token")
        holder = shown(found[0]) if found is not None else None
        if found is not None and holder and _is_stable(found[0]):
            root = root_name(found[0])
            if root not in rebound:
                yield holder, found[1], root


def _bound_in_later_rounds(loops: Iterable[facts.Loop], statement: facts.Stmt) -> Iterator[str]:
    """The names that loops around the event bind, which begin after a statement."""
    for loop in loops:
        if not any(node == statement for node in walk(loop.body)):
            yield from bound_in(loop)


def _asked(program: Program, event: Event) -> Iterator[Span]:
    """Where the event's function, before the event, asks for a token, itself or through a call."""
    places: list[Place] = []
    for request in program.token_requests:
        places += [c.call or request.place for c in request.chain if c.function is event.function]
    for passage in program.trail.passages:
        if passage.callee in program.renewal.roots and passage.function is event.function:
            places.append(passage.place)
    yield from (place.span for place in places if place.path == event.place.path and place < event.place)


def _given(statement: facts.Stmt, asked: list[Span]) -> str | None:
    """The name in `name = requests.post(...).json()`, the request being one for a token."""
    if not isinstance(statement, facts.Assign) or len(statement.targets) != 1:
        return None
    call, target = statement.value, statement.targets[0]
    if isinstance(call, facts.Await):
        call = call.value
    if not isinstance(call, facts.Call) or not isinstance(call.func, facts.Attr) or call.func.name != "json":
        return None
    inner = call.func.obj.value if isinstance(call.func.obj, facts.Await) else call.func.obj
    is_request = isinstance(inner, facts.Call) and any(tuple(span) == inner.span for span in asked)
    return target.id if is_request and isinstance(target, facts.Name) else None


def _is_bound_since(earlier: list[facts.Stmt], name: str, asked: Span) -> bool:
    """Whether a name was last bound by the statement that asked, or after it."""
    for statement in earlier:
        if isinstance(statement, facts.Assign) and any(
            isinstance(node, facts.Name) and node.id == name for node in walk(statement.targets)
        ):
            return statement.span[2:] >= (asked.line, asked.column)
    return False


def _is_stable(node: object) -> bool:
    """A local name, or `response.json()` of one: what `self` or a module keeps may be another's token."""
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name == "json":
        return not node.args and isinstance(node.func.obj, facts.Name)
    return isinstance(node, facts.Name) and node.id != "self"
