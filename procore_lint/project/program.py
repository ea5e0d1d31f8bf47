"""A project that has been run: what its requests mean, and what its modules are about."""

from __future__ import annotations

import re
import sys
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingT
from functools import cached_property

from procore_lint import facts
from procore_lint.project import headers, models, urls
from procore_lint.project.destinations import Destinations
from procore_lint.project.events import Comparison, Request
from procore_lint.project.libraries import layers
from procore_lint.project.machine import Machine
from procore_lint.project.model import FunctionInfo, ModuleInfo
from procore_lint.project.sightings import Sighting, sightings
from procore_lint.project.urls import Kind
from procore_lint.values import (
    Data,
    Flag,
    Hole,
    Mapping,
    Nothing,
    Parameter,
    Piece,
    Place,
    Text,
    Unknown,
    Value,
    as_texts,
    members,
)

_STACK = 512 * 1024 * 1024
AUTHORIZATION = frozenset({"authorization"})


class Program:
    """The outcome of running a project."""

    def __init__(self, modules: MappingT[str, facts.Facts], resources: frozenset[str]) -> None:
        self._resources = resources
        self.machine = _run(modules)
        self.trail = self.machine.trail
        self.modules = self.machine.modules
        self._functions = {info.id: info for info in self.machine.functions.values()}
        self._kinds: dict[int, tuple[Kind, ...]] = {}
        self._expanded: dict[Text, tuple[Text, ...]] = {}
        self.token_stores: frozenset[str] | None = None

    # ------------------------------------------------------------ modules

    def is_procore(self, module: ModuleInfo) -> bool:
        """Whether a module is about Procore: it names it, or only modules that do import it."""
        return module.path in self._procore

    @cached_property
    def _procore(self) -> frozenset[str]:
        marked = {
            path
            for path, info in self.modules.items()
            if "procore" in info.source.marks or "procore" in path.lower()
        } | self._writing_urls()
        importers: dict[str, set[str]] = defaultdict(set)
        imports: dict[str, set[str]] = defaultdict(set)
        for importer, imported in self.machine.edges:
            importers[imported].add(importer)
            imports[importer].add(imported)
        near = set(marked)
        for path in self.modules.keys() - marked:
            served = bool(importers[path]) and importers[path] <= marked
            if served or any("procore" in other.lower() for other in imports[path]):
                near.add(path)
        return frozenset(near)

    def _writing_urls(self) -> set[str]:
        """The modules that write REST paths which the program sends to Procore's hosts."""
        found: set[str] = set()
        for request in self.trail.requests:
            for value in members(request.url):
                if isinstance(value, Text) and urls.is_procore(urls.address(value).host):
                    pieces = (part for part in value.parts if isinstance(part, Piece))
                    found.update(part.place.path for part in pieces if urls.REST.search(part.text))
        return found & self.modules.keys()

    def is_mocked(self, module: ModuleInfo) -> bool:
        """Whether a module tests against stand-ins."""
        return module.path in self.machine.mocked

    def is_route(self, place: Place) -> bool:
        """Whether the text at `place` is a path of the project's own server."""
        return place in self.machine.routes

    def is_of_another(self, place: Place) -> bool:
        """Whether the text at `place` is part of urls on other hosts, and of none on Procore's."""
        return self._destinations.is_of_another(place)

    @cached_property
    def _destinations(self) -> Destinations:
        return Destinations(self.trail)

    @cached_property
    def sightings(self) -> tuple[Sighting, ...]:
        """The notable literals of all modules, in order."""
        return tuple(s for module in self.modules.values() for s in sightings(module))

    @cached_property
    def has_client_credentials(self) -> bool:
        """Whether the project asks for tokens with the client_credentials grant, even as one mode."""
        return any(True for _ in self.grants())

    def grants(self) -> Iterator[Sighting]:
        """The literals that name the client_credentials grant in modules about Procore."""
        for sighting in self.sightings:
            if (
                sighting.text == "client_credentials" or "grant_type=client_credentials" in sighting.text
            ) and self._is_procore_grant(sighting):
                yield sighting

    def _is_procore_grant(self, sighting: Sighting) -> bool:
        """Whether the grant goes to Procore: by the requests that carry it, else by what is near."""
        module = self.modules[sighting.place.path]
        if module.path in self.machine.mocked:
            return False
        carried = self._grant_requests.get(sighting.place)
        if carried:
            return any(self.is_oauth(request) for request in carried)
        if not self.is_procore(module):
            return False
        near = [r for r in self.trail.requests if r.module is module and _is_oauthlike(r)]
        return not near or any(self.is_oauth(request) for request in near)

    @cached_property
    def _grant_requests(self) -> dict[Place, list[Request]]:
        """The requests that carry each grant literal."""
        found: dict[Place, list[Request]] = defaultdict(list)
        for request in self.trail.requests:
            for place in _grants_in(request.body, 3):
                found[place].append(request)
            if request.library == "curl" and isinstance(request.url, Text):
                for part in request.url.parts:
                    if isinstance(part, Piece):
                        found[part.place].append(request)
        return found

    @cached_property
    def names_dmsa(self) -> bool:
        """Whether the project speaks of Developer Managed Service Accounts."""
        words = ("dmsa", "developer managed", "developer-managed")
        return any(word in info.source.marks for info in self.modules.values() for word in words)

    # ------------------------------------------------------------ values

    def expand(self, text: Text, depth: int = 3) -> tuple[Text, ...]:
        """`text` with what callers pass in place of parameters, where the project's calls say."""
        known = self._expanded.get(text)
        if known is not None:
            return known
        results = [text]
        for _ in range(depth):
            following: list[Text] = []
            changed = False
            for item in results[:8]:
                position = next(
                    (i for i, p in enumerate(item.parts) if isinstance(p, Hole) and self._bound(p.value)),
                    None,
                )
                if position is None:
                    following.append(item)
                    continue
                changed = True
                part = item.parts[position]
                assert isinstance(part, Hole)
                for value in self._bound(part.value)[:6]:
                    before, after = item.parts[:position], item.parts[position + 1 :]
                    following.extend(Text((*before, *piece.parts, *after)) for piece in as_texts(value))
            results = following
            if not changed:
                break
        self._expanded[text] = tuple(dict.fromkeys(results))
        return self._expanded[text]

    def agreed(self, text: Text) -> Text:
        """`text` with what objects were made with, where all that make one of a class agree.

        What callers pass to functions is not filled in: the runs of their calls hold it, value beside value.
        """
        parts: list[Piece | Hole] = []
        for part in text.parts:
            bound = self._bound(part.value) if isinstance(part, Hole) and _is_made_with(part.value) else []
            if len(bound) == 1 and isinstance(bound[0], Text):
                parts.extend(bound[0].parts)
            else:
                parts.append(part)
        return Text(tuple(parts))

    def _bound(self, value: Value) -> list[Value]:
        """What calls in the project pass for a parameter; [] where none says anything."""
        found: list[Value] = []
        for member in members(value):
            if not isinstance(member, Parameter) or member.path:
                continue
            info = self._functions.get(member.function)
            for bound in info.bindings.get(member.name, ()) if info else ():
                for option in members(bound):
                    known = isinstance(option, (Text, Parameter)) and option != member
                    if known or (isinstance(option, Unknown) and option.hint):
                        found.append(option)
        return list(dict.fromkeys(found))

    def is_left_out(self, parameter: Parameter) -> bool:
        """Whether a parameter holds what may add headers to requests, is optional, and no call fills it."""
        if parameter.path != (layers.LAYER,):
            return False
        info = self._functions.get(parameter.function)
        if info is None:
            return False
        optional = any(p.name == parameter.name and p.default is not None for p in info.inside.params)
        given = (m for bound in info.bindings.get(parameter.name, ()) for m in members(bound))
        return optional and all(isinstance(m, (Nothing, Flag)) for m in given)

    def kept(self, parameter: Parameter | Unknown) -> list[Value]:
        """What the project's calls hand to a constructor, for a field that an object keeps as it is."""
        if isinstance(parameter, Unknown):
            return models.made_with(self.machine.classes.values(), parameter.hint)
        info = self._functions.get(parameter.function)
        if info is None or info.name != "__init__" or parameter.path:
            return []
        found = info.bindings.get(parameter.name, ())
        return [m for value in found for m in members(value) if not isinstance(m, Parameter)]

    def is_resource(self, segment: str) -> bool:
        """Whether a path segment is the first of one of Procore's resources."""
        return segment.partition(".")[0] in self._resources

    def function(self, identifier: str) -> FunctionInfo | None:
        return self._functions.get(identifier)

    # ------------------------------------------------------------ requests

    def kinds(self, request: Request) -> tuple[Kind, ...]:
        """What the request's url may mean (one for each way its text may be)."""
        known = self._kinds.get(id(request))
        if known is None:
            known = tuple(dict.fromkeys(self._kind(value, request) for value in self.urls(request)))
            self._kinds[id(request)] = known
        return known

    def urls(self, request: Request) -> list[Value]:
        """The request's url, parameters filled in where calls say what they are."""
        found: list[Value] = []
        for member in members(request.url):
            found.extend(self.expand(member) if isinstance(member, Text) else [member])
        return found

    def _kind(self, value: Value, request: Request) -> Kind:
        if isinstance(value, Text) and len(value.parts) == 1 and isinstance(value.parts[0], Hole):
            value = value.parts[0].value
        if isinstance(value, Data):
            return "file"
        if isinstance(value, Parameter):
            return "open"
        if not isinstance(value, Text):
            return "unknown"
        host, path, base = urls.address(value)
        if host:
            return self._on_host(host, path, request)
        about = self.is_procore(request.module)
        named = base is not None and "procore" in urls.names(base)
        if isinstance(base, Data):
            return "file"
        if urls.is_rest_path(path):
            if not (about or named):
                return "unknown"
            return "exempt" if self._is_exempt(path, request) else "rest"
        if urls.is_oauth_path(path):
            return "oauth" if about or named else "unknown"
        if not path.strip("/\0") and base is not None:
            return "open"
        if named or (about and self._is_named(request)):
            first = path.lstrip("/\0").partition("?")[0].split("/")[0]
            if first in self._resources and headers.presence(request.headers, AUTHORIZATION).state != "no":
                return "exempt" if self._is_exempt(path, request) else "rest"
        return "unknown"

    def _on_host(self, host: str, path: str, request: Request) -> Kind:
        if not urls.is_procore(host):
            return "other" if "\0" not in host else "unknown"
        if urls.is_storage(host):
            return "file"
        if host.startswith(("login", "developers", "marketplace", "support", "status", "www")):
            return "oauth" if urls.is_oauth_path(path) else "other"
        if urls.is_oauth_path(path):
            return "oauth"
        if urls.is_rest_path(path):
            return "exempt" if self._is_exempt(path, request) else "rest"
        if "/fas/api" in path or "/rest/" in path:
            return "file" if "/fas/api" in path else "other"
        if "\0" in path and host.startswith(("api", "sandbox")):
            return "open" if any(True for _ in _open_holes(request.url)) else "rest"
        return "other"

    def _is_exempt(self, path: str, request: Request) -> bool:
        return urls.is_exempt_path(path) and request.verb in ("", "GET")

    def _is_named(self, request: Request) -> bool:
        """Whether the request stands in something named after Procore."""
        names = request.module.path.lower()
        for caller in request.chain:
            names += f" {caller.module.path} {caller.function.qualname if caller.function else ''}".lower()
        return "procore" in names

    def is_oauth(self, request: Request) -> bool:
        """Whether a request asks Procore for a token (or gives one back)."""
        return "oauth" in self.kinds(request)

    def is_api(self, request: Request) -> bool:
        """Whether a request goes to Procore's REST API, judged by url or by the header that it carries."""
        kinds = self.kinds(request)
        if "rest" in kinds or "exempt" in kinds:
            return True
        if "other" in kinds or "oauth" in kinds:
            return False
        company = frozenset({"procore-company-id"})
        return headers.presence(request.headers, company).state == headers.YES

    # ------------------------------------------------------------ what leads to a token

    @cached_property
    def token_roots(self) -> frozenset[str]:
        """Keys of the roots that ask Procore for a token, themselves or through what they call."""
        return self._reaching({r.root.id for r in self.trail.requests if self.is_token_request(r)})

    @cached_property
    def _api_roots(self) -> frozenset[str]:
        return self._reaching({r.root.id for r in self.trail.requests if self._is_rest(r)})

    @cached_property
    def _login_roots(self) -> frozenset[str]:
        roots = {r.root.id for r in self.trail.requests if _is_login(r)}
        renewing = {r.root.id for r in self.trail.requests if self.is_token_request(r) and not _is_login(r)}
        return self._reaching(roots) - self._reaching(renewing)

    def _is_rest(self, request: Request) -> bool:
        kinds = self.kinds(request)
        return "rest" in kinds or "exempt" in kinds

    @cached_property
    def rest_bases(self) -> frozenset[str]:
        """Names of the undecided base urls to which REST calls go."""
        found: set[str] = set()
        for request in self.trail.requests:
            if self._is_rest(request):
                for value in (request.url, *self.urls(request)):
                    if isinstance(value, Text) and value.parts and isinstance(value.parts[0], Hole):
                        found.update(urls.identity(value.parts[0].value))
        return frozenset(found)

    @cached_property
    def _callers(self) -> dict[str, set[str]]:
        callers: dict[str, set[str]] = defaultdict(set)
        for root, callee in self.machine.calls:
            callers[callee].add(root)
        for passage in self.trail.passages:
            callers[passage.callee].add(passage.root.id)
        return callers

    def _reaching(self, roots: set[str]) -> frozenset[str]:
        found = set(roots)
        queue = list(roots)
        while queue:
            for caller in self._callers.get(queue.pop(), set()) - found:
                found.add(caller)
                queue.append(caller)
        return frozenset(found)

    def is_token_request(self, request: Request) -> bool:
        """Whether a request gets a Procore token (authorize and revoke do not)."""
        if not self.is_oauth(request):
            return False
        return any(
            isinstance(value, Text) and re.search(r"oauth/token(?!/info)", value.template)
            for value in self.urls(request)
        )

    @cached_property
    def refresh_guards(self) -> frozenset[int]:
        """Identities of the comparisons that decide whether a Procore token is asked for.

        Only the innermost test counts, and only where it guards no API call besides: such a test
        decides about the data, and the token is asked for on the way.
        """
        token: set[int] = set()
        data: set[int] = set()
        for request in self.trail.requests:
            if request.guards and not _is_login(request):
                target = token if self.is_token_request(request) else data if self._is_rest(request) else None
                if target is not None:
                    target.update(_innermost(request.guards))
        for passage in self.trail.passages:
            if passage.guards:
                if passage.callee in self._api_roots or passage.callee in self._login_roots:
                    data.update(_innermost(passage.guards))
                elif passage.callee in self.token_roots:
                    token.update(_innermost(passage.guards))
        return frozenset(token - data)

    def renews(self, function: FunctionInfo) -> bool:
        """Whether a function is there for the token: it asks Procore for one and calls no API besides."""
        return self.asks_for_token(function) and not _is_among(function, self._api_roots)

    @cached_property
    def renewal_loops(self) -> frozenset[int]:
        """Endless loops in which a token is asked for and no API is called."""
        token: set[int] = set()
        data: set[int] = set()
        for request in self.trail.requests:
            if request.loops:
                target = token if self.is_token_request(request) else data if self._is_rest(request) else None
                if target is not None:
                    target.update(loop for loop in request.loops if loop > 0)
        for passage in self.trail.passages:
            loops = {loop for loop in passage.loops if loop > 0}
            if passage.callee in self._api_roots:
                data |= loops
            elif passage.callee in self.token_roots:
                token |= loops
        return frozenset(token - data)

    def asks_for_token(self, function: FunctionInfo) -> bool:
        """Whether running `function` asks Procore for a token."""
        return _is_among(function, self.token_roots)


def _is_among(function: FunctionInfo, roots: frozenset[str]) -> bool:
    """Whether a function, for some class that `self` stands for, is one of these roots (see `Root.id`)."""
    return function.id in roots or any(key.startswith(f"{function.id}|") for key in roots)


def _is_made_with(value: Value) -> bool:
    return isinstance(value, Parameter) and value.function.endswith(".__init__") and not value.path


def _grants_in(values: Iterable[Value], limit: int) -> Iterator[Place]:
    for value in values:
        for member in members(value):
            if isinstance(member, Text):
                for part in member.parts:
                    if isinstance(part, Piece) and "client_credentials" in part.text:
                        yield part.place
            elif isinstance(member, Mapping) and limit:
                yield from _grants_in((*member.entries.values(), *member.spreads), limit - 1)


def _is_oauthlike(request: Request) -> bool:
    return any(isinstance(m, Text) and "oauth" in m.template for m in members(request.url))


def _is_login(request: Request) -> bool:
    """Whether a request trades the code of a login for a token: that is no renewal."""
    for body in request.body:
        for member in members(body):
            if isinstance(member, Mapping):
                grant = member.entries.get("grant_type")
                if isinstance(grant, Text) and grant.plain == "authorization_code":
                    return True
    return False


def _innermost(guards: tuple[Comparison, ...]) -> set[int]:
    """The comparisons of the test that stands nearest."""
    last = guards[-1]
    return {id(c) for c in guards if c.function is last.function and c.place.path == last.place.path}


def _open_holes(value: Value) -> Iterator[Parameter]:
    for member in members(value):
        if isinstance(member, Text):
            for part in member.parts:
                if isinstance(part, Hole):
                    yield from (m for m in members(part.value) if isinstance(m, Parameter))


def _run(modules: MappingT[str, facts.Facts]) -> Machine:
    """Run the machine on a thread with a deep stack: calls follow calls."""
    machine = Machine(modules)
    failure: list[BaseException] = []

    def work() -> None:
        try:
            machine.run()
        except BaseException as error:  # carried over to the calling thread, whole
            failure.append(error)

    size = threading.stack_size(_STACK)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        thread = threading.Thread(target=work, name="procore-lint-run")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
    if failure:
        raise failure[0]
    return machine
