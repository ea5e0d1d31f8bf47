"""PCL401, PCL402 and PCL403: operations that Procore deprecated, discouraged or removed."""

from __future__ import annotations

from collections.abc import Iterator

from procore_lint import endpoints as operations
from procore_lint import repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.base import Context, Draft, symbol
from procore_lint.checks.dead_paths import DeadPaths
from procore_lint.checks.verbs_beside import verb_beside
from procore_lint.project import urls
from procore_lint.project.events import Event, Request
from procore_lint.project.program import Program
from procore_lint.repairs.advice import advice
from procore_lint.values import Piece, Place, Text, members


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Paths of requests first (their method is known), then every other path that is written."""
    uses = repairs.uses.Uses(program)
    done: dict[Place, bool] = {}  # whether what is written there was reported
    for request in program.trail.requests:
        if program.is_mocked(request.chain[0].module):
            continue
        method = request.method.plain if isinstance(request.method, Text) else None
        # Not `program.urls`: parameters filled in one by one would mix what different callers pass.
        for value in members(request.url):
            if isinstance(value, Text):
                yield from _judge(uses, catalog, context, request, value, method, done)
    dead = DeadPaths(program)
    for written in program.trail.written:
        if isinstance(written.value, Text) and not program.is_mocked(written.module):
            if not written.value.template.startswith(("/", "\0", "http")):
                continue  # a route, a storage key or a file's name, if no request uses it
            if any(isinstance(part, Piece) and part.place in dead for part in written.value.parts):
                continue
            yield from _judge(uses, catalog, context, written, written.value, None, done)


def _judge(
    uses: repairs.uses.Uses,
    catalog: Catalog,
    context: Context,
    event: Event,
    text: Text,
    method: str | None,
    done: dict[Place, bool],
) -> Iterator[Draft]:
    program = uses.program
    host, path, _ = urls.on_base(text)
    if not isinstance(event, Request) and any(c.isspace() for c in text.template):
        return
    if host and not urls.is_procore(host):
        return
    if not host and not program.is_about(event, text):
        return
    parts = urls.segments(path)
    if isinstance(event, Request) and not parts:
        parts = _relative(program, event, path)
    if len(parts) < 3 or parts[0] == "vapid":
        return
    candidates = operations.match(parts, method.upper() if method else None, catalog)
    if not candidates and method and operations.match(parts, None, catalog):
        met = _piece(text, parts)
        if met is not None:
            done.setdefault(met.place, False)  # in order with its verb: not judged again without one
    if candidates and not isinstance(event, Request):
        method = verb_beside(event.module, text)
        candidates = operations.match(parts, method, catalog) if method else candidates
    rule = operations.rule_of(candidates)
    if rule is None:
        return
    row = candidates[0]
    piece = _piece(text, parts)
    if piece is None or (program.is_route(piece.place) and not isinstance(event, Request)):
        return
    if not host and program.is_of_another(piece.place):
        return
    if done.get(piece.place) or (piece.place in done and not isinstance(event, Request)):
        return
    done[piece.place] = True
    shown = f"{row.method} {row.path}" if method or len(candidates) == 1 else row.path
    # Where the verb is not known, the row is but one of those that the path may be.
    status = row.status if rule == row.rule else ""
    state = {"removed": "was removed", "deprecated": "is deprecated"}.get(status, "is superseded")
    since = f" since {row.deprecated}" if row.deprecated and status == "deprecated" else ""
    sunset = f", sunset {row.sunset}" if row.sunset else ""
    instead = "; or ".join(row.replacement) if row.replacement and row.replacement != ("none",) else ""
    module = program.modules[piece.place.path]
    line = repairs.moves.moved(module, piece.place, row, parts[1]) if instead else None
    if line:
        first = row.replacement[0]
        instead = instead.replace(first, f"{first.partition(' ')[0]} `{line}`", 1)
    help_text = f"use {instead}" if instead else "Procore names no replacement; see the rule's page"
    differs = "; ".join(part for part in (repairs.paths.difference(row), row.note) if part)
    if differs:
        help_text += f" ({differs})"
    sent = isinstance(event, Request) and method is not None
    whole = sent and len(parts) == len(operations.split(row.path))
    fix = repairs.paths.operation(uses, text, row) if whole else None
    if fix is not None:
        help_text = advice(fix, piece.place, help_text, help_text)
    yield Draft(
        rule,
        piece.place,
        f"`{shown}` ({row.name}) {state}{since}{sunset}",
        help_text,
        symbol=symbol(event),
        severity=row.severity(context.as_of) if rule == operations.DEPRECATED else None,
        fix=fix,
    )


def _relative(program: Program, request: Request, path: str) -> tuple[str | None, ...]:
    """A path below an undecided base of a client named after Procore: the version is not known."""
    if "rest" not in program.kinds(request):
        return ()
    bare = path.partition("?")[0].strip("/")
    return ("rest", None, *(None if "\0" in p else p for p in bare.split("/") if p))


def _piece(text: Text, parts: tuple[str | None, ...]) -> Piece | None:
    """The piece in which the last named segment of the path is written."""
    template = text.template
    for part in reversed(parts):
        if part is not None:
            offset = template.rfind(f"/{part}")
            offset = template.rfind(part) if offset < 0 else offset + 1
            return text.piece_at(offset) if offset >= 0 else None
    return None
