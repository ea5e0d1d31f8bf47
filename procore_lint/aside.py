"""The facts of a few files, made in a second process while this one loads what judges them.

For so few a pool would cost more than it saves: a bare fork with one pipe takes three milliseconds.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Sequence
from typing import NoReturn

import msgspec

from procore_lint.extraction import Extract, Item, guarded
from procore_lint.facts import Module

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Module])


def extract_all(
    items: Sequence[Item], extract: Extract, meanwhile: Callable[[], None]
) -> list[Module] | None:
    """The facts of each item, in order; `meanwhile` is called once, here, while they are made.

    None where the other process died: whoever asks makes them alone then.
    """
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        _serve(theirs, items, extract)
    os.close(theirs)
    try:
        with open(ours, "rb") as pipe:
            meanwhile()
            answer = pipe.read()
    finally:
        os.waitpid(child, 0)
    try:
        modules = _DECODER.decode(answer)
    except (msgspec.DecodeError, RecursionError):
        return None
    return modules if len(modules) == len(items) else None


def _serve(pipe: int, items: Sequence[Item], extract: Extract) -> NoReturn:
    """Write the facts to `pipe` and end, whatever happens: what is the parent's is not tidied up here."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and closes the pipe
        gc.disable()
        answer = _ENCODER.encode([guarded(extract, data) for _, data in items])
        with open(pipe, "wb") as stream:
            stream.write(answer)
    finally:
        os._exit(0)
