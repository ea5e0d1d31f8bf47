from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procore_lint.fixes import Change
from procore_lint.patch import patch


def applied(tmp: Path, path: str, before: bytes, after: bytes) -> bytes:
    file = tmp / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before)
    made = patch([Change(path, before, after, 0)])
    assert file.read_bytes() == before
    subprocess.run(["git", "apply", "-"], cwd=tmp, input=made, check=True, timeout=60)
    return file.read_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\nb\n", b"a\nc\n"),
        (b"a\nb", b"a\nc"),
        (b"a\nb", b"a\nb\nc\n"),
        (b"a\r\nb\r\nc", b"a\r\nB\r\nc"),
        (b"a\rb\rc\r", b"a\rB\rc\r"),
        (b"\xef\xbb\xbf# \xe9\n\x0c\nx = 1\n", b"\xef\xbb\xbf# \xe9\n\x0c\nx = 2\n"),
        (b"-- a\n", b"++ a\n"),
        (
            b"".join(b"%d\n" % n for n in range(50)),
            b"".join(b"%d\n" % n for n in range(50) if n not in (3, 40)),
        ),
    ],
)
def test_git_applies_the_patch_to_the_byte(tmp_path: Path, before: bytes, after: bytes) -> None:
    assert applied(tmp_path, "a.py", before, after) == after


@pytest.mark.parametrize(
    "path", ["src/my file.py", "café.py", 'a"b.py', "tab\there.py", "back\\slash.py", "-x.py"]
)
def test_odd_names_reach_git_as_they_are(tmp_path: Path, path: str) -> None:
    assert applied(tmp_path, path, b"a\n", b"b\n") == b"b\n"


def test_two_files_make_one_patch_with_the_names_that_were_asked_for() -> None:
    made = patch(
        [Change("a.py", b"a\n", b"b\n", 0), Change("b.py", b"a", b"b", 1)], lambda path: f"src/{path}"
    )
    assert made == (
        b"--- a/src/a.py\n+++ b/src/a.py\n@@ -1 +1 @@\n-a\n+b\n"
        b"--- a/src/b.py\n+++ b/src/b.py\n@@ -1 +1 @@\n"
        b"-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )


def test_a_patch_made_in_a_directory_is_applied_there(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "src").mkdir()
    assert applied(tmp_path / "src", "a.py", b"a\n", b"b\n") == b"b\n"


lines = st.lists(st.sampled_from([b"a", b"b", b"\xe9\r", b"", b"- x", b"\x0c", b"a\rb"]), max_size=12).map(
    b"\n".join
)


@settings(max_examples=25, deadline=None)
@given(lines, lines)
def test_any_change_survives_the_way_through_git(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, after: bytes
) -> None:
    # An empty file is a deleted or a new one to a patch, and no fix makes one.
    if before and after and before != after:
        assert applied(tmp_path_factory.mktemp("patch"), "a.py", before, after) == after
