"""Whether the project around a module makes paths there Procore's, which say so neither by host nor by name.

In a project that calls Procore, `/rest/v1.0/projects/...` on a base that nothing decides is Procore's too:
the version has two numbers, and the resource is one of its own. Where the project serves such paths itself,
knows another host that does, or names the base or its class for something else, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as MappingT
from functools import cached_property

from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.events import Event, Request, Trail
from procore_lint.project.mocked import is_test
from procore_lint.project.model import ModuleInfo
from procore_lint.values import Parameter, Text, Unknown, Value, members

_PATH = regex(r"/?(?:rest/v\d+\.\d+|(vapid))/([a-z_]+)(?=[/?.\0{<%]|\Z)")
#: The same of any resource: who answers such paths is a second system that does.
_LIKE = regex(r"(?:\A|[/\0])(?:rest/v\d+\.\d+|vapid)(?=/|\Z|\0)")
#: Web push has a VAPID of its own: paths there are of keys and subscriptions, in code that names it.
_OF_PUSH = regex(r"key|push|subscri|notif|sign|claim|cert|token|regist|message|send")
_PUSHING = frozenset(
    b"""webpush web_push web-push py_vapid vapid_private vapid_public vapid_claims VAPID_PRIVATE VAPID_PUBLIC
    VAPID_CLAIMS vapidPublicKey applicationServerKey""".split()
)
_NAME = regex(r"[a-z]+(?:_[a-z]+)*\Z")
_WORD = regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
#: Words that name a base url, or what holds one, for no system in particular.
_PLAIN = frozenset(
    """api app async args base call caller cfg client cls conf config connection connector context conn core
    ctx default domain endpoint env environ environment fetcher get host hostname http ini https init
    live main name opts options origin os path prefix prod reader remote rest root self server service session
    set setting settings site sync transport uri url urls value values v version""".split()
)


class Surroundings:
    """What a whole project says of paths that lead to Procore."""

    def __init__(
        self,
        modules: MappingT[str, ModuleInfo],
        trail: Trail,
        serves: bool,
        addressed: Callable[[Request], list[Value]],
        is_resource: Callable[[str], bool],
    ) -> None:
        self._modules = modules
        self._trail = trail
        self._serves = serves
        self._addressed = addressed
        self._is_resource = is_resource
        self._beside = frozenset(_beside(modules))  # where directories and files are named by vendors

    def claims(self, event: Event, text: Text) -> bool:
        """Whether a text without a known host is a path of Procore's by what stands around it."""
        host, path, base = urls.on_base(text)
        match = None if host else _PATH.match(path.partition("?")[0])
        if match is None or not (self.is_old(match[2]) if match[1] else self._is_resource(match[2])):
            return False
        if base is not None and not (self._is_unnamed(base) and _is_undecided(base)):
            return False
        return self.is_around(event) and self.is_alone

    def is_old(self, segment: str) -> bool:
        """Whether what stands behind `/vapid/` is a resource of Procore's, of which few are known by now."""
        if self._is_resource(segment):
            return True
        segment = segment.partition(".")[0]
        return bool(_NAME.match(segment)) and not _OF_PUSH.search(segment) and self._is_alone_with_vapid

    @cached_property
    def _is_alone_with_vapid(self) -> bool:
        """Whether the project calls Procore and sends no web push."""
        return self.talks and not any(
            "vapid" in module.source.marks and module.source.held(_PUSHING)
            for module in self._modules.values()
        )

    def is_around(self, event: Event) -> bool:
        """Whether an event's class and directory are named for nothing else."""
        function = event.function
        owner = function.owner.name if function is not None and function.owner is not None else ""
        if not all(map(self._is_word, _words(owner))):
            return False
        parts = event.module.path.split("/")
        return not any("/".join(parts[:depth]) in self._beside for depth in range(len(parts)))

    def is_plain(self, base: Value) -> bool:
        """Whether an undecided base is named for no system in particular, or for Procore."""
        return self._is_unnamed(base) or "procore" in urls.names(base)

    def _is_unnamed(self, base: Value) -> bool:
        """Whether every name on the way to an undecided base is a plain one; one without a name is not."""
        for member in members(base):
            if isinstance(member, Parameter):
                holder = member.function.rpartition(":")[2].rpartition(".")[0].rpartition(".")[2]
                names = [holder, member.name, *member.path]
            elif isinstance(member, Unknown):
                names = re.split(r"[.:]", member.hint)
            else:
                continue
            if not any(names):
                return False
            for name in names:
                # A class may be named for a resource; what holds urls of such (`vendor.url`) is another's.
                plain = self._is_word if name[:1].isupper() and not name.isupper() else _PLAIN.__contains__
                if not all(map(plain, _words(name))):
                    return False
        return True

    def _is_word(self, word: str) -> bool:
        return word in _PLAIN or self._is_resource(word) or self._is_resource(f"{word}s")

    @cached_property
    def is_alone(self) -> bool:
        """Whether the project calls Procore, and nothing else is known there to have such paths."""
        if self._serves or not self.talks:
            return False
        for value in self._sent():
            if not isinstance(value, Text) or not _LIKE.search(value.template):
                continue
            host, path, base = urls.on_base(value)
            if not _LIKE.search(path):
                continue
            if host and "\0" not in host and not urls.is_procore(host):
                return False
            if base is not None and not self.is_plain(base):
                return False
        return True

    def _sent(self) -> Iterator[Value]:
        for written in self._trail.written:
            yield written.value
        for request in self._trail.requests:
            yield from self._addressed(request)

    @cached_property
    def talks(self) -> bool:
        """Whether code that is no test writes urls on the hosts of Procore's API."""
        return any(
            not is_test(event.module.path) and _is_api(value)
            for event, value in self._texts()
            if isinstance(value, Text)
        )

    def _texts(self) -> Iterator[tuple[Event, Value]]:
        for written in self._trail.written:
            yield written, written.value
        for request in self._trail.requests:
            for value in members(request.url):
                yield request, value


def _is_api(text: Text) -> bool:
    if "procore" not in text.template:
        return False
    host = urls.address(text).host
    return urls.is_procore(host) and not urls.is_website(host) and not urls.is_storage(host)


def _beside(paths: Iterable[str]) -> Iterator[str]:
    """The directories in which something is named `procore`, and what stands beside it for another vendor."""
    for path in paths:
        parts = path.split("/")
        for depth, part in enumerate(parts):
            if part.partition(".")[0].lower() == "procore":
                yield "/".join(parts[:depth])


def _is_undecided(base: Value) -> bool:
    return all(isinstance(member, (Parameter, Unknown)) for member in members(base))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]
