"""Clients that a framework's tests send requests with: these go to the project's own application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.model import ClassInfo, ModuleInfo
from procore_lint.project.naming import dotted
from procore_lint.project.walk import walk
from procore_lint.values import Client, External, Hole, Parameter, Text, Unknown, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: What `self.client` of a framework's test case is, and what its `self.live_server_url`.
CLIENT, SERVER = Unknown("testclient"), Unknown("testserver")
#: A url that a context manager hands out, or one field of what it does: of a server that lives for the block.
_STARTED = regex(r"(?<!\bopen\(\))(?<!\bopen_text\(\))(?:\.__enter__\(\)|\Atestserver)(?:\.\w+)?\Z")
#: The address under which a web framework's request came in.
_ANSWERED = regex(r"\A(?:flask|quart|bottle|sanic)\.request\.(?:host_url|url_root|base_url)\Z")
_ADDRESSES = frozenset({("host_url",), ("url_root",)})
_CLIENT = regex(
    r"testclient|test_client|asgi_client|test_request_context|apiclient\(\)|\bapirequestfactory\(\)|\basgitransport\(\)|\bwsgitransport\(\)"
    r"|django\.test(?:\.client)?\.(?:async)?(?:client|requestfactory)\(\)|webtest\.(?:app\.)?testapp\(\)",
    re.IGNORECASE,
)
#: Test cases that bring a client of their own, and under which names.
_CASES = regex(
    r"\A(?:django\.test|rest_framework\.test|flask_testing|flask_unittest|aiohttp\.test_utils|tornado\.testing"
    r"|test_plus|wagtail\.test)\b"
)
_HANDED = frozenset({"client", "async_client", "api_client", "fetch", "get_url"})
#: Fixtures of pytest-django, pytest-flask, pytest-aiohttp, pytest-sanic: clients of the own application.
_FIXTURES = frozenset(
    """client admin_client async_client async_admin_client rf async_rf test_client aiohttp_client
    django_app""".split()
)
_MAKERS = frozenset(
    """test_client TestClient AsyncTestClient APIClient APIRequestFactory RequestFactory AsyncRequestFactory
    ASGITransport WSGITransport TestServer TestApp""".split()
)

#: What an application hands out to its tests.
_OPENED = frozenset({"test_client", "asgi_client", "test_request_context"})


def answers(machine: Machine, func: Value) -> bool:
    """Whether a call of `func` goes to the project's own application."""
    if type(func) is External:
        if func.receiver is None:
            return False
        func = func.receiver
    if type(func) is Unknown:
        return bool(_CLIENT.search(func.hint))
    if type(func) is Parameter:
        if _OPENED.intersection(func.path):
            return True
        return len(func.path) < 2 and _is_fixture(machine, func)
    return type(func) is Client and any(
        layer.role == "transport" and type(member) is Unknown and _CLIENT.search(member.hint)
        for layer in func.layers
        for member in members(layer.value)
    )


def made(func: Value) -> Value | None:
    """The client that a call gives; None where it gives an answer of the application."""
    if isinstance(func, Parameter) and (not func.path or _OPENED.intersection(func.path[-1:])):
        return CLIENT  # `await aiohttp_client(app)`, `app.test_client()`
    if isinstance(func, Unknown) and _makes(func.hint):
        return Unknown(f"{func.hint}()"[-160:])
    return None


def _makes(name: str) -> bool:
    return name.rpartition(".")[2] in _MAKERS


def client_of(info: ClassInfo, name: str) -> Value | None:
    """The client that a framework's test case has under `name`."""
    held = CLIENT if name in _HANDED else SERVER if name == "live_server_url" else None
    return held if held is not None and any(map(_CASES.match, info.ancestors())) else None


def is_started(machine: Machine, url: Value) -> bool:
    """Whether a url is on a server of the project's: one that the code at hand starts, or that it runs in.

    The former is a test's fixture or a `with` block's; the latter is known by the request that it answers.
    """
    if not isinstance(url, Text) or len(url.parts) < 2:
        return False
    first = url.parts[0]
    if not isinstance(first, Hole) or not urls.REST.search(url.template):
        return False
    base = first.value
    if isinstance(base, (Unknown, External)):
        hint = base.hint if isinstance(base, Unknown) else base.name
        return bool(_STARTED.search(hint) or _ANSWERED.match(hint))
    if isinstance(base, Parameter) and base.path in _ADDRESSES and base.name == "request":
        return True
    return isinstance(base, Parameter) and len(base.path) < 2 and is_of_test(machine, base)


def is_of_test(machine: Machine, parameter: Parameter) -> bool:
    """Whether a parameter is a fixture's: what a test is given by its runner, not by callers."""
    name = parameter.function.rpartition(":")[2].rpartition(".")[2]
    if not name.startswith("test"):
        return False
    info = machine.by_id.get(parameter.function)
    return info is not None and not info.called and parameter.name != "self"


def _is_fixture(machine: Machine, parameter: Parameter) -> bool:
    """Whether a test's parameter is a client of the own application, of a fixture or a plugin."""
    if not is_of_test(machine, parameter):
        return False
    info = machine.by_id[parameter.function]
    fixture = next(_fixtures(machine, info.module, info.owner, parameter.name), None)
    if fixture is None:
        return parameter.name in _FIXTURES
    called = (dotted(node.func) for node, _ in walk(fixture.body) if isinstance(node, facts.Call))
    return any(map(_makes, called))


def _fixtures(
    machine: Machine, module: ModuleInfo, owner: ClassInfo | None, name: str
) -> Iterator[facts.Function]:
    """The project's fixtures of a name, nearest first: the class's, the module's, `conftest.py`'s."""
    bodies = [info.node.body for info in owner.line()] if owner is not None else []
    bodies.append(module.node.body)
    directory = module.path
    while directory:
        directory = directory.rpartition("/")[0]
        shared = machine.modules.get(f"{directory}/conftest.py" if directory else "conftest.py")
        if shared is not None:
            bodies.append(shared.node.body)
    for body in bodies:
        for statement in body:
            if isinstance(statement, facts.Function) and statement.name == name and _is_declared(statement):
                yield statement


def _is_declared(function: facts.Function) -> bool:
    return any(dotted(decorator).rpartition(".")[2] == "fixture" for decorator in function.decorators)
