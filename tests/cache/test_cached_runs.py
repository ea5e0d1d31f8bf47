"""A run with a cache, cold, warm or after a change, says what a run without one says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from fixture_projects import Project, projects
from projects import TODAY, judge, write

from procore_lint import facts, judgement
from procore_lint.cache.database import FILE, Database
from procore_lint.engine import run
from procore_lint.extract import extract
from procore_lint.options import CacheOptions, Options
from procore_lint.result import Report

HOUR = 3_600_000_000_000
CLIENT = """\
import requests

BASE = "https://app.procore.com"

def projects(token):
    return requests.get(BASE + "/vapid/projects", headers={"Authorization": "Bearer " + token})
"""
UNUSED_IGNORE = "x = 'procore'  # procore-lint: ignore[PCL203] -- once\n"
MENDED = CLIENT.replace("app.procore", "api.procore").replace("/vapid/", "/rest/v1.0/")


def cached(
    root: Path, cache: Path, *paths: str, now: int | None = None, reuse: bool = True, **options: object
) -> Report:
    """A run in `root` with a cache, one hour after now, so that no file counts as just changed."""
    when = time.time_ns() + HOUR if now is None else now
    made = Options(cwd=str(root), today=TODAY, cache=CacheOptions(str(cache), "", when, reuse), **options)  # type: ignore[arg-type]
    return run(paths or (".",), made)


def plain(root: Path, *paths: str, **options: object) -> Report:
    """The same run without a cache."""
    return run(paths or (".",), Options(cwd=str(root), today=TODAY, **options))  # type: ignore[arg-type]


def same(one: Report, other: Report) -> bool:
    """Whether two reports differ in nothing but the number of files read."""
    return (one.findings, one.errors, one.facts_verified, one.failed, _counts(one)) == (
        other.findings, other.errors, other.facts_verified, other.failed, _counts(other),
    )  # fmt: skip


def _counts(report: Report) -> tuple[object, ...]:
    tally = report.summary
    return tally.files, tally.checked, dict(tally.passed_over), dict(tally.by_rule), tally.suppressed


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files: Mapping[str, str] = {
        ".git/HEAD": "",
        "app/__init__.py": "",
        "app/client.py": CLIENT,
        "app/jobs.py": "from app import client\n\nclient.projects('t')\n",
        "app/plain.py": "x = 1\n",
    }
    return write(tmp_path / "repository", files)


@pytest.mark.parametrize("project", projects(), ids=lambda project: project.name)
def test_cold_warm_and_uncached_runs_are_the_same_on_every_fixture(project: Project, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(project.root, root)
    expected = plain(root)

    assert same(cached(root, tmp_path / "cache"), expected)
    warm = cached(root, tmp_path / "cache")
    assert same(warm, expected)
    assert warm.summary.read == 0


def test_formats_with_edits_and_those_without_do_not_share_an_answer(
    repository: Path, tmp_path: Path
) -> None:
    (repository / "app/old.py").write_text(UNUSED_IGNORE)
    cached(repository, tmp_path / "cache")

    with_edits = cached(repository, tmp_path / "cache", edits=True)

    assert same(with_edits, plain(repository, edits=True))
    assert any(finding.fix and finding.fix.edits for finding in with_edits.findings)
    assert same(cached(repository, tmp_path / "cache", edits=True), with_edits)


def test_an_edit_is_seen_and_only_the_changed_file_is_read(repository: Path, tmp_path: Path) -> None:
    before = cached(repository, tmp_path / "cache")
    (repository / "app/client.py").write_text(MENDED)

    after = cached(repository, tmp_path / "cache")

    assert same(after, plain(repository))
    assert not same(after, before)
    assert after.summary.read == 1


def test_an_edit_of_the_same_size_is_seen(repository: Path, tmp_path: Path) -> None:
    cached(repository, tmp_path / "cache")
    (repository / "app/client.py").write_text(CLIENT.replace("/vapid/", "/vapor/"))

    assert same(cached(repository, tmp_path / "cache"), plain(repository))


def test_an_edit_of_the_same_size_and_time_of_change_is_seen(repository: Path, tmp_path: Path) -> None:
    file = repository / "app/client.py"
    os.utime(file, ns=(10**18, 10**18))
    cached(repository, tmp_path / "cache")
    with file.open("r+") as stream:
        stream.write(CLIENT.replace("/vapid/", "/vapor/"))
    os.utime(file, ns=(10**18, 10**18))

    assert same(cached(repository, tmp_path / "cache"), plain(repository))


def test_a_file_changed_just_before_the_run_is_read_again(repository: Path, tmp_path: Path) -> None:
    first = cached(repository, tmp_path / "cache", now=time.time_ns())

    again = cached(repository, tmp_path / "cache", now=time.time_ns())

    assert again.summary.read == first.summary.read == 4


def test_a_touch_without_change_costs_a_read_and_no_other_answer(repository: Path, tmp_path: Path) -> None:
    before = cached(repository, tmp_path / "cache")
    os.utime(repository / "app/client.py", ns=(10**18, 10**18))

    after = cached(repository, tmp_path / "cache")

    assert same(after, before)
    assert after.summary.read <= 1 + len({finding.path for finding in after.findings})


def test_a_renamed_file_is_judged_under_its_new_name(repository: Path, tmp_path: Path) -> None:
    cached(repository, tmp_path / "cache")
    (repository / "app/client.py").rename(repository / "app/procore.py")

    after = cached(repository, tmp_path / "cache")

    assert same(after, plain(repository))
    assert {finding.path for finding in after.findings} == {"app/procore.py"}


def test_a_file_added_or_removed_is_seen(repository: Path, tmp_path: Path) -> None:
    cached(repository, tmp_path / "cache")
    (repository / "app/second.py").write_text(CLIENT)
    assert same(cached(repository, tmp_path / "cache"), plain(repository))

    (repository / "app/client.py").unlink()
    assert same(cached(repository, tmp_path / "cache"), plain(repository))


def test_ignore_rules_and_configuration_count_as_changes(repository: Path, tmp_path: Path) -> None:
    cached(repository, tmp_path / "cache")
    for name, text in (
        ("procore-lint.toml", 'ignore = ["PCL203"]\n'),
        ("procore-lint.toml", '[per-file-ignores]\n"app/" = ["PCL2"]\n'),
        ("procore-lint.toml", 'as-of = "2019-01-01"\n'),
        ("procore-lint.toml", 'company-header-names = ["X-Company"]\n'),
        (".gitignore", "client.py\n"),
    ):
        (repository / name).write_text(text)
        assert same(cached(repository, tmp_path / "cache"), plain(repository)), text


def test_the_paths_and_options_asked_for_are_part_of_the_question(repository: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for _ in range(2):
        assert same(cached(repository, cache, "app/jobs.py"), plain(repository, "app/jobs.py"))
        assert same(cached(repository, cache, "app"), plain(repository, "app"))
        assert same(cached(repository, cache, select=("PCL1",)), plain(repository, select=("PCL1",)))
        assert same(cached(repository, cache, triage=False), plain(repository, triage=False))
        assert same(
            cached(repository, cache, exclude=("client.py",)), plain(repository, exclude=("client.py",))
        )
        assert same(cached(repository, cache), plain(repository))


def test_a_fresh_copy_finds_the_verdict_by_content(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = cached(repository, tmp_path / "cache")
    shutil.copytree(repository, tmp_path / "copy")
    monkeypatch.setattr("procore_lint.judgement.judge_project", lambda *_: pytest.fail("judged again"))

    assert same(cached(tmp_path / "copy", tmp_path / "cache"), expected)


def test_facts_are_found_by_content_wherever_a_file_lies(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached(repository, tmp_path / "cache")
    shutil.copytree(repository, tmp_path / "copy")
    (tmp_path / "copy/app/client.py").rename(tmp_path / "copy/app/moved.py")
    monkeypatch.setattr("procore_lint.extract.extract", lambda _: pytest.fail("extracted again"))

    assert same(
        cached(tmp_path / "copy", tmp_path / "cache", reuse=False), plain_of(tmp_path / "copy", monkeypatch)
    )


def plain_of(root: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.undo()
    return plain(root)


def test_only_the_changed_file_of_many_is_extracted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procore_lint.cache.glances._FETCHED", 3)
    same_text = {f"pkg{number}/__init__.py": "# procore\n" for number in range(10)}
    root = write(tmp_path / "r", {**same_text, **{f"m{n}.py": f"x = 'procore {n}'\n" for n in range(10)}})
    cached(root, tmp_path / "cache")
    (root / "m0.py").write_text("y = 'procore'\n")
    extracted: list[bytes] = []

    def counting(data: bytes) -> facts.Module:
        extracted.append(data)
        return extract(data)

    monkeypatch.setattr("procore_lint.extract.extract", counting)
    cached(root, tmp_path / "cache")

    assert extracted == [b"y = 'procore'\n"]


def test_a_file_that_git_ignores_counts_where_an_import_of_it_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procore_lint.checks.judge", judge)
    root = write(
        tmp_path / "r",
        {
            ".git/HEAD": "",
            ".gitignore": "made.py\n",
            "a.py": "# procore\nimport b\n",
            "b.py": "from made import x\nbad()\n",
        },
    )
    assert cached(root, tmp_path / "cache").findings == ()
    (root / "made.py").write_text("# procore\n")

    for _ in range(2):
        assert [finding.path for finding in cached(root, tmp_path / "cache").findings] == ["b.py"]
    (root / "made.py").write_text("x = 1\n")
    assert cached(root, tmp_path / "cache").findings == ()


def test_what_was_extracted_is_in_the_cache_before_it_is_judged(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    kept: list[int] = []

    def killed(*_: object) -> None:
        database = Database(str(cache), 0)
        kept.append(database.count())
        database.close()
        raise KeyboardInterrupt

    monkeypatch.setattr(judgement, "judge_project", killed)
    with pytest.raises(KeyboardInterrupt):
        cached(repository, cache)
    assert kept == [1 + 1 + 3]  # the tree, the glances, the facts of three files


def test_a_warm_run_lists_no_directory(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = cached(repository, tmp_path / "cache")
    monkeypatch.setattr("procore_lint.analysis.walk", lambda *_, **__: pytest.fail("walked again"))

    assert same(cached(repository, tmp_path / "cache"), expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"deep/new.py": CLIENT}, {"a.py", "deep/a.py", "deep/new.py"}),
        ({"deep/below/new.py": CLIENT}, {"a.py", "deep/a.py", "deep/below/new.py"}),
        ({".gitignore": "deep/\n"}, {"a.py"}),
        ({"deep/.gitignore": "a.py\n"}, {"a.py"}),
        ({"../.gitignore": "deep/\n"}, {"a.py"}),
        ({"../.git/info/exclude": "deep/\n"}, {"a.py"}),
        ({"deep/pyvenv.cfg": ""}, {"a.py"}),
        ({"procore-lint.toml": 'exclude = ["deep"]\n'}, {"a.py"}),
        ({"deep/pyproject.toml": '[tool.procore-lint]\nignore = ["PCL"]\n'}, {"a.py"}),
    ],
)
def test_every_change_that_decides_which_files_count_is_seen(
    tmp_path: Path, change: dict[str, str], expected: set[str]
) -> None:
    above = {".git/HEAD": "", ".git/info/exclude": "", ".gitignore": "x\n"}
    root = write(tmp_path / "above", above) / "project"
    write(
        root,
        {
            "procore-lint.toml": "",
            "a.py": CLIENT,
            "deep/a.py": CLIENT,
            "deep/pyproject.toml": "",
            "deep/.gitignore": "x\n",
        },
    )
    before = cached(root, tmp_path / "cache")
    assert {finding.path for finding in before.findings} == {"a.py", "deep/a.py"}

    write(root, change)

    for _ in range(2):
        after = cached(root, tmp_path / "cache")
        assert {finding.path for finding in after.findings} == expected
        assert same(after, plain(root))


def test_links_are_looked_at_anew(repository: Path, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"real.py": CLIENT}) / "real.py"
    (repository / "app/link.py").symlink_to(outside)
    assert same(cached(repository, tmp_path / "cache"), plain(repository))
    outside.unlink()

    assert same(cached(repository, tmp_path / "cache"), plain(repository))


@pytest.mark.parametrize("damage", [b"", b"rubbish" * 1000])
def test_a_broken_cache_is_a_cold_one(repository: Path, tmp_path: Path, damage: bytes) -> None:
    expected = cached(repository, tmp_path / "cache")
    (tmp_path / "cache" / FILE).write_bytes(damage)

    for _ in range(3):
        assert same(cached(repository, tmp_path / "cache"), expected)


def test_entries_that_mean_nothing_are_cold(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = cached(repository, tmp_path / "cache")
    for rubbish in (
        b"",
        b"[]",
        b"\n",
        b"[]\n[[[1]],0,[],0]",
        b"x" * 20 + b"\0\0" * 4,
        b"x" * 20 + b"\0\0\0\0a b\0\0",
        b'[1]\n{"a": 1}',
        b"\xff" * 100,
        b'{"app/client.py":[1]}',
    ):
        monkeypatch.setattr(
            "procore_lint.cache.database.Database.get_all",
            lambda _, keys, rubbish=rubbish: dict.fromkeys(keys, rubbish),
        )
        assert same(cached(repository, tmp_path / "cache"), expected), rubbish


def test_a_slot_that_points_nowhere_is_cold(repository: Path, tmp_path: Path) -> None:
    import sqlite3

    expected = cached(repository, tmp_path / "cache")
    with sqlite3.connect(tmp_path / "cache" / FILE) as connection:
        connection.execute("DELETE FROM entries WHERE length(data) > 60")
    connection.close()

    assert same(cached(repository, tmp_path / "cache"), expected)


def test_a_run_that_mends_gets_the_facts_of_every_file(repository: Path, tmp_path: Path) -> None:
    from procore_lint.engine import outcomes_of

    cached(repository, tmp_path / "cache")
    options = Options(
        cwd=str(repository), today=TODAY,
        cache=CacheOptions(str(tmp_path / "cache"), "", time.time_ns() + HOUR, reuse=False),
    )  # fmt: skip

    [outcome] = outcomes_of(["."], options)

    assert set(outcome.modules) >= {"app/client.py", "app/jobs.py"}


def test_a_warm_run_imports_neither_libcst_nor_msgspec_nor_the_analysis(
    repository: Path, tmp_path: Path
) -> None:
    for file in repository.rglob("*"):
        if file.is_file():
            os.utime(file, ns=(10**18, 10**18))
    script = (
        "import sys, time\n"
        "sys.argv = ['procore-lint', 'check', '--exit-zero', '--cache-dir', sys.argv[1], '--as-of', '2026-11-23']\n"
        "now = time.time_ns; time.time_ns = lambda: now() + 3_600_000_000_000\n"
        "import os; os._exit = sys.exit  # let the process end in order\n"
        "from procore_lint.cli import main\n"
        "try: main()\n"
        "finally: print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "cache")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    runs = [
        subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]

    assert "PCL203" in runs[1].stdout
    assert "0 files read in all" in runs[1].stdout
    loaded = set(runs[1].stderr.split())
    avoided = {
        "libcst", "msgspec", "tomllib", "pathspec", "hashlib", "procore_lint.project", "procore_lint.checks",
        "procore_lint.extract", "procore_lint.facts", "procore_lint.catalog",
    }  # fmt: skip
    assert not loaded & avoided
