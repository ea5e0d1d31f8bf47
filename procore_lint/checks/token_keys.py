"""What stores keep: by its key, an access token or something about one; by its value, no token at all."""

from __future__ import annotations

import re

from procore_lint.values import Flag, Number, Text, Value, members


def is_token_key(name: str) -> bool:
    """Whether a key is that of an access token, and not of something about one (its lock, its errors)."""
    words = set(re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))
    return bool(words & _TOKENS) and not words & _ABOUT


_TOKENS = frozenset({"token", "tokens", "accesstoken", "bearer"})
_ABOUT = frozenset(
    """refresh lock locked mutex semaphore count counter error errors failure failures failed attempt attempts
    retry reset sync csrf xsrf state nonce last page cursor next rate limit bucket push device
    """.split()
)


def is_constant(value: Value | None) -> bool:
    """Whether what is kept is written down here: a counter, a mark, a lock. No token is."""
    return value is not None and all(
        isinstance(m, (Number, Flag)) or (isinstance(m, Text) and m.plain is not None) for m in members(value)
    )
