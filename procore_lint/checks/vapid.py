"""PCL203: paths under the removed /vapid namespace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft, symbol
from procore_lint.checks.compared_paths import compared
from procore_lint.checks.dead_paths import DeadPaths
from procore_lint.finding import Fix
from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.program import Program
from procore_lint.replacement import ReplaceText
from procore_lint.values import Place, Text, Value

RULE = "vapid-endpoint"
_HELP = "write /rest/v1.0/ in place of /vapid/; the rest of the path stays"
_PATH = regex(r"(?:\A|procore\.com|\0|(?<=[a-z]))/?vapid(?=/|\Z)", re.IGNORECASE)
_SLASHED = regex(r"/vapid(?=/|\Z|\0)|\Avapid/")


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Every place where such a path is written, in code about Procore."""
    found: dict[Place, str] = {}
    dead = DeadPaths(program)
    for sighting in program.sightings:
        module = program.modules[sighting.place.path]
        text = sighting.whole or sighting.text
        if not program.is_procore(module) or re.search(r"\s", text) or program.is_mocked(module):
            continue
        if program.is_route(sighting.place) or program.is_of_another(sighting.place):
            continue
        if sighting.role != "compared" and _SLASHED.search(sighting.text) and _is_path(program, text):
            found.setdefault(sighting.place, sighting.symbol)
    for written in program.trail.written:
        if isinstance(written.value, Text):
            match = _SLASHED.search(written.value.template)
            if match is None or not program.is_about(written, written.value):
                continue
            if re.search(r"\s", written.value.template) or program.is_mocked(written.module):
                continue
            piece = written.value.piece_at(match.start() + (1 if match.group(0).startswith("/") else 0))
            if piece is None or not piece.text.strip("/"):
                continue
            if program.is_route(piece.place) or program.is_of_another(piece.place):
                continue
            if _is_path(program, written.value.template, urls.on_base(written.value).base):
                found.setdefault(piece.place, symbol(written))
    for request in program.trail.requests:
        for value in program.urls(request):
            if isinstance(value, Text):
                match = _SLASHED.search(value.template)
                if match is None or not program.is_about(request, value):
                    continue
                piece = value.piece_at(match.start() + 1)
                if piece is None or program.is_of_another(piece.place):
                    continue
                if _is_path(program, value.template, urls.on_base(value).base):
                    found.setdefault(piece.place, symbol(request))
    uses = repairs.uses.Uses(program)
    aside = compared(program, "vapid")
    for place, name in sorted(found.items()):
        if place in dead or place in aside:
            continue
        module = program.modules[place.path]
        fix = repairs.paths.vapid(uses, module, place)
        help_text = repairs.paths.vapid_help(module, place, _HELP)
        if fix is not None and _is_told_apart(uses, place, fix):
            fix = None  # what tells the two namespaces apart has to go first
        elif fix is not None and isinstance(fix.replacement, ReplaceText):
            matched = uses.matched(place, fix.replacement.old, fix.replacement.new)
            if matched is not None:
                fix = None
                at = f"{matched.path}:{matched.span.line}"
                help_text += f"; see to {at}, which matches what is asked for there"
        yield Draft(
            RULE,
            place,
            "the /vapid namespace was removed in February 2022",
            help_text,
            symbol=name,
            fix=fix,
        )


def _is_told_apart(uses: repairs.uses.Uses, place: Place, fix: Fix) -> bool:
    """Whether a test on the path decides what comes in front or behind, or a version stands around it."""
    if isinstance(fix.replacement, ReplaceText) and uses.is_told_apart(
        place, fix.replacement.old, fix.replacement.new
    ):
        return True
    return any(_VERSIONED.search(text.template) for text in uses.of(place))


_VERSIONED = regex(r"/rest/v[\d.]+/+vapid\b|\bvapid/+(?:rest/+)?v\d")
_START = regex(
    r"\A(?:https?://(?P<host>[^/]*)|(?P<base>\0))?/?vapid(?:/(?P<resource>[^/?#]*)|\Z)", re.IGNORECASE
)


def _is_path(program: Program, text: str, base: Value | None = None) -> bool:
    """Whether a text is a path of Procore's: on its host, on an undecided base, or by its resource.

    Web push has a VAPID of its own: `/vapid/public-key` of another server is none of Procore's.
    """
    match = _START.match(text)
    if match is None:
        return False
    if match["host"]:
        return urls.is_procore(match["host"].lower())
    resource = match["resource"]
    if resource and "\0" not in resource:
        if program.is_resource(resource):
            return True
        # Of a base that is named for another system, or not known here, the resource has to tell.
        own = match["base"] is None or (base is not None and program.surroundings.is_plain(base))
        return own and program.surroundings.is_old(resource)
    return match["base"] is not None
