"""PCL101 and PCL102: the constant gives way to `expires_in` of the token response, where that is in reach."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.project.events import Arithmetic, Comparison, Event, Fallback, Request
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import access, before, chain_to, expression, read, shown, walk
from procore_lint.replacement import ReplaceExpr
from procore_lint.values import Age, Mapping, Number, Place, Value, members

_SECONDS = frozenset({"timedelta"})


def expiry_sum(item: Arithmetic) -> Fix | None:
    """`token["created_at"] + 7200` adds `token["expires_in"]`; so does a clock beside a token just read."""
    node = expression(item.module, item.place)
    if not isinstance(node, facts.Bin) or node.op != "+":
        return None
    for base, number in ((node.left, node.right), (node.right, node.left)):
        held = _birth(base) or _answer(item.module, item.place, base)
        if held is not None and _birth(number) is None and _is_constant(number):
            return _instead(item, number, held)
    return None


def age(comparison: Comparison) -> Fix | None:
    """`time.time() - token["created_at"] > 5400` compares with `token["expires_in"]`."""
    node = expression(comparison.module, comparison.place)
    if not isinstance(node, facts.Compare):
        return None
    for side, value, number in (
        (node.left, comparison.left, node.right),
        (node.right, comparison.right, node.left),
    ):
        if isinstance(side, facts.Bin) and side.op == "-" and _is_age(value) and _is_constant(number):
            held = _birth(side.right)
            if held is not None:
                return _instead(comparison, number, held)
    return None


def fallback(event: Fallback) -> Fix | None:
    """`.get("expires_in", N)` and `x or N` read the answer alone."""
    node = expression(event.module, event.place)
    new: str | None = None
    if isinstance(node, facts.Call):
        found = access(node, event.key)
        holder = shown(found[0]) if found is not None else None
        new = read(holder, event.key, "item") if holder and len(node.args) == 2 else None
    elif isinstance(node, facts.Logic) and node.op == "or" and len(node.values) == 2:
        found = access(node.values[0], event.key)
        holder = shown(found[0]) if found is not None else None
        new = read(holder, event.key, found[1]) if found is not None and holder else shown(node.values[0])
    old = shown(node)
    if old is None or new is None or not isinstance(node, (facts.Call, facts.Logic)):
        return None
    return Fix.of("unsafe", ReplaceExpr(event.place.path, node.span, old, new))


def by_hand(event: Event, module: ModuleInfo, place: Place, constant: Number, otherwise: str) -> str:
    """The help where no fix is offered: the comparison or sum as it reads with `expires_in` kept at hand."""
    node = expression(module, place)
    if isinstance(node, facts.Compare) and isinstance(event, Comparison):
        sides = (node.left, node.right)
        values = (event.left, event.right)
        number = next((s for s, v in zip(sides, values, strict=True) if _is_number(v)), None)
        other = sides[0] if number is sides[1] else sides[1]
        written = shown(other)
        if number is None or written is None:
            return otherwise
        holder = "self." if "self." in written else ""
        test = [f"{holder}expires_in" if side is number else written for side in sides]
        return (
            f"keep `expires_in` of the token response with the token and write"
            f" `{test[0]} {node.op} {test[1]}`, or renew the token when a call answers 401"
        )
    if isinstance(node, facts.Bin) and node.op == "+":
        base = shown(node.left)
        life = 'token["expires_in"]' if constant.unit != "s" else 'timedelta(seconds=token["expires_in"])'
        if base is not None and isinstance(node.left, facts.Call) and _is_clock(node.left):
            return f"write `{base} + {life}` with the token response that is kept here"
    return otherwise


def _is_number(value: Value) -> bool:
    return any(isinstance(member, Number) for member in members(value))


def refresh_token(request: Request) -> str:
    """The code that reads the refresh token from where a revocation reads the access token; "" if none."""
    for body in request.body:
        for member in members(body):
            place = member.places.get("token") if isinstance(member, Mapping) else None
            chain = chain_to(request.module, place) if place is not None else ()
            display = chain[-2] if len(chain) > 1 else None
            if not isinstance(display, facts.Dict):
                continue
            value = next((value for key, value in display.items if key is chain[-1]), None)
            found = access(value, "access_token")
            holder = shown(found[0]) if found is not None else None
            if found is not None and holder:
                return read(holder, "refresh_token", found[1])
    return ""


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


def _answer(module: ModuleInfo, place: Place, base: object) -> tuple[str, str] | None:
    """The token response that the lines before have read `access_token` from, beside a clock."""
    if not isinstance(base, facts.Call) or not _is_clock(base):
        return None
    own = [node for node in chain_to(module, place) if isinstance(node, (facts.Assign, facts.Return))]
    for statement in (*own, *before(module, place)):
        if isinstance(statement, (facts.Function, facts.Class, facts.If, facts.Loop, facts.Try)):
            continue
        for node in walk(statement):
            found = access(node, "access_token")
            holder = shown(found[0]) if found is not None else None
            if found is not None and holder and _is_stable(found[0]):
                return holder, found[1]
    return None


def _is_stable(node: object) -> bool:
    """A local name, or `response.json()` of one: what `self` or a module keeps may be another's token."""
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) and node.func.name == "json":
        return not node.args and isinstance(node.func.obj, facts.Name)
    return isinstance(node, facts.Name) and node.id != "self"


def _is_clock(node: facts.Call) -> bool:
    return (shown(node.func) or "").rpartition(".")[2] in ("time", "now", "utcnow", "monotonic")


def _is_constant(node: object) -> bool:
    if isinstance(node, facts.Const):
        return isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
    if isinstance(node, facts.Bin):
        return node.op in ("*", "+", "-") and _is_constant(node.left) and _is_constant(node.right)
    if isinstance(node, facts.Call):
        return _is_duration(node)
    return isinstance(node, (facts.Name, facts.Attr)) and shown(node) is not None


def _is_duration(node: facts.Call) -> bool:
    return (shown(node.func) or "").rpartition(".")[2] in _SECONDS and bool(node.args)


def _instead(event: Event, number: facts.Expr, held: tuple[str, str]) -> Fix | None:
    old, new = shown(number), read(held[0], "expires_in", held[1])
    span = getattr(number, "span", None)
    if isinstance(number, facts.Call):
        new = f"{shown(number.func)}(seconds={new})"
    elif isinstance(number, facts.Attr) and number.name == "expires_in":
        return None
    if old is None or span is None or old == new or not _is_held(event, held):
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
