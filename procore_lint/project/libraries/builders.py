"""Urls that libraries put together: of their parts, by builders' methods, from templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from procore_lint.lazy import regex
from procore_lint.project import strings
from procore_lint.project.model import Args, Kwargs
from procore_lint.values import (
    UNKNOWN,
    Hole,
    Listing,
    Nothing,
    Piece,
    Place,
    Text,
    Value,
    concat,
    hole,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine

_URL = regex(r"https?://", 2)
_FIELD = regex(r"\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
#: What changes a url's query, or nothing.
_BESIDE = frozenset(
    """with_query update_query extend_query with_fragment copy_add_param copy_set_param copy_merge_params
    copy_remove_param human_repr tostr""".split()
)


def unsplit(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`urlunsplit((scheme, host, path, query, fragment))`; a url that was parsed is still its text."""
    parts = args[0] if args else UNKNOWN
    if not isinstance(parts, Listing):
        return parts
    if not parts.exact or len(parts.items) < 3:
        return UNKNOWN
    scheme, host, path = parts.items[:3]
    return _of_parts(scheme, host, path, site.place)


def build(machine: Machine, args: Args, kwargs: Kwargs, site: Site) -> Value:
    """`URL.build(scheme=..., host=..., path=...)`."""
    host = kwargs.get("host", kwargs.get("authority"))
    if host is None or "scheme" not in kwargs:
        return UNKNOWN
    return _of_parts(kwargs["scheme"], host, kwargs.get("path", Text(())), site.place)


def method(receiver: Text, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    """What a method of a url's object, or of a template, gives; None for others."""
    first = receiver.parts[0] if receiver.parts else None
    if not isinstance(first, Piece):
        return None
    if name in ("substitute", "safe_substitute"):
        return _substituted(receiver, kwargs)
    if not _URL.match(first.text):
        return None
    if name in _BESIDE:
        return receiver
    if name == "join" and len(args) == 1 and all(isinstance(m, Text) for m in members(args[0])):
        return strings.urljoin(receiver, args[0], first.place)
    if name == "joinpath" or (name == "add" and "path" in kwargs):
        return _below(receiver, list(args) if name == "joinpath" else _segments(kwargs["path"]), first.place)
    path = args[0] if name == "with_path" and args else kwargs.get("path")
    if path is not None and (name == "with_path" or (name in ("set", "copy_with") and len(kwargs) == 1)):
        return _below(_origin(receiver), _segments(path), first.place)
    return None


def _of_parts(scheme: Value, host: Value, path: Value, place: Place) -> Value:
    if isinstance(scheme, Nothing) or isinstance(host, Nothing):
        return UNKNOWN
    return _below(concat(scheme, literal("://", place), host), [path], place)


def _segments(path: Value) -> list[Value]:
    return list(path.items) if isinstance(path, Listing) and path.exact else [path]


def _below(base: Value, segments: list[Value], place: Place) -> Value:
    """Segments behind a base, with a slash in front of each that has none."""
    for segment in segments:
        first = segment.parts[0] if isinstance(segment, Text) and segment.parts else None
        if isinstance(segment, Text) and not segment.parts:
            continue
        slashed = isinstance(first, Piece) and first.text.startswith("/")
        head = strings.trimmed(base)
        base = concat(head, segment) if slashed else concat(head, literal("/", place), segment)
    return base


def _origin(url: Text) -> Text:
    """A url without its path, where literal text decides it."""
    first = url.parts[0]
    assert isinstance(first, Piece)
    end = first.text.find("/", first.text.find("://") + 3)
    return url if end < 0 else Text((Piece(first.text[:end], first.place),))


def _substituted(template: Text, names: dict[str, Value]) -> Value:
    """`Template("...$name...").substitute(name=...)`."""
    out: list[Value] = []
    for part in template.parts:
        if isinstance(part, Hole):
            out.append(hole(part.value))
            continue
        start = 0
        for found in _FIELD.finditer(part.text):
            out.append(literal(part.text[start : found.start()], part.place))
            start = found.end()
            name = found.group(1) or found.group(2)
            out.append(literal("$", part.place) if name is None else _filled(names.get(name, UNKNOWN)))
        out.append(literal(part.text[start:], part.place))
    return concat(*out)


def _filled(value: Value) -> Value:
    return value if isinstance(value, Text) else hole(value)


MODELS: dict[str, Callable[[Machine, Args, Kwargs, Site], Value]] = {
    "urllib.parse.urlunsplit": unsplit,
    "urllib.parse.urlunparse": unsplit,
    "yarl.URL.build": build,
}
#: Classes whose objects are the texts that they are made of.
MADE_OF_TEXT = ("furl.furl", "string.Template")
