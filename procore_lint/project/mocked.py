"""Which modules are tests, and which test against stand-ins: what these send never reaches Procore."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import facts
from procore_lint.lazy import regex

_TESTING = frozenset(
    "pytest unittest mock responses respx requests_mock vcr httpretty pytest_httpx aioresponses".split()
)
#: Packages of frameworks that are for tests, by more than their first name.
_FRAMEWORKS = (
    "django.test", "rest_framework.test", "flask_testing", "fastapi.testclient", "starlette.testclient",
    "aiohttp.test_utils", "aiohttp.pytest_plugin", "tornado.testing", "webtest",
)  # fmt: skip
#: Fixtures of pytest and its plugins that put stand-ins in place, or start servers of the test's own.
_FIXTURES = frozenset(
    """monkeypatch mocker requests_mock httpx_mock respx_mock httpserver aresponses live_server rf
    admin_client async_client aiohttp_client aiohttp_server""".split()
)
_PATH = regex(r"(?:\A|/)(?:tests?|testing|conftest\.py|test_[^/]*\.py|[^/]*_test\.py)(?:/|\Z)")


def is_test(path: str) -> bool:
    """Whether a file is a test by its place: what it makes up says nothing of what production code gets."""
    return bool(_PATH.search(path))


def is_mocked(path: str, module: facts.Facts) -> bool:
    """Whether a file is a test by its place and by what it imports or names."""
    if not is_test(path):
        return False
    body = module.opened().body
    return any(
        isinstance(s, (facts.Import, facts.ImportFrom)) and _is_for_tests(s.module) for s in _statements(body)
    ) or any(
        isinstance(s, facts.Function) and any(p.name in _FIXTURES for p in s.params)
        for s in _statements(body)
    )


def _is_for_tests(name: str) -> bool:
    return name.partition(".")[0] in _TESTING or f"{name}.".startswith(tuple(f"{n}." for n in _FRAMEWORKS))


def _statements(body: tuple[facts.Stmt, ...]) -> Iterator[facts.Stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, (facts.Function, facts.Try, facts.If, facts.Class)):
            yield from _statements(statement.body)
