from __future__ import annotations

import pytest
from snapshots import Snapshot


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="write snapshots instead of comparing")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Call it with a text and the name of the file under tests/snapshots/ that holds what it must be."""
    return Snapshot(update=bool(request.config.getoption("--update-snapshots")))


@pytest.fixture(autouse=True)
def no_cache_of_the_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of whoever runs the tests."""
    directory = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(directory))
    monkeypatch.setenv("LOCALAPPDATA", str(directory))
