from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from procore_lint.fixes import Change
from procore_lint.writing import Failure, confined, write

OLD, NEW = b"x = 1\n", b"x = 2\n"


def change(path: str, after: bytes = NEW, group: int = 0) -> Change:
    return Change(path, OLD, after, group)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    for name in ("a.py", "b.py"):
        (root / name).write_bytes(OLD)
    return root


def names(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir())


def test_a_file_is_replaced_and_nothing_is_left_beside_it(root: Path) -> None:
    assert write([change("a.py")], str(root)).paths == ("a.py",)
    assert (root / "a.py").read_bytes() == NEW
    assert names(root) == ["a.py", "b.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664, 0o2755])
def test_the_permissions_are_kept(root: Path, mode: int) -> None:
    (root / "a.py").chmod(mode)
    write([change("a.py")], str(root))
    assert stat.S_IMODE((root / "a.py").stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(root: Path) -> None:
    os.chown(root / "a.py", 12345, 23456)
    write([change("a.py")], str(root))
    status = (root / "a.py").stat()
    assert (status.st_uid, status.st_gid) == (12345, 23456)


def test_a_file_that_changed_meanwhile_is_left(root: Path) -> None:
    (root / "a.py").write_bytes(b"x = 3\n")
    assert write([change("a.py")], str(root)).failed == (Failure("a.py", "it was changed meanwhile"),)
    assert (root / "a.py").read_bytes() == b"x = 3\n"


def test_a_file_that_vanished_does_not_stop_the_others(root: Path) -> None:
    written = write([change("gone.py", group=0), change("a.py", group=1)], str(root))
    assert written.paths == ("a.py",)
    assert [failure.path for failure in written.failed] == ["gone.py"]


def test_files_of_one_fix_are_written_together_or_not_at_all(root: Path) -> None:
    (root / "b.py").write_bytes(b"changed\n")
    written = write([change("a.py"), change("b.py")], str(root))
    assert (root / "a.py").read_bytes() == OLD
    assert [failure.path for failure in written.failed] == ["a.py", "b.py"]
    assert names(root) == ["a.py", "b.py"]


def test_a_link_inside_stays_a_link_and_its_target_is_written(root: Path) -> None:
    (root / "link.py").symlink_to("a.py")
    assert write([change("link.py")], str(root), confined(str(root), [str(root)])).paths == ("link.py",)
    assert (root / "link.py").is_symlink()
    assert (root / "a.py").read_bytes() == NEW


def test_nothing_is_written_outside_of_the_checked_paths(root: Path, tmp_path: Path) -> None:
    (tmp_path / "project2").mkdir()
    outside = tmp_path / "project2" / "out.py"
    outside.write_bytes(OLD)
    (root / "link.py").symlink_to(outside)
    (root / "way").symlink_to(tmp_path / "project2", target_is_directory=True)
    forbidden = confined(str(root), [str(root)])
    for path in ("link.py", "way/out.py", "../project2/out.py"):
        (failure,) = write([change(path)], str(root), forbidden).failed
        assert failure.reason == "it lies outside of the checked paths"
    assert outside.read_bytes() == OLD


def test_a_checked_file_is_its_own_bound(root: Path) -> None:
    forbidden = confined(str(root), [str(root / "a.py")])
    assert forbidden("a.py") == ""
    assert forbidden("b.py") != ""


def test_killed_before_the_new_file_takes_its_place_the_old_one_stands(root: Path) -> None:
    script = """
        import os, signal, sys
        from procore_lint import writing
        from procore_lint.fixes import Change
        os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        writing.write([Change("a.py", b"x = 1\\n", b"x = 2\\n", 0)], sys.argv[1])
    """
    done = subprocess.run([sys.executable, "-c", dedent(script), str(root)], timeout=60)
    assert done.returncode == -9
    assert (root / "a.py").read_bytes() == OLD
    assert [name for name in names(root) if name.endswith(".py")] == ["a.py", "b.py"]


def test_interrupted_while_writing_nothing_is_left_behind(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write([change("a.py")], str(root))
    assert (root / "a.py").read_bytes() == OLD
    assert names(root) == ["a.py", "b.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit there")
def test_where_a_file_cannot_grow_the_old_one_stands_and_the_others_go_on(root: Path) -> None:
    script = """
        import resource, signal, sys
        from procore_lint.fixes import Change
        from procore_lint.writing import write
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        big = Change("a.py", b"x = 1\\n", b"#" * 100_000, 0)
        written = write([big, Change("b.py", b"x = 1\\n", b"x = 2\\n", 1)], sys.argv[1])
        assert written.paths == ("b.py",), written
        assert [failure.path for failure in written.failed] == ["a.py"]
        assert written.failed[0].reason == "File too large"
    """
    subprocess.run([sys.executable, "-c", dedent(script), str(root)], check=True, timeout=60)
    assert ((root / "a.py").read_bytes(), (root / "b.py").read_bytes()) == (OLD, NEW)
    assert names(root) == ["a.py", "b.py"]


@pytest.fixture
def full_disk(tmp_path: Path) -> object:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_on_a_full_disk_the_old_file_stands_and_it_is_said(full_disk: Path) -> None:
    (full_disk / "a.py").write_bytes(OLD)
    written = write([change("a.py", b"#" * 200_000)], str(full_disk))
    assert written.failed == (Failure("a.py", "No space left on device"),)
    assert (full_disk / "a.py").read_bytes() == OLD
    assert names(full_disk) == ["a.py"]
