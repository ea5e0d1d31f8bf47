"""Extraction in several processes: bounded in memory, and safe against a process that dies.

Each worker has a pipe of its own and answers one batch at a time, so no write can meet a full pipe that
nobody reads. `concurrent.futures` hangs where a worker dies in the middle of a write (before 3.11.5).
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from procore_lint.extraction import Extract, Item, crashed, encode, guarded_bytes
from procore_lint.halves import can_fork

_BATCH = 200_000  # bytes of source that travel together

Packed = tuple[str, bytes]


def extract_all(items: Iterable[Item], extract: Extract, jobs: int) -> Iterator[Packed]:
    """The facts of each item as msgpack, in any order. A file whose process dies gets a "crash"."""
    pool = _Pool(extract, jobs)
    fresh = _batches(items)
    again: deque[list[Item]] = deque()
    try:
        while True:
            while pool.has_room:
                batch = again.popleft() if again else next(fresh, None)
                if batch is None:
                    break
                if not pool.give(batch):
                    again.appendleft(batch)
            if not pool.busy:
                batch = again.popleft() if again else next(fresh, None)
                if batch is None:
                    return
                for path, data in batch:  # not one further process is allowed here
                    yield path, guarded_bytes(extract, data)
                continue
            for batch, answer in pool.answers():
                if answer is not None:
                    yield from answer
                elif len(batch) == 1:
                    yield batch[0][0], encode(crashed("its analysis ended the process"))
                else:
                    # One of these is at fault; alone, each shows whether it is the one.
                    again.extend([item] for item in batch)
    finally:
        pool.close()


class _Pool:
    """Workers, each idle or busy with one batch."""

    def __init__(self, extract: Extract, jobs: int) -> None:
        self._extract = extract
        self._jobs = jobs
        self._context = _context()
        self._processes: dict[Connection, BaseProcess] = {}
        self._idle: list[Connection] = []
        self.busy: dict[Connection, list[Item]] = {}

    @property
    def has_room(self) -> bool:
        """Whether a batch can be given now."""
        return bool(self._idle) or len(self._processes) < self._jobs

    def give(self, batch: list[Item]) -> bool:
        """Hand a batch to an idle worker or a new one; False where the system allows no further one."""
        try:
            pipe = self._idle.pop() if self._idle else self._start()
        except OSError:
            self._jobs = len(self._processes)
            return False
        self.busy[pipe] = batch
        with suppress(OSError):  # a worker that is dead already shows when its answer is read
            pipe.send(batch)
        return True

    def answers(self) -> Iterator[tuple[list[Item], list[Packed] | None]]:
        """The next batches that are done, with their facts; None where the worker died."""
        for ready in wait(list(self.busy)):
            pipe = next(busy for busy in self.busy if busy is ready)
            batch = self.busy.pop(pipe)
            try:
                answer: list[Packed] = pipe.recv()
            except (EOFError, OSError):
                self._processes.pop(pipe).join()
                pipe.close()
                yield batch, None
            else:
                self._idle.append(pipe)
                yield batch, answer

    def close(self) -> None:
        """End every worker, those that still work too."""
        for pipe, process in self._processes.items():
            pipe.close()
            if pipe in self.busy:
                process.terminate()
            process.join()

    def _start(self) -> Connection:
        ours, theirs = self._context.Pipe()
        # A forked worker holds the other workers' pipes as well: it must not keep them open.
        inherited = (*self._processes, ours) if self._context.get_start_method() == "fork" else ()
        process = self._context.Process(  # type: ignore[attr-defined]
            target=_serve, args=(theirs, self._extract, inherited), daemon=True
        )
        process.start()
        theirs.close()
        self._processes[ours] = process
        return ours


def _serve(pipe: Connection, extract: Extract, inherited: Sequence[Connection]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends its workers
    for other in inherited:
        other.close()
    gc.disable()  # syntax trees hold no circles
    with suppress(EOFError, OSError):
        while True:
            batch: list[Item] = pipe.recv()
            pipe.send([(path, guarded_bytes(extract, data)) for path, data in batch])


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item[1])
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _context() -> BaseContext:
    """Fork where it is safe (no second thread runs yet): its workers need no imports."""
    return multiprocessing.get_context("fork" if can_fork() else "spawn")
