"""Texts: what formatting, joining and cutting make of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from procore_lint.lazy import regex
from procore_lint.project import binding
from procore_lint.project.libraries import addresses, builders
from procore_lint.values import (
    UNKNOWN,
    Data,
    Flag,
    Hole,
    Listing,
    Mapping,
    Parameter,
    Piece,
    Place,
    Text,
    Unknown,
    Value,
    concat,
    hole,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

METHODS = frozenset(
    """strip lstrip rstrip lower upper format join split rsplit replace startswith endswith encode decode
    title capitalize casefold removeprefix removesuffix partition rpartition find index count zfill format_map
    splitlines
    """.split()
)

_NOTABLE = regex(
    r"procore|/rest|vapid|oauth|amazonaws|cost_code|line_item_type|sub_job|/v4/d/|/fas/api|client_credentials"
    r"|/webhooks|prostore|pro-core\.com"
)


def is_notable(text: str) -> bool:
    """Whether a check may care for `text`."""
    return _NOTABLE.search(text.lower()) is not None


_MOMENT = regex(
    r"creat|issued|obtain|fetch|acquir|grant|refresh|login|auth|token|mint|receiv|time|stamp|expir|_at\b|last|now|since|born|when",
    re.IGNORECASE,
)


def is_moment_name(name: str) -> bool:
    """Whether a name may be that of a moment."""
    return bool(_MOMENT.search(name))


_PERCENT = regex(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([sdifrxXgeouc%])")
_BRACES = regex(r"\{\{|\}\}|\{([^{}!:]*)(?:![rsa])?(?::[^{}]*)?\}")


def percent(machine: Machine, left: Text, right: Value) -> Value:
    """`left % right`."""
    spread = isinstance(right, Listing) and right.kind == "tuple"
    values: list[Value] = list(right.items) if isinstance(right, Listing) and spread else [right]
    position = 0
    out: list[Value] = []
    for part in left.parts:
        if isinstance(part, Hole):
            out.append(hole(part.value))
            continue
        start = 0
        for match in _PERCENT.finditer(part.text):
            out.append(_cut(part, start, match.start()))
            start = match.end()
            if match.group(2) == "%":
                out.append(literal("%", part.place))
            elif match.group(1):
                found: Value = UNKNOWN
                for member in members(right):
                    if isinstance(member, Mapping):
                        found = member.entries.get(match.group(1), UNKNOWN)
                out.append(found)
            else:
                out.append(values[position] if position < len(values) else UNKNOWN)
                position += 1
        out.append(_cut(part, start, len(part.text)))
    return concat(*out)


def _cut(part: Piece, start: int, end: int) -> Value:
    return literal(part.text[start:end], part.place)


def formatted(machine: Machine, text: Text, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """`text.format(*args, **kwargs)`."""
    out: list[Value] = []
    auto = 0
    for part in text.parts:
        if isinstance(part, Hole):
            out.append(hole(part.value))
            continue
        start = 0
        for match in _BRACES.finditer(part.text):
            out.append(_cut(part, start, match.start()))
            start = match.end()
            token = match.group(0)
            if token in ("{{", "}}"):
                out.append(literal(token[0], part.place))
                continue
            name = re.split(r"[.\[]", match.group(1).strip())[0]
            if not name:
                out.append(args[auto] if auto < len(args) else UNKNOWN)
                auto += 1
            elif name.isdigit():
                out.append(args[int(name)] if int(name) < len(args) else UNKNOWN)
            else:
                out.append(kwargs.get(name, UNKNOWN))
        out.append(_cut(part, start, len(part.text)))
    return concat(*out)


def method(
    machine: Machine, receiver: Value, name: str, args: list[Value], kwargs: dict[str, Value]
) -> Value:
    """A method of a text, with the receiver known to be one (or data that may be one)."""
    if name in ("strip", "lower", "upper", "encode", "decode", "casefold", "title", "capitalize"):
        return _lowered(receiver) if name in ("lower", "casefold") else receiver
    if name in ("lstrip", "rstrip", "removeprefix", "removesuffix"):
        return _trimmed(receiver, name, args)
    if name == "format" and isinstance(receiver, Text):
        return formatted(machine, receiver, args, kwargs)
    if name == "format_map" and isinstance(receiver, Text) and args and isinstance(args[0], Mapping):
        return formatted(machine, receiver, [], dict(args[0].entries))
    if isinstance(receiver, Text) and (name == "join" or name not in METHODS):
        made = builders.method(receiver, name, args, kwargs)
        if made is not None:
            return made
    if name == "join" and args:
        binding.unfolded(machine, args[0])
        return _joined(receiver, args[0])
    if name == "replace" and isinstance(receiver, Text) and len(args) >= 2:
        return _replaced(receiver, args[0], args[1])
    if name == "_replace" and isinstance(receiver, Text):
        return addresses.replaced(receiver, kwargs)
    if name == "geturl":
        return receiver
    if name in ("startswith", "endswith") and args:
        decided = _is_at_end(receiver, args[0], name)
        return UNKNOWN if decided is None else Flag(decided)
    if name in ("split", "rsplit", "partition", "rpartition", "splitlines"):
        if isinstance(receiver, (Data, Parameter)):
            return receiver
        if name == "split" and isinstance(receiver, Text) and _is_blank(args):
            return _words(receiver)
        return Unknown()
    if isinstance(receiver, Text) and name not in METHODS:  # of an object made of a url: `url.copy_with(...)`
        machine.handed_out.update(part.place for part in receiver.parts if isinstance(part, Piece))
    return UNKNOWN


def _is_at_end(receiver: Value, wanted: Value, name: str) -> bool | None:
    """Whether a text starts or ends with another (or one of several), where that is decided."""
    options = wanted.items if isinstance(wanted, Listing) and wanted.exact else [wanted]
    plain = [option.plain for option in options if isinstance(option, Text)]
    if not isinstance(receiver, Text) or not receiver.parts or len(plain) != len(options):
        return None
    end = receiver.parts[0 if name == "startswith" else -1]
    if isinstance(end, Hole):
        return None
    known = tuple(text for text in plain if text is not None)
    whole = receiver.plain is not None or all(len(text) <= len(end.text) for text in known)
    if len(known) != len(plain) or not whole:
        return None
    return end.text.startswith(known) if name == "startswith" else end.text.endswith(known)


def _is_blank(args: list[Value]) -> bool:
    return not args or (isinstance(args[0], Text) and args[0].plain == " ")


def _words(receiver: Text) -> Value:
    """`"Bearer {}".split()`, where the literal parts hold the blanks."""
    words: list[Text] = []
    open_word = False
    for part in receiver.parts:
        pieces = [Text((part,))] if isinstance(part, Hole) else []
        if isinstance(part, Piece):
            pieces = [literal(word, part.place) for word in part.text.split()]
            open_word = open_word and not part.text[:1].isspace()
        for piece in pieces:
            words[-1:] = [Text(words[-1].parts + piece.parts)] if open_word else [*words[-1:], piece]
            open_word = False
        open_word = isinstance(part, Hole) or not part.text[-1:].isspace()
    place = next((p.place for p in receiver.parts if isinstance(p, Piece)), None)
    return Unknown() if place is None else Listing(place, list(words), "list")


def _lowered(receiver: Value) -> Value:
    if not isinstance(receiver, Text):
        return receiver
    return Text(tuple(Piece(p.text.lower(), p.place) if isinstance(p, Piece) else p for p in receiver.parts))


def trimmed(receiver: Value) -> Value:
    """A base url without the slash at its end."""
    return (
        _trimmed(receiver, "rstrip", [literal("/", receiver.parts[-1].place)])
        if (isinstance(receiver, Text) and receiver.parts and isinstance(receiver.parts[-1], Piece))
        else receiver
    )


def _trimmed(receiver: Value, name: str, args: list[Value]) -> Value:
    if not isinstance(receiver, Text) or not receiver.parts:
        return receiver
    cut = args[0].plain if args and isinstance(args[0], Text) else None
    if args and cut is None:
        return receiver
    parts = list(receiver.parts)
    front = name in ("lstrip", "removeprefix")
    end = parts[0] if front else parts[-1]
    if isinstance(end, Hole):
        return receiver
    trimmed = getattr(end.text, name)(cut) if cut is not None else getattr(end.text, name)()
    parts[0 if front else -1] = Piece(trimmed, end.place)
    return Text(tuple(p for p in parts if isinstance(p, Hole) or p.text))


def _joined(separator: Value, items: Value) -> Value:
    if not isinstance(items, Listing) or not items.exact:
        return hole(UNKNOWN)
    out: list[Value] = []
    for position, value in enumerate(items.items):
        if position:
            out.append(separator)
        out.append(value)
    return concat(*out)


def _replaced(receiver: Text, old: Value, new: Value) -> Value:
    needle = old.plain if isinstance(old, Text) else None
    if needle is None or not needle:
        return receiver
    out: list[Value] = []
    for part in receiver.parts:
        if isinstance(part, Hole):
            out.append(hole(part.value))
            continue
        for position, piece in enumerate(part.text.split(needle)):
            if position:
                out.append(new)
            out.append(literal(piece, part.place))
    return concat(*out)


def urljoin(base: Value, path: Value, place: Place) -> Value:
    """`urllib.parse.urljoin(base, path)` for the usual cases."""
    return join(_urljoin(left, right, place) for left in members(base) for right in members(path))


def _urljoin(left: Value, right: Value, place: Place) -> Value:
    if isinstance(right, Text):
        first = right.parts[0] if right.parts else None
        if isinstance(first, Piece) and re.match(r"https?://", first.text):
            return right
        if isinstance(left, Text) and isinstance(first, Piece) and first.text.startswith("/"):
            head = left.parts[0] if left.parts else None
            if isinstance(head, Piece):
                match = re.match(r"https?://[^/]+", head.text)
                if match:
                    return Text((Piece(match.group(0), head.place), *right.parts))
            if isinstance(head, Hole):
                return Text((head, *right.parts))
        if isinstance(left, Text):
            base = _trimmed(left, "rstrip", [literal("/", place)])
            slash = "" if isinstance(first, Piece) and first.text.startswith("/") else "/"
            return concat(base, literal(slash, place), right)
        return concat(left, right)
    return concat(left, literal("/", place) if not isinstance(left, Text) else literal("", place), right)
