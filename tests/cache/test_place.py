from __future__ import annotations

import os

import pytest

from procore_lint.cache.place import default_directory


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "/home/u/.cache/procore-lint"),
        ("linux", {"XDG_CACHE_HOME": "/var/xdg"}, "/var/xdg/procore-lint"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, "/home/u/.cache/procore-lint"),
        ("darwin", {}, "/home/u/Library/Caches/procore-lint"),
        ("darwin", {"XDG_CACHE_HOME": "/var/xdg"}, "/var/xdg/procore-lint"),
    ],
)
def test_the_cache_lies_where_the_platform_keeps_such_things(
    platform: str, environment: dict[str, str], expected: str
) -> None:
    assert default_directory(platform, environment, "/home/u") == expected


def test_windows_keeps_it_in_the_local_application_data() -> None:
    found = default_directory("win32", {"LOCALAPPDATA": "C:"}, "/home/u")

    assert found == os.path.join("C:", "procore-lint", "Cache")


@pytest.mark.parametrize(("platform", "home"), [("linux", "~"), ("darwin", ""), ("win32", "/home/u")])
def test_without_a_home_nothing_is_kept(platform: str, home: str) -> None:
    assert default_directory(platform, {}, home) == ""
