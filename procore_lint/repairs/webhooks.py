"""PCL601: the event moves to the company's resource."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to, walk
from procore_lint.repairs.handled import handler
from procore_lint.repairs.shown import shown
from procore_lint.repairs.texts import LONGEST, substituted
from procore_lint.replacement import ReplaceText
from procore_lint.values import Place

_EVENTS = frozenset({"create", "update", "delete"})


def resource(
    subscriptions: Subscriptions, module: ModuleInfo, place: Place, written: str, replacement: str
) -> Fix | None:
    """Name the company's resource where `update` is the only event that stands beside the literal, it is not
    subscribed to yet, and nothing in the project asks events for the name."""
    if written not in ("Project Users", "Project Vendors"):
        return None
    display, named = _display(module, place)
    if subscriptions.handler(written) is not None or display is None or named != {"update"}:
        return None
    told = subscriptions.told(module)
    if replacement in told.updated or replacement in told.keys:  # a table must not get an entry twice
        return None
    return Fix.of("unsafe", ReplaceText(place.path, place.span, written, replacement))


def help_text(
    subscriptions: Subscriptions, module: ModuleInfo, place: Place, written: str, replacement: str
) -> str:
    """The entry as it reads for the company; where other events stay with the project, both entries."""
    display, named = _display(module, place)
    chain = chain_to(module, place)
    twin = _twin(module, place, replacement)
    if twin is not None and display is not None and named == {"update"}:
        return f"delete this entry: `{shown(twin, exact=False)}` is there already"
    why = "its events carry no project_id"
    if display is None or isinstance(display, facts.Arg):
        return f'write `"{replacement}"` in place of `"{written}"` for update: {why}'
    own = facts.Const(replacement, (*place.span,))
    moved = substituted(display, chain[-1], own)
    if named == {"update"}:
        code = shown(moved, exact=False)
        short = f'write `"{replacement}"` in place of `"{written}"`'
        line = f"write `{code}`" if code and len(code) <= LONGEST else short
        is_told = replacement in subscriptions.told(module).updated
        once = "; not where its hook has that trigger already" if is_told else ""
        return f"{line}{once}: {why}"
    left, right = _only(display, named - {"update"}), _only(moved, {"update"})
    if left is None or right is None:
        return f"subscribe to update of `{replacement}` in an entry of its own: {why}"
    return f"write `{left}`, and `{right}` beside it: {why}"


def _twin(module: ModuleInfo, place: Place, replacement: str) -> facts.Expr | None:
    """The entry of the same list that says already what the moved one would say."""
    chain = chain_to(module, place)
    display, _ = _display(module, place)
    at = next((i for i, node in enumerate(chain) if node == display), 0)
    table = chain[at - 1] if at else None
    if display is None or not isinstance(table, facts.Seq):
        return None
    moved = substituted(display, chain[-1], facts.Const(replacement, (*place.span,)))
    code = shown(moved, exact=False)
    return next((item for item in table.items if code and shown(item, exact=False) == code), None)


class Subscriptions:
    """What the files of a program subscribe to and where they ask events for it; each is searched once."""

    def __init__(self, modules: Sequence[ModuleInfo]) -> None:
        self._modules = modules  # in which an event's handler is looked for
        self._handlers: dict[str, Place | None] = {}
        self._told: dict[str, _Told] = {}

    def handler(self, resource: str) -> Place | None:
        """Where the project tells events of a resource apart by its name."""
        if resource not in self._handlers:
            self._handlers[resource] = handler(self._modules, resource)
        return self._handlers[resource]

    def told(self, module: ModuleInfo) -> _Told:
        """What the displays of a file name."""
        if module.path not in self._told:
            self._told[module.path] = _told(module)
        return self._told[module.path]


class _Told(msgspec.Struct, frozen=True):
    """The texts that a file names beside the event `update`, wherever it does, and the keys of its dicts."""

    updated: frozenset[str]
    keys: frozenset[str]


def _told(module: ModuleInfo) -> _Told:
    updated: set[str] = set()
    keys: set[str] = set()
    for node in walk(module.node.body):
        if isinstance(node, (facts.Dict, facts.Seq, facts.Call)):
            texts = list(_texts(node))
            if "update" in {text.lower() for text in texts}:
                updated.update(texts)
        if isinstance(node, facts.Dict):
            literals = (key.value for key, _ in node.items if isinstance(key, facts.Const))
            keys.update(text for text in literals if isinstance(text, str))
    return _Told(frozenset(updated), frozenset(keys))


def _only(display: object, events: Collection[str]) -> str | None:
    """The code of an entry with these of its events alone, which stand in one list of literals."""
    for node in walk(display):
        texts = node.items if isinstance(node, facts.Seq) else ()
        if len(texts) > 1 and all(_event(text) for text in texts):
            kept = tuple(text for text in texts if _event(text) in events)
            other = msgspec.structs.replace(node, items=kept)
            return shown(substituted(display, node, other), exact=False)
    return None


def _event(node: object) -> str:
    text = node.value if isinstance(node, facts.Const) and isinstance(node.value, str) else ""
    return text.lower() if text.lower() in _EVENTS else ""


def _display(module: ModuleInfo, place: Place) -> tuple[facts.Expr | facts.Arg | None, frozenset[str]]:
    """The display or call in which events stand beside the literal, and which."""
    chain = chain_to(module, place)
    for display in reversed(chain[:-1]):
        if isinstance(display, facts.Dict):
            # A table from resources to their events: the others are none of this one's.
            own = tuple(pair for pair in display.items if pair[0] is chain[-1])
            display = msgspec.structs.replace(display, items=own) if own else display
        if not isinstance(display, (facts.Dict, facts.Seq, facts.Call, facts.Arg)):
            break
        named = _EVENTS.intersection(text.lower() for text in _texts(display))
        if named:
            return display, named
    return None, frozenset()


def _texts(node: facts.Expr | facts.Arg, depth: int = 1) -> Iterator[str]:
    """The literals that stand in a display, and those in the lists that are its items."""
    items: list[facts.Expr] = []
    if isinstance(node, facts.Dict):
        items = [value for _, value in node.items]
    elif isinstance(node, facts.Call):
        items = [argument.value for argument in node.args]
    elif isinstance(node, facts.Seq):
        items = list(node.items)
    for item in items:
        if isinstance(item, facts.Const) and isinstance(item.value, str):
            yield item.value
        elif isinstance(item, facts.Seq) and depth:
            yield from _texts(item, depth - 1)
