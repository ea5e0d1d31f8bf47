"""Which modules are tests, and which test against stand-ins: what these send never reaches Procore."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts

_TESTING = frozenset(
    "pytest unittest mock responses respx requests_mock vcr httpretty pytest_httpx aioresponses".split()
)
_PATH = re.compile(r"(?:\A|/)(?:tests?|testing|conftest\.py|test_[^/]*\.py|[^/]*_test\.py)(?:/|\Z)")


def is_test(path: str) -> bool:
    """Whether a file is a test by its place: what it makes up says nothing of what production code gets."""
    return bool(_PATH.search(path))


def is_mocked(path: str, module: facts.Facts) -> bool:
    """Whether a file is a test by its place and by what it imports or names."""
    if not is_test(path):
        return False
    body = module.opened().body
    return any(
        isinstance(s, (facts.Import, facts.ImportFrom)) and s.module.partition(".")[0] in _TESTING
        for s in _statements(body)
    ) or any(
        isinstance(s, facts.Function) and any(p.name == "monkeypatch" for p in s.params)
        for s in _statements(body)
    )


def _statements(body: tuple[facts.Stmt, ...]) -> Iterator[facts.Stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, (facts.Function, facts.Try, facts.If, facts.Class)):
            yield from _statements(statement.body)
