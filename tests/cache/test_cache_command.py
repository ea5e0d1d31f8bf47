from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from projects import write

from procore_lint.cli import cli


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    later = time.time_ns() + 3_600_000_000_000  # no file counts as just changed
    monkeypatch.setattr(time, "time_ns", lambda: later)
    monkeypatch.chdir(write(tmp_path / "r", {"a.py": "x = 1\n", "pyproject.toml": ""}))
    return tmp_path


def says(*arguments: str) -> str:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_run_fills_the_cache_that_info_shows_and_clean_removes(here: Path) -> None:
    directory = says("cache", "dir").strip()
    assert Path(directory).name == "procore-lint"
    assert "none yet" in says("cache", "info")

    says("check")
    shown = says("cache", "info")
    assert directory in shown
    assert "entries    3" in shown
    assert "of at most 268.4 MB" in shown

    assert "removed from" in says("cache", "clean")
    assert "none yet" in says("cache", "info")


def test_without_the_cache_nothing_is_written(here: Path) -> None:
    says("check", "--no-cache")

    assert "none yet" in says("cache", "info")
    assert not (here / "xdg").exists()


def test_the_option_wins_over_the_configuration_and_that_over_the_platform(here: Path) -> None:
    (here / "r" / "procore-lint.toml").write_text('cache-dir = "kept"\n')
    says("check")
    assert (here / "r/kept/cache.sqlite3").is_file()
    assert says("cache", "dir").strip() == str(here / "r/kept")

    says("check", "--cache-dir", "given")
    assert (here / "r/given/cache.sqlite3").is_file()
    assert not (here / "xdg").exists()


def test_a_cache_that_cannot_be_used_is_told_with_verbose_alone(here: Path) -> None:
    blocked = str(here / "r" / "a.py")

    assert "the cache is not used" in says("check", "--cache-dir", blocked, "--verbose")
    assert "cache" not in says("check", "--cache-dir", blocked)
