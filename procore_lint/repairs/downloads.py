"""PCL304 and PCL305: the headers that the code at hand already has are passed, or are left out."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.project import headers, replaced
from procore_lint.project.events import Request
from procore_lint.project.model import FunctionInfo
from procore_lint.project.program import AUTHORIZATION, Program
from procore_lint.repairs.code import (
    expression,
    function_at,
    is_handed_over,
    is_spread,
    keyword,
    root_name,
    walk,
)
from procore_lint.repairs.names import bound, bound_by
from procore_lint.repairs.shown import shown
from procore_lint.replacement import InsertKeyword, RemoveKeyword
from procore_lint.values import Mapping, Place, members

#: Headers that an API call carries and a file's host has no use for (lower case).
_OURS = frozenset({"authorization", "accept", "procore-company-id", "user-agent"})
#: Headers about the body, the host or the state of the one resource that they are sent to (RFC 9110).
_PARTIAL = frozenset(
    """range if-range if-match if-none-match if-modified-since if-unmodified-since host content-length
    transfer-encoding content-range content-md5 digest""".split()
)
_LIBRARIES = frozenset({"requests", "httpx", "aiohttp"})


def with_token(program: Program, request: Request, blamed: Place) -> Fix | None:
    """Pass the headers with which API calls in the same function or class carry their token."""
    call = expression(program.modules[request.place.path], request.place)
    if blamed != request.place or not isinstance(call, facts.Call) or request.library not in _LIBRARIES:
        return None
    if keyword(call, "headers") is not None or is_spread(call) or is_handed_over(call):
        return None
    function = function_at(request.module, request.place)
    code = next(_in_reach(program, request, function), None) if function is not None else None
    if code is None:
        return None
    return Fix.of("unsafe", InsertKeyword(request.place.path, call.span, "headers", code))


def by_hand(program: Program, request: Request, otherwise: str) -> str:
    """The help where no fix is offered: the call with headers, and which ones the API calls carry."""
    call = expression(program.modules[request.place.path], request.place)
    if not isinstance(call, facts.Call) or keyword(call, "headers") is not None or not call.args:
        return otherwise
    if request.library not in _LIBRARIES:
        return otherwise
    function, url = shown(call.func), shown(call.args[0].value)
    if is_handed_over(call):
        sender = next((a.value for a in call.args if isinstance(a.value, facts.Attr)), None)
        if sender is None or shown(sender) is None:
            return otherwise
        function, url = shown(sender), "url"
    if function is None or url is None:
        return otherwise
    line = f"{function}({url}, headers=headers, ...)"
    text = f"bring the headers of the API calls here and write `{line}`"
    if is_handed_over(call):
        text = f"hand over what sends the headers of the API calls, `lambda url: {line}`"
    found: list[tuple[bool, Place, str]] = []
    for other in program.trail.requests:
        sent = expression(other.module, other.place)
        given = keyword(sent, "headers") if isinstance(sent, facts.Call) else None
        code = shown(given)
        if (
            code
            and program.is_api(other)
            and headers.presence(other.headers, AUTHORIZATION).state == headers.YES
            and _suits(other)
        ):
            # A bare name says little about where the headers come from.
            found.append((isinstance(given, facts.Name), other.place, code))
    if not found:
        return text
    _, place, code = min(found)
    return f"{text}; they pass `headers={code}` at {place.path}:{place.span.line}"


def _in_reach(program: Program, request: Request, function: FunctionInfo | None) -> Iterator[str]:
    """The code of headers that hold the token, in this function first, then in its class."""
    if function is None:
        return
    wider: list[str] = []
    for other in program.trail.requests:
        if other.module is not request.module or other.place == request.place:
            continue
        if headers.presence(other.headers, AUTHORIZATION).state != headers.YES or not program.is_api(other):
            continue
        call = expression(other.module, other.place)
        given = keyword(call, "headers") if isinstance(call, facts.Call) else None
        code = shown(given)
        theirs = function_at(other.module, other.place)
        if code is None or theirs is None or not _suits(other):
            continue
        root = root_name(given)
        if theirs is function and bound(request.module, request.place, root):
            if not _is_bound_between(function, root, other.place, request.place):
                yield code
        elif (
            theirs.owner is not None
            and theirs.owner is function.owner
            and _is_of_self(theirs, function, code)
        ):
            wider.append(code)
    yield from wider


def _is_bound_between(function: FunctionInfo, name: str, one: Place, other: Place) -> bool:
    """Whether a name is bound anew between two places of a function: then it is something else at each."""
    first, last = sorted((one, other))
    return any(
        name in bound_by(node) and tuple(first.span) < _span(node) < tuple(last.span)
        for node in walk(function.inside.body)
    )


def _span(node: msgspec.Struct) -> tuple[int, ...]:
    """Where a node stands: `del` and `with` have no place but that of what they name."""
    own = getattr(node, "span", None)
    spans = (getattr(part, "span", None) for part in walk(node)) if own is None else (own,)
    return next((tuple(span) for span in spans if span is not None), ())


def _suits(request: Request) -> bool:
    """Whether headers still hold the token at the end, and nothing that asks for less than the whole file."""
    function = request.function.id if request.function else ""
    if not replaced.carriers(request.headers, "authorization", function):
        return False
    return not any(key.strip().lower() in _PARTIAL for key, _ in headers.keys(request.headers))


def _is_of_self(theirs: FunctionInfo, ours: FunctionInfo, code: str) -> bool:
    """Whether code of one method means the same in another: it begins with `self` and takes no arguments."""
    if theirs.is_class_method or ours.is_class_method:
        return False
    return (
        bool(ours.first)
        and theirs.first == ours.first
        and code.startswith(f"{ours.first}.")
        and "(" not in code.replace("()", "")
    )


def without_token(program: Program, request: Request) -> Fix | None:
    """Leave out headers that hold nothing but what the API asks for."""
    call = expression(program.modules[request.place.path], request.place)
    if not isinstance(call, facts.Call) or request.client is not None or request.library not in _LIBRARIES:
        return None
    if keyword(call, "headers") is None or is_spread(call) or request.open:
        return None
    for mapping in headers.mappings(request.headers):
        if mapping.open or any(key.lower() not in _OURS for key in mapping.entries):
            return None
        if any(not isinstance(m, Mapping) for spread in mapping.spreads for m in members(spread)):
            return None  # an answer or a caller says what else is in it
    return Fix.of("unsafe", RemoveKeyword(request.place.path, call.span, "headers"))


def alone(program: Program, request: Request, otherwise: str) -> str:
    """The help where no fix is offered: the call without the token, in the headers or the session."""
    call = expression(program.modules[request.place.path], request.place)
    if not isinstance(call, facts.Call) or request.library not in _LIBRARIES:
        return otherwise
    given = next((argument for argument in call.args if argument.name == "headers"), None)
    if given is None:
        method = call.func.name if isinstance(call.func, facts.Attr) else ""
        url = shown(call.args[0].value) if call.args and call.args[0].name is None else None
        if request.client is None or request.library == "aiohttp" or not method or not url:
            return otherwise
        return (
            f"write `{request.library}.{method}({url}, ...)`, outside of the session that carries the token"
        )
    code = shown(given.value, exact=False)
    if isinstance(given.value, facts.Dict):
        left = facts.Dict(
            tuple(item for item in given.value.items if not _is_token(item[0])), given.value.span
        )
        only = left.items[0] if len(left.items) == 1 else ("", None)
        code = shown(only[1] if only[0] is None else left, exact=False)  # `{**d}` is `d`
        if left.items == given.value.items or code is None:
            return otherwise
        return f"pass `headers={code}` in this call" if left.items else "leave `headers=` out of this call"
    if code is None:
        return otherwise
    return (
        f'pass `headers={{k: v for k, v in {code}.items() if k != "Authorization"}}` in this call, or only'
        " those that the answer with the link asks for"
    )


def _is_token(key: facts.Expr | None) -> bool:
    return isinstance(key, facts.Const) and str(key.value).lower() == "authorization"
