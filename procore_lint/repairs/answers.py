"""The token's answer in reach of a place: a local name that holds what the last request for a token gave."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.finding import Span
from procore_lint.project.events import Event
from procore_lint.project.program import Program
from procore_lint.repairs.code import access, before, chain_to, root_name, shown, walk
from procore_lint.values import Place


def token_answer(program: Program, event: Event) -> tuple[str, str] | None:
    """The code of the answer and how its keys are read ("item" or "attribute").

    It is a name to which the request's own answer is given, or one whose `access_token` the lines before
    have read. What was bound before a token was last asked for is another, older token.
    """
    module, place = event.module, event.place
    asked = list(_asked(program, event))
    own = [node for node in chain_to(module, place) if isinstance(node, (facts.Assign, facts.Return))]
    earlier = list(before(module, place))
    for statement in (*own, *earlier):
        if isinstance(statement, (facts.Function, facts.Class, facts.If, facts.Loop, facts.Try)):
            continue
        name = _given(statement, asked) if statement in earlier else None
        if name is not None:
            return name, "item"
        for node in walk(statement):
            found = access(node, "access_token")
            holder = shown(found[0]) if found is not None else None
            if found is None or not holder or not _is_stable(found[0]):
                continue
            if not asked or _is_bound_since(earlier, root_name(found[0]), max(asked)):
                return holder, found[1]
    return None


def _asked(program: Program, event: Event) -> Iterator[Span]:
    """Where the event's function, before the event, asks for a token, itself or through a call."""
    places: list[Place] = []
    for request in program.trail.requests:
        if program.is_token_request(request):
            places += [c.call or request.place for c in request.chain if c.function is event.function]
    for passage in program.trail.passages:
        if passage.callee in program.token_roots and passage.function is event.function:
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
