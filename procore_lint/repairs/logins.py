"""PCL104 where one base url serves OAuth and the REST API: the OAuth call gets the url of the login host."""

from __future__ import annotations

import re
from collections.abc import Sequence

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.events import Event, Written
from procore_lint.repairs.code import chain_to, expression, walk
from procore_lint.repairs.shown import shown
from procore_lint.repairs.texts import assignment
from procore_lint.repairs.uses import Uses
from procore_lint.replacement import ReplaceExpr
from procore_lint.values import Hole, Piece, Place, Text

_BASE = regex(r"https?://([^/]+?)(?::\d+)?(/?)", re.IGNORECASE)
#: Calls that do nothing but make a text: one of any other function may not be left out.
_MAKING = frozenset({"urljoin", "format", "join", "rstrip", "strip", "str"})


def literal(uses: Uses, event: Event, host: str, login: str) -> Fix | None:
    """Write the login host in the expression that makes the OAuth url of a base that is written elsewhere.

    Exact where that expression gives nothing but OAuth urls on `host`. A base that the environment, a
    caller or an heir decides gives others too.
    """
    if not isinstance(event, Written):
        return None
    node = expression(event.module, event.place)
    made = [value for value in uses.made_at(event.place) if isinstance(value, Text)]
    if len(made) != len(uses.made_at(event.place)) or not made:
        return None
    for text in made:
        found, path, _ = urls.address(text)
        if found.partition(":")[0] != host or not urls.is_oauth_path(path):
            return None
    if any(isinstance(part, facts.Attr) and part.name in uses.set_from_outside for part in walk(node)):
        return None
    if any(
        _is_one_of_several(uses, part.place)
        for text in made
        for part in text.parts[:1]
        if isinstance(part, Piece)
    ):
        return None
    old = shown(node, exact=False)
    new = _whole(node, made, login) or _head(node, made, login)
    if old is None or new is None or old == new or isinstance(node, facts.Const):
        return None
    return Fix.of("unsafe", ReplaceExpr(event.place.path, (*event.place.span,), old, new))


def _is_one_of_several(uses: Uses, place: Place) -> bool:
    """Whether a base is one that a switch picks, even one that is decided now: others stand beside it.

    It is, where it is written in a branch or a table, or where its name is given another value elsewhere.
    """
    module = uses.program.modules[place.path]
    chain = chain_to(module, place)
    if any(isinstance(node, (facts.If, facts.Cond, facts.Match, facts.Dict, facts.Seq)) for node in chain):
        return True
    held = assignment(module, place)
    if held is None:
        function = next((node for node in reversed(chain) if isinstance(node, facts.Function)), None)
        returns = [node for node in walk(function) if isinstance(node, facts.Return)]
        return len(returns) > 1
    name = held[0].rpartition(".")[2]
    functions = [node for node in chain if isinstance(node, facts.Function)]
    scope = functions[-1].body if functions and name == held[0] else module.node.body
    targets = [
        target.id if isinstance(target, facts.Name) else target.name
        for statement in walk(scope)
        if isinstance(statement, facts.Assign) and statement.value is not None
        for target in statement.targets
        if isinstance(target, (facts.Name, facts.Attr))
    ]
    return targets.count(name) > 1


def _whole(node: object, made: Sequence[Text], login: str) -> str | None:
    """The one url that the expression gives, as a literal."""
    plain = {text.plain for text in made}
    url = plain.pop() if len(plain) == 1 else None
    if url is None or not _does_nothing_else(node):
        return None
    return shown(facts.Const(f"https://{login}{urls.address(made[0]).path}", (0, 0, 0, 0)))


def _does_nothing_else(node: object) -> bool:
    for part in walk(node):
        if isinstance(part, (facts.Walrus, facts.Await, facts.Yield)):
            return False
        if isinstance(part, facts.Call):
            name = part.func.name if isinstance(part.func, facts.Attr) else shown(part.func)
            if name not in _MAKING:
                return False
    return True


def _head(node: object, made: Sequence[Text], login: str) -> str | None:
    """The expression with the literal url in place of its base, and the rest as it is."""
    operands = list(node.parts) if isinstance(node, facts.Format) else _summed(node)
    bases = {_first(text, len(operands)) for text in made}
    found = _BASE.fullmatch(bases.pop() or "") if len(bases) == 1 else None
    if found is None or len(operands) < 3 or not isinstance(operands[1], facts.Const):
        return None
    if not isinstance(operands[0], (facts.Name, facts.Attr)) or shown(operands[0]) is None:
        return None
    start = facts.Const(f"https://{login}{found[2]}{operands[1].value}", (0, 0, 0, 0))
    if isinstance(node, facts.Format):
        return shown(facts.Format((start, *operands[2:]), node.span), exact=False)
    whole: facts.Expr = start
    for operand in operands[2:]:
        whole = facts.Bin("+", whole, operand, start.span)
    return shown(whole, exact=False)


def _summed(node: object) -> list[facts.Expr]:
    if isinstance(node, facts.Bin) and node.op == "+":
        left = _summed(node.left)
        return [*(left or [node.left]), node.right]
    return []


def _first(text: Text, count: int) -> str | None:
    """What the first of `count` operands gives, where every operand is one part of the text."""
    first = text.parts[0] if len(text.parts) == count else None
    return first.text if isinstance(first, Piece) and not isinstance(first, Hole) else None
