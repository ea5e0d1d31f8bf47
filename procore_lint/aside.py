"""The facts of a few files, made in a second process while this one loads what judges them.

For so few a pool would cost more than it saves: a bare fork with one pipe takes three milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from procore_lint.extraction import Extract, Item, guarded
from procore_lint.facts import Module
from procore_lint.halves import forked

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Module])


def extract_all(
    items: Sequence[Item], extract: Extract, meanwhile: Callable[[], None]
) -> list[Module] | None:
    """The facts of each item, in order; `meanwhile` is called once, here, while they are made.

    None where the other process died: whoever asks makes them alone then.
    """
    with forked(lambda: _ENCODER.encode([guarded(extract, data) for _, data in items])) as pipe:
        meanwhile()
        answer = b"" if pipe is None else pipe.read()
    try:
        modules = _DECODER.decode(answer)
    except (msgspec.DecodeError, RecursionError):
        return None
    return modules if len(modules) == len(items) else None
