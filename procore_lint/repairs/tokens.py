"""PCL101 and PCL102: the constant gives way to `expires_in` of the token response, where that is in reach."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.project.events import Arithmetic, Comparison, Event, Fallback, Request
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.answers import token_answer
from procore_lint.repairs.code import chain_to, expression, walk
from procore_lint.repairs.fields import may_stay_empty
from procore_lint.repairs.lives import has_life, is_handed_less, tells_of_another
from procore_lint.repairs.shown import access, read, shown
from procore_lint.repairs.tested import is_certain
from procore_lint.replacement import ReplaceExpr
from procore_lint.values import Age, Mapping, Number, Value, members

#: How long access tokens have lived, in seconds: rules/facts/changes.toml, access-token-lifetime-5400.
_LIVES = (7200, 5400)
#: The longest time before the end, in seconds, that a shorter constant is read as a margin.
_MARGIN = 600


def expiry_sum(program: Program, item: Arithmetic) -> Fix | None:
    """`token["created_at"] + 7200` adds `token["expires_in"]`; so does a clock beside a token just read."""
    node = expression(item.module, item.place)
    if not isinstance(node, facts.Bin) or node.op != "+":
        return None
    for base, number in ((node.left, node.right), (node.right, node.left)):
        held = _birth(base)
        if held is None and isinstance(base, facts.Call) and is_clock(base):
            held = token_answer(program, item)
        if held is not None and _birth(number) is None and is_constant(number):
            return _instead(program, item, number, held, item.base, item.number)
    return None


def age(program: Program, comparison: Comparison) -> Fix | None:
    """`time.time() - token["created_at"] > 5400` compares with `token["expires_in"]`."""
    node = expression(comparison.module, comparison.place)
    if not isinstance(node, facts.Compare):
        return None
    for side, value, number, limit in (
        (node.left, comparison.left, node.right, comparison.right),
        (node.right, comparison.right, node.left, comparison.left),
    ):
        if isinstance(side, facts.Bin) and side.op == "-" and _is_age(value) and is_constant(number):
            held = _birth(side.right)
            if held is not None:
                since = next(m.since for m in members(value) if isinstance(m, Age))
                return _instead(program, comparison, number, held, since, limit)
    return None


def fallback(program: Program, event: Fallback) -> Fix | None:
    """`.get("expires_in", N)` and `x or N` read the answer alone."""
    node = expression(event.module, event.place)
    new: str | None = None
    holder: str | None = None
    key = event.key
    if key == "expires_in" and tells_of_another(program, event.source):
        key = "expires_in_seconds"
    if isinstance(node, facts.Call):
        found = access(node, event.key)
        holder = shown(found[0]) if found is not None else None
        new = read(holder, key, "item") if holder and len(node.args) == 2 else None
    elif isinstance(node, facts.Logic) and node.op == "or" and len(node.values) == 2:
        found = access(node.values[0], event.key)
        holder = shown(found[0]) if found is not None else None
        new = read(holder, key, found[1]) if found is not None and holder else shown(node.values[0])
        if found is not None and found[1] == "attribute" and _may_be_empty(event, holder or ""):
            return None
    old = shown(node)
    if old is None or new is None or not isinstance(node, (facts.Call, facts.Logic)):
        return None
    if not has_life(program, event.source, holder or ""):
        return None
    if holder and not is_certain(event.module, event.function, event.place, holder):
        return None
    return Fix.of("unsafe", ReplaceExpr(event.place.path, node.span, old, new))


def _may_be_empty(event: Fallback, holder: str) -> bool:
    """Whether an object's own field for the life is one that may hold nothing."""
    function = event.function
    owner = function.owner if function is not None else None
    if function is None or owner is None or holder != function.first:
        return False
    return may_stay_empty(owner, event.key)


def revocation(request: Request) -> str:
    """The help for a revocation: the line that reads the refresh token where the access token is read."""
    rest = "and let the access token run out"
    for value in _sent_tokens(request):
        found = access(value, "access_token")
        holder = shown(found[0]) if found is not None else None
        if found is not None and holder and (found[1] == "item" or _keeps(request.module, "refresh_token")):
            return f'send `"token": {read(holder, "refresh_token", found[1])}`, {rest}'
        code = shown(value)
        if code and code.count("access_token") == 1 and isinstance(value, facts.Call):
            return f'send `"token": {code.replace("access_token", "refresh_token")}`, {rest}'
        if code:
            return f"send the refresh token in place of `{code}`, {rest}"
    return f"send the refresh token as `token`, {rest}"


def _sent_tokens(request: Request) -> Iterator[facts.Expr]:
    for body in request.body:
        for member in members(body):
            place = member.places.get("token") if isinstance(member, Mapping) else None
            chain = chain_to(request.module, place) if place is not None else ()
            display = chain[-2] if len(chain) > 1 else None
            if isinstance(display, facts.Dict):
                yield from (value for key, value in display.items if key is chain[-1])


def _keeps(module: ModuleInfo, name: str) -> bool:
    return any(isinstance(node, facts.Attr) and node.name == name for node in walk(module.node.body))


def _is_age(value: Value) -> bool:
    return any(isinstance(member, Age) for member in members(value))


def _birth(node: object) -> tuple[str, str] | None:
    """The token object whose `created_at` an expression reads, perhaps as a datetime."""
    found = access(node, "created_at")
    if found is None and isinstance(node, facts.Call):
        inner = [access(argument.value, "created_at") for argument in node.args[:1]]
        found = inner[0] if inner and shown(node.func) not in (None, "str", "repr") else None
    holder = shown(found[0]) if found is not None else None
    return (holder, found[1]) if found is not None and holder else None


def is_clock(node: facts.Call) -> bool:
    """Whether a call asks for the present."""
    return (shown(node.func) or "").rpartition(".")[2] in ("time", "now", "utcnow", "monotonic")


def is_constant(node: object) -> bool:
    """Whether an expression may be a fixed time: a number, a duration, a name, or arithmetic on these."""
    if isinstance(node, facts.Const):
        return isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    if isinstance(node, facts.Bin):
        return node.op in ("*", "+", "-") and is_constant(node.left) and is_constant(node.right)
    if isinstance(node, facts.Call):
        return is_duration(node)
    return isinstance(node, (facts.Name, facts.Attr)) and shown(node) is not None


def is_duration(node: object) -> bool:
    """Whether an expression is a `timedelta(...)`."""
    if not isinstance(node, facts.Call):
        return False
    return (shown(node.func) or "").rpartition(".")[2] == "timedelta" and bool(node.args)


def margin(value: Value) -> str:
    """What a constant leaves unused of a token's life, as code: " - 300" of 85 minutes, "" of a whole one."""
    seconds = [member.value for member in members(value) if isinstance(member, Number)]
    return margin_of(seconds[0]) if len(seconds) == 1 else ""


def margin_of(seconds: float) -> str:
    """The margin, as `margin` writes it, of a number of seconds."""
    left = min((life - seconds for life in _LIVES if life >= seconds), default=0)
    return f" - {int(left)}" if 0 < left <= _MARGIN and left == int(left) else ""


def share(number: object, value: Value) -> str:
    """The part of a token's life that a constant takes, as code: " * 0.8" of `5400 * 0.8`; "" of others."""
    seconds = [member.value for member in members(value) if isinstance(member, Number)]
    if not isinstance(number, facts.Bin) or number.op != "*" or len(seconds) != 1:
        return ""
    for side in (number.left, number.right):
        part = side.value if isinstance(side, facts.Const) else None
        if isinstance(part, float) and 0 < part < 1 and round(seconds[0] / part, 3) in _LIVES:
            return f" * {part}"
    return ""


def in_unit(module: ModuleInfo, number: object, value: Value, seconds: str) -> str | None:
    """Seconds as what they stand in for: a `timedelta` where `number`, being `value`, is one."""
    if isinstance(number, facts.Call) and is_duration(number):
        return f"{shown(number.func)}(seconds={seconds})"
    if not any(isinstance(member, Number) and member.unit for member in members(value)):
        return seconds
    name = _timedelta(module)
    return f"{name}(seconds={seconds})" if name else None


def _timedelta(module: ModuleInfo) -> str:
    """How a module calls `datetime.timedelta`; "" where it does not import it."""
    imports = [node for node in module.node.body if isinstance(node, (facts.ImportFrom, facts.Import))]
    for node in imports:
        if isinstance(node, facts.ImportFrom) and (node.module, node.name) == ("datetime", "timedelta"):
            return node.alias or node.name
    whole = (n.name for n in imports if isinstance(n, facts.Import) and n.module == "datetime" and n.whole)
    return next((f"{name}.timedelta" for name in whole), "")


def _instead(
    program: Program, event: Event, number: facts.Expr, held: tuple[str, str], since: Value, value: Value
) -> Fix | None:
    old = shown(number)
    left = margin(value) or share(number, value)
    new = in_unit(event.module, number, value, read(held[0], "expires_in", held[1]) + left)
    span = getattr(number, "span", None)
    if isinstance(number, facts.Attr) and number.name == "expires_in":
        return None
    function = event.function
    params = {param.name for param in function.inside.params} if function is not None else set()
    if isinstance(number, facts.Name) and number.id in params:
        return None  # callers decide
    if is_handed_less(function, held[0]) or not has_life(program, since, held[0]):
        return None
    if old is None or new is None or span is None or old == new or not _is_held(event, held):
        return None
    return Fix.of("unsafe", ReplaceExpr(event.place.path, span, old, new))


def _is_held(event: Event, held: tuple[str, str]) -> bool:
    """Whether the object keeps `expires_in`, where the project shows what it keeps."""
    owner = event.function.owner if event.function else None
    if held != ("self", "attribute") or owner is None:
        return True
    fields = owner.symbol.fields if owner.symbol is not None else {}
    return "expires_in" in fields or any(
        "expires_in" in (*c.attributes, *c.annotations) for c in owner.line()
    )
