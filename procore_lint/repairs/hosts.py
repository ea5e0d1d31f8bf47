"""PCL104 and PCL202: another host in the literal, where every use of that literal agrees."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint.finding import Fix
from procore_lint.project import urls
from procore_lint.repairs.uses import Uses
from procore_lint.replacement import ReplaceText
from procore_lint.values import Piece, Text


def host(uses: Uses, piece: Piece, old: str, new: str, use: str) -> Fix | None:
    """Write `new` for the host `old` in a literal that serves nothing but `use` ("rest" or "oauth")."""
    text = piece.text.lower()
    if text.count(old) != 1 or old not in piece.text:
        return None
    kinds = {kind for value in uses.of(piece.place) for kind in _kinds(value, old)}
    if kinds != {use} or uses.is_given_away(piece):
        return None
    return Fix.of("safe", ReplaceText(piece.place.path, piece.place.span, old, new))


def _kinds(text: Text, name: str) -> Iterator[str]:
    found, path, _ = urls.address(text)
    if found.partition(":")[0] != name:
        if found:
            yield "other"
        return
    if urls.is_oauth_path(path):
        yield "oauth"
    elif urls.is_rest_path(path):
        yield "rest"
    elif path.strip("/\0") or "\0" in path:
        yield "other" if not path.startswith("\0") or path.strip("\0/") else "open"


def oauth_help(fix: Fix | None, where: Piece, login: str, path: str) -> str:
    """The url to write, and what stands in the way where the literal serves other calls too."""
    call = f"call it on {login}: https://{login}{path}"
    if fix is not None:
        return call
    return (
        f"{call}; {where.place.path}:{where.place.span.line} serves other calls too, so give OAuth a base url"
        f" of its own: `https://{login}`"
    )


def api_help(fix: Fix | None) -> str:
    """The url to write, and what is to be done first where the literal serves other calls too."""
    text = "write https://api.procore.com in place of https://app.procore.com"
    return (
        text if fix is not None else f"{text}, and give what is no API call (OAuth, links) a url of its own"
    )
