"""PCL104 and PCL202: OAuth and API calls sent to a host that is not the one for them."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft, step, symbol
from procore_lint.finding import Step
from procore_lint.project import urls
from procore_lint.project.events import Event, Request
from procore_lint.project.program import Program
from procore_lint.values import Piece, Text, literal, members

OAUTH_RULE = "legacy-oauth-host"
API_RULE = "legacy-api-host"
_API = "api.procore.com"
#: Host -> the login host of the same environment (rules/facts/hosts.toml holds the sources).
_LOGIN = {
    "app.procore.com": "login.procore.com",
    "api.procore.com": "login.procore.com",
    "www.procore.com": "login.procore.com",
    "us02.procore.com": "login.procore.com",
    "sandbox.procore.com": "login-sandbox.procore.com",
    "api-monthly.procore.com": "login-sandbox-monthly.procore.com",
    "api-sandbox-monthly.procore.com": "login-sandbox-monthly.procore.com",
    "api.procoregov.com": "login.procoregov.com",
}

_OWN_BASE = "call https://api.procore.com by a name of its own: this one links to pages as well"


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Urls as they are written and as requests use them; then bases that serve both APIs."""
    yield from _in_unparsable(program)
    found = list(_on_hosts(program))
    if found:
        yield from repairs.together.together(found)
    rest_bases: set[str] = set()
    oauth_on_base: list[tuple[Event, Text]] = []
    for event, text in _filled(program):
        host, path, base = urls.on_base(text)
        if not host and base is not None and program.is_procore(event.module):
            if urls.is_rest_path(path):
                rest_bases.update(urls.identity(base))
            elif urls.is_oauth_path(path):
                oauth_on_base.append((event, text))
            elif _is_api(program, event):
                rest_bases.update(urls.identity(base))
    for event, text in oauth_on_base:
        base = urls.on_base(text).base
        shared = [name for name in urls.identity(base) if name in rest_bases] if base is not None else []
        piece = _piece(text, "oauth")
        if shared and piece is not None and not _is_login(shared[0]):
            name = shared[0].rpartition("|")[2].removeprefix("env:")
            yield Draft(
                OAUTH_RULE,
                piece.place,
                f"the OAuth call goes to `{name}`, the base url of the REST API",
                repairs.hosts.base_help(event, name),
                symbol=symbol(event),
            )


def _on_hosts(program: Program) -> Iterator[Draft]:
    hosts = repairs.hosts.Hosts(repairs.uses.Uses(program))
    for event, text in _texts(program):
        host, path, _ = urls.address(text)
        if host:
            yield from _on_host(event, text, host, path, hosts)


def _in_unparsable(program: Program) -> Iterator[Draft]:
    """Urls among the literals of files that do not parse: these need no flow."""
    for sighting in program.sightings:
        module = program.modules[sighting.place.path]
        if module.node.body or not module.source.problem:
            continue
        host, path, _ = urls.address(literal(sighting.text, sighting.place))
        if host == "app.procore.com" and urls.is_rest_path(path) and not any(c.isspace() for c in path):
            yield Draft(
                API_RULE,
                sighting.place,
                "the API is called on app.procore.com, the host of the web application",
                "write https://api.procore.com in place of https://app.procore.com",
                (step(sighting.place, "found by its text alone: this file does not parse"),),
            )


def _is_api(program: Program, event: Event) -> bool:
    kinds = program.kinds(event) if isinstance(event, Request) else ()
    return "rest" in kinds or "exempt" in kinds


def _is_login(name: str) -> bool:
    tail = name.rpartition("|")[2].lower()
    return any(word in tail for word in ("login", "oauth", "auth"))


def _filled(program: Program) -> Iterator[tuple[Event, Text]]:
    """Texts with what any caller passes: enough to see whose base an undecided one is."""
    for written in program.trail.written:
        if isinstance(written.value, Text) and not program.is_mocked(written.module):
            for text in program.bindings.expand(written.value):
                yield written, text
    for request in program.trail.requests:
        if not program.is_mocked(request.chain[0].module):
            for value in program.urls(request):
                if isinstance(value, Text):
                    yield request, value


def _texts(program: Program) -> Iterator[tuple[Event, Text]]:
    """Texts as each run of the program makes them."""
    for written in program.trail.written:
        if isinstance(written.value, Text) and not program.is_mocked(written.module):
            yield written, program.bindings.agreed(written.value)
    for request in program.trail.requests:
        if program.is_mocked(request.chain[0].module):
            continue
        for value in members(request.url):
            if isinstance(value, Text):
                for text in program.bindings.based(program.bindings.agreed(value)):
                    if not _is_of_stand_ins(program, text):
                        yield request, text


def _is_of_stand_ins(program: Program, text: Text) -> bool:
    """Whether tests against stand-ins pass the host."""
    first = text.parts[0] if text.parts else None
    return isinstance(first, Piece) and program.is_mocked(program.modules[first.place.path])


def _on_host(event: Event, text: Text, host: str, path: str, hosts: repairs.hosts.Hosts) -> Iterator[Draft]:
    bare = host.partition(":")[0]
    if not isinstance(event, Request) and any(c.isspace() for c in text.template):
        return  # prose; what is sent is a url all the same
    if urls.is_oauth_path(path) and bare in _LOGIN:
        place = _piece(text, "oauth")
        where = _piece_of_host(text, bare)
        if place is not None and where is not None:
            fix = hosts.fix(where, bare, _LOGIN[bare], "oauth")
            fix = fix or repairs.logins.literal(hosts.uses, event, bare, _LOGIN[bare])
            spot = repairs.hosts.Spot(where, place, bare, _LOGIN[bare], _oauth_path(path))
            yield Draft(
                OAUTH_RULE,
                place.place,
                f"OAuth is called on {bare}",
                repairs.hosts.oauth_help(hosts, fix, spot, event),
                _trace(where, place),
                symbol(event),
                fix=fix,
            )
    elif bare == "app.procore.com" and urls.is_rest_path(path):
        piece = _piece_of_host(text, bare)
        if piece is not None:
            used = _piece(text, "rest") or _piece(text, "vapid") or piece
            # In a file of its own the host is right, and wrong for this call.
            links = used.place.path != piece.place.path and hosts.makes_links(piece, bare)
            yield Draft(
                API_RULE,
                used.place if links else piece.place,
                "the API is called on app.procore.com, the host of the web application",
                _OWN_BASE if links else hosts.api_help(piece, bare, _API),
                _trace(piece, used) if links else _trace(used, piece, "used here"),
                symbol(event),
                fix=hosts.fix(piece, bare, _API, "rest"),
            )


def _oauth_path(path: str) -> str:
    return path[path.find("/oauth") :].partition("?")[0].partition("\0")[0]


def _trace(where: Piece, place: Piece, message: str = "the host is written here") -> tuple[Step, ...]:
    return (step(where.place, message),) if where.place != place.place else ()


def _piece(text: Text, word: str) -> Piece | None:
    """The piece in which the path's `word` is written, found behind the host."""
    start = text.template.find("://") + 3 if "://" in text.template else 0
    offset = text.template.find(word, start)
    return text.piece_at(offset) if offset >= 0 else None


def _piece_of_host(text: Text, host: str) -> Piece | None:
    offset = text.template.lower().find(host)
    return text.piece_at(offset) if offset >= 0 else None
