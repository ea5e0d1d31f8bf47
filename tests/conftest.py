from __future__ import annotations

import pytest
from snapshots import Snapshot


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="write snapshots instead of comparing")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Snapshot:
    """Call it with a text and the name of the file under tests/snapshots/ that holds what it must be."""
    return Snapshot(update=bool(request.config.getoption("--update-snapshots")))
