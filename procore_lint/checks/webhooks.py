"""PCL601: triggers on project directory resources whose update events stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from procore_lint import facts, repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft, is_made_up
from procore_lint.project.events import Request
from procore_lint.project.mocked import is_test
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.project.walk import walk
from procore_lint.values import NOTHING, Mapping, Piece, Place, Text, Value, members

RULE = "webhook-directory-update"
_SOUGHT = frozenset({"project users", "project vendors"})
_RESOURCES = {"project users": "Company Users", "project vendors": "Company Vendors"}

_ON_COMPANY = "; subscribe to it on a hook of the company, as this one is a project's"


class _Setting(NamedTuple):
    """What a draft is made from, the same for all of a program."""

    program: Program
    subscriptions: repairs.webhooks.Subscriptions
    of_project: bool
    elsewhere: frozenset[Place]  # what is sent to other hosts alone


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Displays and calls that hold such a resource beside the event `update`."""
    sent = [
        (request, [url.template for url in program.urls(request) if isinstance(url, Text)])
        for request in program.trail.requests
    ]
    hooks = [(request, urls) for request, urls in sent if any("webhooks" in url for url in urls)]
    of_project = any("webhooks" in u and "/projects/" in u for _, urls in hooks for u in urls)
    # A test writes events down as Procore sends them, and handles none.
    marked = [m for m in program.modules.values() if _SOUGHT.intersection(m.source.marks)]
    modules = [module for module in marked if not is_test(module.path)]
    if not modules and not hooks:
        return
    elsewhere = _sent_elsewhere(program)
    setting = _Setting(program, repairs.webhooks.Subscriptions(modules), of_project, elsewhere)
    for module in modules:
        if program.is_procore(module) and not program.is_mocked(module):
            compared = _compared(module)
            for node, name in walk(module.node.body):
                if not isinstance(node, facts.Dict) or node.span in compared:
                    continue
                if module.place(node.span) not in elsewhere:
                    yield from _judge(setting, module, node, name)
    for request, _ in hooks:
        yield from _in_body(setting, request)


def _compared(module: ModuleInfo) -> frozenset[facts.SpanT]:
    """The displays with which triggers are compared: these are looked for, not subscribed to."""
    everywhere = [node for node, _ in walk(module.node.body)]
    tests = [node for node in everywhere if isinstance(node, facts.Compare)]
    sides = [side for test in tests for side in (test.left, test.right)]
    asked = Counter(side.id for side in sides if isinstance(side, facts.Name))
    used = Counter(node.id for node in everywhere if isinstance(node, facts.Name))
    for node in everywhere:
        if isinstance(node, facts.Assign) and len(node.targets) == 1 and node.value is not None:
            target = node.targets[0]
            if isinstance(target, facts.Name) and used[target.id] == asked[target.id] + 1 > 1:
                sides.append(node.value)
    return frozenset(inner.span for inner, _ in walk(tuple(sides)) if isinstance(inner, facts.Dict))


def _sent_elsewhere(program: Program) -> frozenset[Place]:
    """The displays, and the texts out of them, that requests send to other hosts alone.

    They are samples of Procore's events, or another vendor's own subscriptions.
    """
    ours: set[Place] = set()
    other: set[Place] = set()
    for request in program.trail.requests:
        sent = other if "other" in program.kinds(request) else ours
        for mapping in _mappings(request.body, 1):
            sent.add(mapping.place)
            for entry in mapping.entries.values():
                sent.update(_literals(entry))
    return frozenset(other - ours)


def _literals(value: Value) -> Iterator[Place]:
    """Where texts are written that are sent as they are."""
    for member in members(value):
        if isinstance(member, Text) and len(member.parts) == 1:
            part = member.parts[0]
            if isinstance(part, Piece):
                yield part.place


def _in_body(setting: _Setting, request: Request) -> Iterator[Draft]:
    """The resource that a request's body subscribes to, wherever it was written."""
    for mapping in _mappings(request.body, 3):
        events = mapping.entries.get("event_type")
        if events is None or not any(isinstance(m, Text) and m.plain == "update" for m in members(events)):
            continue
        resources = members(mapping.entries.get("resource_name", NOTHING))
        if len(resources) > 1 and len(members(events)) > 1:
            continue  # a table of pairs: which belong together is not known here
        for member in resources:
            plain = member.plain if isinstance(member, Text) else None
            replacement = _RESOURCES.get((plain or "").strip().lower())
            if replacement is not None and isinstance(member, Text):
                piece = member.piece_at(0)
                if piece is not None and not is_made_up(piece.place, request.place):
                    yield _draft(setting, piece.place, plain or "", replacement, "")


def _mappings(values: tuple[Value, ...], limit: int) -> Iterator[Mapping]:
    for value in values:
        for member in members(value):
            if isinstance(member, Mapping):
                yield member
                if limit:
                    yield from _mappings((*member.entries.values(), *member.spreads), limit - 1)


def _draft(setting: _Setting, place: Place, named: str, replacement: str, symbol: str) -> Draft:
    """A subscription; where hooks are made for a project, another hook must take the event."""
    module = setting.program.modules[place.path]
    handled = setting.subscriptions.handler(named)
    more = _ON_COMPANY if setting.of_project else ""
    if handled is not None:
        more += f"; see that {handled.path}:{handled.line} goes by the new name too"
    told = (setting.subscriptions, module, place, named, replacement)
    return Draft(
        RULE,
        place,
        f"update events of `{named}` stopped on 2026-06-30",
        repairs.webhooks.help_text(*told) + more,
        symbol=symbol,
        fix=None if setting.of_project else repairs.webhooks.resource(*told),
    )


def _judge(setting: _Setting, module: ModuleInfo, node: facts.Dict, symbol: str) -> Iterator[Draft]:
    """A table's row or a body: a resource under a key that says so, beside the event."""
    entries = {str(k.value).lower(): v for k, v in node.items if isinstance(k, facts.Const)}
    events = [v for key, v in entries.items() if "event" in key]
    if not any(text.value == "update" for value in events for text in _texts(value)):
        return
    for key, value in entries.items():
        for text in _texts(value) if "resource" in key else ():
            replacement = _RESOURCES.get(str(text.value).strip().lower().replace("_", " "))
            place = module.place(text.span)
            if replacement is not None and place not in setting.elsewhere:
                yield _draft(setting, place, str(text.value), replacement, symbol)


def _texts(node: facts.Expr) -> Iterator[facts.Const]:
    if isinstance(node, facts.Const) and isinstance(node.value, str):
        yield node
    elif isinstance(node, facts.Seq):
        for item in node.items:
            if isinstance(item, facts.Const) and isinstance(item.value, str):
                yield item
