"""A project that has been run: what its requests mean, and what its modules are about."""

from __future__ import annotations

import re
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Mapping as MappingT
from functools import cached_property

from procore_lint import facts
from procore_lint.project import headers, urls
from procore_lint.project.bindings import Bindings
from procore_lint.project.destinations import Destinations
from procore_lint.project.events import Event, Request
from procore_lint.project.grants import Grants
from procore_lint.project.machine import Machine
from procore_lint.project.model import ModuleInfo
from procore_lint.project.renewal import Renewal
from procore_lint.project.sightings import Sighting, sightings
from procore_lint.project.surroundings import Surroundings
from procore_lint.project.urls import Kind
from procore_lint.values import (
    Data,
    Hole,
    Parameter,
    Piece,
    Place,
    Text,
    Value,
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
        self._kinds: dict[int, tuple[Kind, ...]] = {}
        self.bindings = Bindings(self.machine)
        self.renewal = Renewal(self)
        self.grants = Grants(self)
        self.token_stores: frozenset[str] | None = None

    # ------------------------------------------------------------ modules

    def is_procore(self, module: ModuleInfo) -> bool:
        """Whether a module is about Procore: it names it, or only modules that do import it."""
        return module.path in self._procore

    def is_about(self, event: Event, text: Text) -> bool:
        """Whether a path that an event makes is Procore's by its module, or by the project around it."""
        return self.is_procore(event.module) or self.surroundings.claims(event, text)

    @cached_property
    def surroundings(self) -> Surroundings:
        """What the whole project says of paths in modules that are not about Procore by themselves."""
        return Surroundings(self.modules, self.trail, self.machine.serves, self.urls, self.is_resource)

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

    # ------------------------------------------------------------ values

    def is_resource(self, segment: str) -> bool:
        """Whether a path segment is the first of one of Procore's resources."""
        return segment.partition(".")[0] in self._resources

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
            found.extend(self.bindings.expand(member) if isinstance(member, Text) else [member])
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
        host, path, base = urls.on_base(value)
        if host:
            return self._on_host(host, path, request)
        about = self.is_procore(request.module)
        named = base is not None and "procore" in urls.names(base)
        if isinstance(base, Data):
            return "file"
        if urls.is_rest_path(path):
            if not (about or named):
                if not self.surroundings.claims(request, value):
                    return "unknown"
            elif urls.address(value).host and not self._is_ours(base, path):
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

    def _is_ours(self, host: Value | None, path: str) -> bool:
        """Whether a variable behind `https://` is Procore's host: by its name, or by the path behind it.

        Other systems have paths like `/rest/v1/...` as well, and a host for each of their customers.
        """
        if host is None or "procore" in urls.names(host, paths=False):
            return True
        parts = urls.segments(path)
        if not urls.is_plain_host(host) or not parts:
            return False
        if parts[0] == "vapid":
            return True
        versioned = len(parts) > 2 and (parts[1] is None or "." in parts[1])
        return versioned and parts[2] is not None and self.is_resource(parts[2])

    def _on_host(self, host: str, path: str, request: Request) -> Kind:
        if not urls.is_procore(host):
            return "other" if "\0" not in host else "unknown"
        if urls.is_storage(host):
            return "file"
        if urls.is_website(host):
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
        return headers.presence(request.headers, headers.COMPANY).state == headers.YES

    # ------------------------------------------------------------ what leads to a token

    def is_rest(self, request: Request) -> bool:
        """Whether a request goes to Procore's REST API, judged by its url."""
        kinds = self.kinds(request)
        return "rest" in kinds or "exempt" in kinds

    @cached_property
    def rest_bases(self) -> frozenset[str]:
        """Names of the undecided base urls to which REST calls go."""
        found: set[str] = set()
        for request in self.trail.requests:
            if self.is_rest(request):
                for value in (request.url, *self.urls(request)):
                    base = urls.on_base(value).base if isinstance(value, Text) else None
                    if base is not None:
                        found.update(urls.identity(base))
        return frozenset(found)

    def reach(self, path: str) -> set[str]:
        """A module and those that it imports (their paths)."""
        return {path} | {imported for importer, imported in self.machine.edges if importer == path}

    @cached_property
    def token_requests(self) -> tuple[Request, ...]:
        """The requests that get a Procore token."""
        return tuple(request for request in self.trail.requests if self.is_token_request(request))

    def is_token_request(self, request: Request) -> bool:
        """Whether a request gets a Procore token (authorize and revoke do not)."""
        if not self.is_oauth(request):
            return False
        return any(
            isinstance(value, Text) and re.search(r"oauth/token(?!/info)", value.template)
            for value in self.urls(request)
        )


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
