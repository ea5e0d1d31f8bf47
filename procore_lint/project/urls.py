"""What a url means to Procore: the REST API, OAuth, a file, or nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from procore_lint.lazy import regex
from procore_lint.values import Hole, Parameter, Text, Unknown, Value, members

Kind = Literal["rest", "exempt", "oauth", "file", "other", "open", "unknown"]

_ABSOLUTE = regex(r"https?://([^/?#]*)(.*)\Z", re.DOTALL | re.IGNORECASE)
REST = regex(r"(?:\A|/|\0)(?:rest/v(?:\d+(?:\.\d+)?|\0)|vapid)(?=/|\Z|\0)")
_OAUTH = regex(r"(?:\A|/|\0)oauth/(token|authorize|revoke)\b")
#: Procore's own page names these two calls, as GET, as free of the header.
_EXEMPT = regex(
    r"\A(?:.*?/?(?:rest/v[\d.\0]+|vapid))?/?(?:me|companies)(?:\.json)?/?(?:[?#].*)?\Z", re.DOTALL
)
_MCP = regex(r"/rest/v[\d.]+/mcp\b")
_STORAGE = regex(r"\A(?:storage\.procore\.com)(?::\d+)?\Z")
_BARE = frozenset({"procore.com", "procoregov.com"})
_SITES = ("login", "developers", "marketplace", "support", "status", "www")
_S3 = regex(r"(?:\A|\.)s3[.-][\w.-]*amazonaws\.com\Z|\As3\.amazonaws\.com\Z")


class Address(NamedTuple):
    """A url cut in host and path (templates, holes as NUL); `base` is the hole it begins with."""

    host: str
    path: str
    base: Value | None


def address(text: Text) -> Address:
    """The parts of a url's text."""
    template = text.template
    match = _ABSOLUTE.match(template)
    if match:
        host = match.group(1).lower().rpartition("@")[2]  # without a user's name and password
        return Address(host, match.group(2), None)
    first = text.parts[0] if text.parts else None
    if isinstance(first, Hole):
        return Address("", template[1:], first.value)
    return Address("", template, None)


def on_base(text: Text) -> Address:
    """The same, where a host that nothing decides (`f"https://{HOST}/rest"`) is a base like any other."""
    found = address(text)
    if found.host != "\0":
        return found
    host = next(part.value for part in text.parts if isinstance(part, Hole))
    is_setting = all(isinstance(member, (Unknown, Parameter)) for member in members(host))
    return Address("", found.path, host) if is_setting else found


def is_plain_host(value: Value) -> bool:
    """Whether an undecided host is named for nothing in particular: `host`, `API_HOST`, `conn.host`.

    One that is named for something else (`ACME_HOST`) is that thing's.
    """
    last = [re.split(r"[.|:]", name)[-1] for name in names(value).split()]
    return bool(last) and all(_PLAIN.issuperset(filter(None, re.split(r"[^a-z]+", name))) for name in last)


_PLAIN = frozenset(
    """api base domain endpoint env environment fqdn host hostname name netloc region rest root server
    site url""".split()
)


def is_procore(host: str) -> bool:
    """Whether a host is one of Procore's (`{region}.procore.com` counts)."""
    name = host.partition(":")[0]
    return name in _BARE or name.endswith((".procore.com", ".procoregov.com"))


def is_website(host: str) -> bool:
    """Whether one of Procore's hosts has pages for people: the bare domain, and the named sites."""
    return host in _BARE or host.startswith(_SITES)


def is_storage(host: str) -> bool:
    return bool(_STORAGE.match(host))


def is_s3(host: str) -> bool:
    return bool(_S3.search(host))


def is_rest_path(path: str) -> bool:
    """Whether a path names the REST API (`/rest/v1.0/...`, `/vapid/...`), the MCP endpoint apart."""
    return bool(REST.search(path.partition("?")[0])) and not _MCP.search(path)


def is_oauth_path(path: str) -> bool:
    return bool(_OAUTH.search(path))


def is_exempt_path(path: str) -> bool:
    """Whether a path is that of GET /me or GET /companies."""
    return bool(_EXEMPT.match(path))


def settled(value: Value) -> tuple[Value, ...]:
    """The ways that a url may be, without bases that another way names: a setting's default says whose it is.

    `os.environ.get("ERP_URL", "https://erp.example.com")` is the other system's url, wherever it is set; so
    is a parameter with such a default. A proxy or stand-in on this machine is no host of Procore's either.
    """
    options = members(value)
    if len(options) < 2:
        return options
    hosts = {on_base(m).host for m in options if isinstance(m, Text)} - {""}
    if not hosts or any("\0" in host or is_procore(host) for host in hosts):
        return options
    return tuple(m for m in options if not _is_undecided(m))


def _base(value: Value) -> Value:
    """What a url begins with, where that is not literal."""
    base = on_base(value).base if isinstance(value, Text) else None
    return value if base is None else base


def _is_undecided(value: Value) -> bool:
    return isinstance(_base(value), (Unknown, Parameter))


def segments(path: str) -> tuple[str | None, ...]:
    """The segments of a REST path from "rest" or "vapid" on; holes are None."""
    bare = path.partition("?")[0].partition("#")[0]
    match = REST.search(bare)
    if match is None:
        return ()
    rest = bare[match.start() :].lstrip("/\0")
    parts = [part for part in rest.split("/") if part]
    return tuple(None if "\0" in part else part for part in parts)


def identity(value: Value) -> Iterator[str]:
    """Names by which two undecided bases are known to be the same."""
    for member in members(value):
        if isinstance(member, Parameter):
            yield "|".join((member.function, member.name, *member.path))
        elif isinstance(member, Unknown) and member.hint and not member.hint.endswith("()"):
            yield member.hint
        elif isinstance(member, Text):
            for part in member.parts[:1]:
                if isinstance(part, Hole):
                    yield from identity(part.value)


def names(value: Value, paths: bool = True) -> str:
    """Every name that leads to an undecided value, in lower case (to see whose it is).

    `paths`: that of the file as well.
    """
    out = []
    for member in members(value):
        if isinstance(member, Parameter):
            function = member.function if paths else member.function.rpartition(":")[2]
            out.append("|".join((function, member.name, *member.path)))
        elif isinstance(member, Unknown):
            out.append(member.hint)
    return " ".join(out).lower()
