"""Names that libraries have elsewhere too: Python 2's homes, vendored copies, ready-made clients."""

from __future__ import annotations

#: The beginning of a dotted name -> what it begins with at home.
_HOMES = {
    "six.moves.": "",
    "future.moves.": "",
    "requests.compat.": "urllib.parse.",
    "requests.packages.": "",
    "urlparse.": "urllib.parse.",
    "pip._vendor.": "",
    "botocore.vendored.": "",
    "dlt.sources.helpers.requests.client.": "dlt.sources.helpers.requests.",
    "simplejson.": "json.",
}
_STARTS = tuple(_HOMES)


def at_home(name: str) -> str:
    """The name under which tables know what code calls `name`."""
    dotted = f"{name}."
    if not dotted.startswith(_STARTS):
        return name
    old = next(start for start in _STARTS if dotted.startswith(start))
    return (_HOMES[old] + dotted[len(old) :]).rstrip(".") or name
