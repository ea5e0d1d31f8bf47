"""PCL104 and PCL202: another host in the literal, where every use of that literal agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.events import Event
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.advice import advice
from procore_lint.repairs.code import chain_to, expression, walk
from procore_lint.repairs.shown import shown
from procore_lint.repairs.texts import assignment, composed, corrected, line, substituted
from procore_lint.repairs.uses import Uses
from procore_lint.replacement import ReplaceExpr, ReplaceText
from procore_lint.values import Piece, Place, Text

#: The removed namespace, which the same line may name.
_VAPID = regex(r"(?<=procore\.com)/vapid/(?!(?:rest/)?v\d)")
_URL = regex(r"""https?://([^/\s"'<>]+)([^\s"'<>]*)""", re.IGNORECASE)
_WORDS = frozenset({"base", "api", "rest", "app"})
_ADDRESS = frozenset({"url", "uri", "host"})


class Spot(msgspec.Struct, frozen=True):
    """An OAuth url on another host: where the host and the path are written, and the login host for it."""

    where: Piece
    path: Piece
    host: str
    login: str
    url: str  # the path from /oauth on

    @property
    def at(self) -> str:
        return f"{self.where.place.path}:{self.where.place.span.line}"


class Hosts:
    """What becomes of the host in each literal: found once, as a whole client may go through one."""

    def __init__(self, uses: Uses) -> None:
        self.uses = uses
        self._kinds: dict[tuple[Place, str], frozenset[str]] = {}
        self._matched: dict[tuple[Place, str], Place | None] = {}
        self._fixes: dict[tuple[Piece, str], Fix | None] = {}
        self._helps: dict[tuple[Piece, str], str] = {}
        self._links: dict[tuple[Place, str], bool] = {}

    def kinds(self, place: Place, name: str) -> frozenset[str]:
        """What the literal at `place` is used for with the host `name` in it."""
        key = place, name
        if key not in self._kinds:
            self._kinds[key] = frozenset(
                kind for value in self.uses.of(place) for kind in _kinds(value, name)
            )
        return self._kinds[key]

    def matched(self, place: Place, old: str, new: str) -> Place | None:
        """Where other code matches urls by the host that the literal says now."""
        key = place, old
        if key not in self._matched:
            self._matched[key] = self.uses.matched(place, old, new)
        return self._matched[key]

    def fix(self, piece: Piece, old: str, new: str, use: str) -> Fix | None:
        """Write `new` for the host `old` in a literal that serves nothing but `use` ("rest" or "oauth")."""
        if self.kinds(piece.place, old) != {use}:
            return None
        key = piece, old
        if key not in self._fixes:
            self._fixes[key] = self._fix(piece, old, new)
        return self._fixes[key]

    def _fix(self, piece: Piece, old: str, new: str) -> Fix | None:
        uses, place = self.uses, piece.place
        if piece.text.lower().count(old) != 1 or old not in piece.text:
            return None
        if uses.is_given_away(piece) or uses.is_told_apart(place, old, new):
            return None
        if self.matched(place, old, new) is not None:
            return None
        return Fix.of(uses.safety(place, old), ReplaceText(place.path, place.span, old, new))

    def makes_links(self, piece: Piece, name: str) -> bool:
        """Whether pages of the web application are linked to with the same literal."""
        key = piece.place, name
        if key not in self._links:
            self._links[key] = any(_is_page(text, name) for text in self.uses.of(piece.place))
        return self._links[key]

    def api_help(self, piece: Piece, old: str, new: str) -> str:
        """The line to write, and what is to be done first where the literal serves other calls too."""
        key = piece, old
        if key not in self._helps:
            self._helps[key] = _api_help(self, piece, old, new)
        return self._helps[key]


def _is_page(text: Text, name: str) -> bool:
    host, path, _ = urls.address(text)
    is_call = urls.is_rest_path(path) or urls.is_oauth_path(path)
    return host == name and bool(path.strip("/")) and not is_call


def _kinds(text: Text, name: str) -> Iterator[str]:
    found, path, _ = urls.address(text)
    if not found and text.template.lower().startswith(name):
        found, path = name, text.template[len(name) :]  # a host that a scheme is put in front of
    if found == f"{name}\0":
        yield "open"  # what follows is a whole path, its first slash included
        return
    if found.partition(":")[0] != name:
        if found or name in text.template.lower():
            yield _inside(text.template, name)
        return
    if urls.is_oauth_path(path):
        yield "oauth"
    elif urls.is_rest_path(path):
        yield "rest"
    elif path.strip("/\0") or "\0" in path:
        yield "other" if not path.startswith("\0") or path.strip("\0/") else "open"


def _inside(template: str, name: str) -> str:
    """What a longer text holds of a host: whole urls of the same kind ("visit https://...") mean the same."""
    paths = [match[2] for match in _URL.finditer(template) if match[1].lower().partition(":")[0] == name]
    if paths and len(paths) == template.lower().count(name):
        for kind, is_kind in (("oauth", urls.is_oauth_path), ("rest", urls.is_rest_path)):
            if all(is_kind(path) for path in paths):
                return kind
    return "other"


def oauth_help(hosts: Hosts, fix: Fix | None, spot: Spot, event: Event) -> str:
    """The url to write; where the literal serves other calls too, the setting to add and where to use it."""
    module = hosts.uses.program.modules[spot.where.place.path]
    login = f"https://{spot.login}"
    if fix is not None and isinstance(fix.replacement, ReplaceExpr):
        return f"{advice(fix, event.place, '')}: {spot.at} serves other calls too"
    if fix is not None:
        return _written(module, spot)
    matched = _matched(hosts, spot.where, spot.host, spot.login, "oauth")
    if matched:
        return f"{_written(module, spot)}{matched}"
    lines = _second_setting(module, spot, event)
    if lines is not None:
        return f"{lines[0]} beside {spot.at}, which serves other calls too, and {lines[1]} here"
    return (
        f"call it on {spot.login}: {login}{spot.url}; {spot.at} serves other calls too, so give OAuth a base"
        f" url of its own: `{login}`"
    )


def _written(module: ModuleInfo, spot: Spot) -> str:
    code = corrected(module, spot.where.place, spot.host, spot.login)
    there = f" at {spot.at}" if spot.where.place != spot.path.place else ""
    return f"write `{code}`{there}" if code else f"call it on https://{spot.login}{spot.url}"


def _matched(hosts: Hosts, piece: Piece, old: str, new: str, use: str) -> str:
    """What else is to be changed where nothing but other code that matches the host holds a fix back."""
    at = hosts.matched(piece.place, old, new) if hosts.kinds(piece.place, old) == {use} else None
    return f", and see to {at.path}:{at.span.line}, which may match what is sent there" if at else ""


def _second_setting(module: ModuleInfo, spot: Spot, event: Event) -> tuple[str, str] | None:
    """The lines that give OAuth a setting of its own and use it, both named after the setting at hand."""
    found = composed(module, spot.where.place)
    if found is None or str(found[1].value).rstrip("/") != f"https://{spot.host}":
        return None
    literal = found[1]
    url = facts.Const(str(literal.value).replace(spot.host, spot.login), literal.span)
    held = assignment(module, spot.where.place)
    chain = chain_to(module, spot.where.place)
    param = next((node for node in reversed(chain) if isinstance(node, facts.Param)), None)
    if held is not None and not any(isinstance(node, facts.Dict) for node in walk(held[1])):
        name = held[0].rpartition(".")[2]
        code = line(_renamed(substituted(held[1], literal, url), name, settings=True))
    elif param is not None and param.default == literal:
        name = param.name
        code = f'{login_name(name)}="{url.value}"'
    else:
        return None
    node = expression(event.module, event.place)
    used = shown(_renamed(node, name), exact=False)
    if used is None or used == shown(node, exact=False) or is_taken(module, login_name(name)):
        return None
    return (f"write `{code}`", f"`{used}`") if code is not None else None


def base_help(event: Event, name: str) -> str:
    """The expression with a base url of its own, where the base at hand is not decided in the code."""
    node = expression(event.module, event.place)
    hosts = "https://login.procore.com (sandbox: https://login-sandbox.procore.com)"
    inside = [part.id if isinstance(part, facts.Name) else getattr(part, "name", "") for part in walk(node)]
    for known in (
        name,
        name.rpartition(".")[2],
        *(each for each in inside if each not in ("", "self", "cls", "urljoin", "format")),
    ):
        other = _renamed(node, known)
        code = shown(other, exact=False)
        if code is not None and other is not node:
            return f"write `{code}`, with `{login_name(known)}` for a base url of its own: {hosts}"
    return f"send /oauth calls to a base url of their own: {hosts}"


def login_name(name: str) -> str:
    """The name of a setting for the login host, made from that of the base url."""
    words = name.split("_")
    at = next((i for i, word in enumerate(words) if word.lower() in _WORDS), None)
    if at is None and len(words) > 1 and words[-1].lower() in _ADDRESS:
        at = len(words) - 1
        words.insert(at, "")
    if at is None:
        return "" if not name.isidentifier() else f"{name}_LOGIN" if name.isupper() else f"{name}_login"
    words[at] = "LOGIN" if name.isupper() else "login"
    return "_".join(word for i, word in enumerate(words) if i <= at or word.lower() not in _WORDS)


def is_taken(module: ModuleInfo, name: str) -> bool:
    """Whether a module knows a name already, as a name, an attribute or a text."""
    return not name or any(
        name in (getattr(node, "id", None), getattr(node, "name", None), getattr(node, "value", None))
        for node in walk(module.node.body)
    )


def _renamed(node: object, name: str, *, settings: bool = False) -> object:
    """A node with every `name` in it called after the login; with `settings`, texts like `BASE_URL` too."""
    new = login_name(name)
    if not new:
        return node
    holders = [inner for part in walk(node) for inner in _holders(part)]
    for part in list(walk(node)):
        if any(part is holder for holder in holders):
            continue
        if isinstance(part, facts.Name) and part.id == name:
            node = substituted(node, part, facts.Name(new, part.span))
        elif isinstance(part, facts.Attr) and part.name == name:
            node = substituted(node, part, facts.Attr(part.obj, new, part.span))
        elif isinstance(part, facts.Const) and _is_setting(part.value, name if not settings else ""):
            node = substituted(node, part, facts.Const(login_name(str(part.value)), part.span))
    return node


def _holders(node: object) -> Iterator[object]:
    """What a setting is read from by its name, or the function that is called: these keep their names."""
    if isinstance(node, facts.Item) and isinstance(node.index, facts.Const):
        yield from walk(node.obj)
    elif isinstance(node, facts.Call):
        reads = isinstance(node.func, facts.Attr) and node.func.name in ("get", "getenv", "setdefault")
        yield from walk(node.func) if reads else (node.func,)


def _is_setting(value: object, name: str) -> bool:
    """Whether a literal is the name of a setting: `name`, or without one anything like `BASE_URL`."""
    return (
        isinstance(value, str) and value.isidentifier() and (value == name or (not name and value.isupper()))
    )


def _api_help(hosts: Hosts, piece: Piece, old: str, new: str) -> str:
    module = hosts.uses.program.modules[piece.place.path]
    code = _VAPID.sub("/rest/v1.0/", corrected(module, piece.place, old, new) or "")
    text = f"write `{code}`" if code else f"write `{new}` in place of `{old}`"
    if hosts.fix(piece, old, new, "rest") is not None:
        return text
    matched = _matched(hosts, piece, old, new, "rest")
    if matched:
        return f"{text}{matched}"
    other = hosts.uses.elsewhere(piece, lambda value: set(_kinds(value, old)) - {"rest", "open"})
    at = f" at {other.path}:{other.span.line}" if other is not None else " (OAuth, links)"
    return f"{text}, and give what is no API call{at} a url of its own"
