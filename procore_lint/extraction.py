"""Facts of many files: in this process for a few, in a pool of processes for many.

An exception or a dying process costs the file at fault its facts, never the run: such a file becomes
a `Module` with a problem of the kind "crash".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from procore_lint.facts import Facts, Module, Packed, Problem
from procore_lint.halves import can_fork

Extract = Callable[[bytes], Module]
Item = tuple[str, bytes]

#: Bytes of source below which a second process costs more than it saves (measured: 5 ms).
WORTH_A_FORK = 20_000

#: Bytes of source below which a pool costs more than it saves (measured: start 40 ms, 3 MB/s a core).
BREAK_EVEN = 400_000

_DECODER = msgspec.msgpack.Decoder(Packed)
_ENCODER = msgspec.msgpack.Encoder()


class Extracted(msgspec.Struct, frozen=True):
    """The facts of one file, with their msgpack where they are packed."""

    path: str
    module: Facts
    encoded: bytes | None = None

    def packed(self) -> bytes:
        """The facts as msgpack."""
        return encode(self.module) if self.encoded is None else self.encoded


def extract_all(
    items: Iterable[Item], extract: Extract, jobs: int, size: int, meanwhile: Callable[[], None]
) -> Iterator[Extracted]:
    """The facts of each item, in any order; `size` is the bytes of all items together, roughly.

    Items of many files are taken as they are needed, so that a lazy iterable is never in memory whole; for
    the same reason the facts of many files are packed. `meanwhile` is called at most once, where this
    process would only wait.
    """
    if size < BREAK_EVEN:
        yield from _few(list(items), extract, jobs, size, meanwhile)
        return
    if jobs > 1:
        from procore_lint import pool

        packed = pool.extract_all(items, extract, jobs)
    else:
        packed = ((path, guarded_bytes(extract, data)) for path, data in items)
    for path, encoded in packed:
        yield Extracted(path, _decoded(encoded), encoded)


def _few(
    items: list[Item], extract: Extract, jobs: int, size: int, meanwhile: Callable[[], None]
) -> Iterator[Extracted]:
    modules = None
    if jobs > 1 and size >= WORTH_A_FORK and can_fork():
        from procore_lint import aside

        modules = aside.extract_all(items, extract, meanwhile)
    if modules is None:
        modules = [guarded(extract, data) for _, data in items]
    for (path, _), module in zip(items, modules, strict=True):
        yield Extracted(path, module)


def encode(module: Facts) -> bytes:
    """Facts as msgpack, for keeping or sending. Raises RecursionError for what is nested too deep."""
    return _ENCODER.encode(module.packed())


def decode(encoded: bytes) -> Packed:
    """Facts back from msgpack. Raises msgspec.DecodeError for bytes of another version."""
    return _DECODER.decode(encoded)


def _decoded(encoded: bytes) -> Facts:
    try:
        return decode(encoded)
    except (msgspec.DecodeError, RecursionError) as problem:
        return crashed(f"its facts cannot be read back ({problem})")


def guarded(extract: Extract, data: bytes) -> Module:
    """The facts of one file; whatever its analysis raises becomes its problem."""
    try:
        return extract(data)
    except Exception as problem:  # the one boundary: a defect of ours costs one file, not the run
        words = (f"{type(problem).__name__}: {problem}".splitlines() or [""])[0][:200]
        return crashed(f"its analysis failed ({words})")


def guarded_bytes(extract: Extract, data: bytes) -> bytes:
    """`guarded` as msgpack, for sending between processes."""
    module = guarded(extract, data)
    try:
        return encode(module)
    except RecursionError as problem:
        return encode(crashed(f"its facts cannot be written ({problem})"))


def crashed(message: str) -> Module:
    """The facts of a file whose analysis died."""
    return Module((), Problem("crash", message, 1, 1))
