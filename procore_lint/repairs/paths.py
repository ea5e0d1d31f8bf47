"""PCL203 and PCL403: another path in the literal, where the rest of the request stays as it is."""

from __future__ import annotations

import re
from collections.abc import Collection

from procore_lint import facts
from procore_lint.endpoints import Endpoint, split
from procore_lint.finding import Fix
from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to
from procore_lint.repairs.texts import composed, rewritten
from procore_lint.repairs.uses import Uses
from procore_lint.replacement import Combined, ReplaceText
from procore_lint.values import Place, Text

_VAPID = regex(r"/?\bvapid(?=/|\Z)")
_VERSIONED = regex(r"\bvapid/+(?:rest/+)?(?=v\d)")
_WEB = regex(r"//app\.procore\.com/(?=rest/)")
_VERSION = regex(r"rest/v\d+(?:\.\d+)?")
_BODY_DIFFERS = regex(r"\b(?:requires?|needs?|renamed|envelope|moves?|becomes?)\b", re.IGNORECASE)


def vapid(uses: Uses, module: ModuleInfo, place: Place) -> Fix | None:
    """`/vapid/` becomes `/rest/v1.0/`; of a literal that is just "vapid" the use is not known."""
    chain = chain_to(module, place)
    node = chain[-1] if chain else None
    written = node.parts if isinstance(node, facts.Format) else (node,)
    texts = [part.value for part in written if isinstance(part, facts.Const) and isinstance(part.value, str)]
    found = [match.group() for text in texts for match in _VAPID.finditer(text)]
    if len(found) != 1 or not any("/" in text for text in texts):
        return None
    if any(_VERSIONED.search(text) for text in texts):
        return None
    new = "/rest/v1.0" if found[0].startswith("/") else "rest/v1.0"
    safety = uses.safety(place, found[0].strip("/"))
    return Fix.of(safety, ReplaceText(place.path, place.span, found[0], new))


def vapid_help(module: ModuleInfo, place: Place, otherwise: str) -> str:
    """The expression that holds the literal, as it reads below the REST API."""
    found = composed(module, place)
    text = str(found[1].value) if found is not None else ""
    if found is None or len(_VAPID.findall(text)) != 1:
        return otherwise
    if _VERSIONED.search(text):
        code = rewritten(module, place, _VERSIONED.sub("rest/", text))
        return f"write `{code}`: the version is named already" if code else otherwise
    new = _VAPID.sub(lambda match: "/rest/v1.0" if match[0].startswith("/") else "rest/v1.0", text)
    code = rewritten(module, place, _WEB.sub("//api.procore.com/", new))
    return f"write `{code}`: the rest of the path stays" if code else otherwise


def operation(uses: Uses, text: Text, row: Endpoint) -> Fix | None:
    """The path of the one replacement that takes the same parameters and names the same resource."""
    new = _replacement(row)
    old = split(row.path)
    if new is None:
        return None
    edits: list[ReplaceText] = []
    if old[1] != new[1]:
        match = _VERSION.search(text.template)
        piece = text.piece_at(match.start()) if match else None
        if (
            match is None
            or piece is None
            or match.group() not in piece.text
            or match.group() != "/".join(old[:2])
        ):
            return None
        edits.append(ReplaceText(piece.place.path, piece.place.span, match.group(), "/".join(new[:2])))
    added: list[str] = []
    rest = list(old[2:])
    for part in new[2:]:
        if rest and part == rest[0]:
            rest.pop(0)
            if added:
                edit = _inserted(text, part, added)
                if edit is None:
                    return None
                edits.append(edit)
                added = []
        else:
            added.append(part)
    if rest or added or not edits:
        return None
    places = {Place(edit.path, *edit.span) for edit in edits}
    if len({(edit.path, edit.span, edit.old) for edit in edits}) != len(edits) or not _is_alone(
        uses, text, places
    ):
        return None
    return Fix.of("unsafe", edits[0] if len(edits) == 1 else Combined(tuple(edits)))


def difference(row: Endpoint) -> str:
    """What the replacements' paths take that the old one did not, in words; "" where nothing differs."""
    old = {part for part in split(row.path) if part.startswith("{")}
    added: dict[str, None] = {}
    for replacement in row.replacement:
        path = replacement.partition(" ")[2]
        added.update(dict.fromkeys(part for part in split(path) if part.startswith("{") and part not in old))
    return f"the new path also takes {', '.join(added)}" if added else ""


def _replacement(row: Endpoint) -> tuple[str, ...] | None:
    if len(row.replacement) != 1 or _BODY_DIFFERS.search(row.note):
        return None
    method, _, path = row.replacement[0].partition(" ")
    old, new = split(row.path), split(path)
    if method != row.method or len(new) < 3 or new[0] != "rest" or old[0] != "rest":
        return None
    holes = [[part for part in parts if part.startswith("{")] for parts in (old, new)]
    return new if holes[0] == holes[1] else None


def _inserted(text: Text, part: str, added: list[str]) -> ReplaceText | None:
    offset = text.template.rfind(f"/{part}")
    piece = text.piece_at(offset + 1) if offset >= 0 else None
    if part.startswith("{") or piece is None or f"/{part}" not in piece.text:
        return None
    return ReplaceText(piece.place.path, piece.place.span, f"/{part}", f"/{'/'.join(added)}/{part}")


def _is_alone(uses: Uses, text: Text, places: Collection[Place]) -> bool:
    """Whether the literals at `places` serve no other path than that of `text`."""
    shape = urls.segments(urls.address(text).path)
    for place in places:
        for other in uses.of(place):
            theirs = urls.segments(urls.address(other).path)
            # A shorter one is the same path, still being put together.
            if theirs and theirs != shape[: len(theirs)]:
                return False
    return True
