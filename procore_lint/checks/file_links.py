"""PCL301, PCL302 and PCL303: logic on a file link's host or structure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import repairs
from procore_lint.catalog import Catalog
from procore_lint.checks import link_names
from procore_lint.checks.base import Context, Draft, symbol
from procore_lint.finding import Fix
from procore_lint.lazy import regex
from procore_lint.project import urls
from procore_lint.project.events import Comparison, Invocation
from procore_lint.project.libraries import patterns
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.project.sightings import Sighting
from procore_lint.repairs.advice import advice
from procore_lint.repairs.code import function_at
from procore_lint.values import Data, Hole, Listing, Parameter, Place, Text, Unknown, Value, members

LOGIC, BUILT, ALLOWED = "file-link-logic", "file-link-construction", "file-host-allowlist"
_STORAGE = regex(r"storage\.procore\.com", re.IGNORECASE)
_BUCKET = regex(r"prostore[\w-]*|pro-core\.com", re.IGNORECASE)
_S3 = regex(r"\bs3[.-][\w.-]*amazonaws\.com|(?:\A|\.)amazonaws\.com|\A\.s3[.-]", re.IGNORECASE)
_SHAPE = regex(r"/v4/d/|/fas/api/v\d")
_HOST = regex(
    r"\A(?:https?://)?(?:\*\.)?(?:storage\.procore\.com|(?:[\w-]+\.)*s3[\w.-]*\.amazonaws\.com)/?\Z", re.I
)
_POLICY = regex(r"\b(?:img|connect|frame|default|media|object|child)-src\b")
_CUTS = frozenset(
    """startswith endswith split rsplit replace partition rpartition find index count removeprefix
    removesuffix""".split()
)
_PATTERNS = frozenset("match search fullmatch sub compile findall split finditer subn".split())
_LINK = regex(r"(?:\A|_)(?:url|link|href|uri|download)s?\Z|url\Z", re.IGNORECASE)
_REDIRECTS = "file links use other hosts under it, and redirects need any host (without token)"
_ENDS = "allow the suffix .procore.com for links, and any host for the redirects that follow (without token)"
_TAKEN = "take the url from the API's answer as it is"
_OPAQUE = (
    "use the link as it comes, follow redirects, and decide on the token by the suffix .procore.com alone"
)


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """Tests and cuts by what runs, built links by the texts made, allowlists by the literals."""
    listed: set[Place] = set()
    for draft in _allowlists(program):
        listed.add(draft.place)
        yield draft
    links = repairs.links.Links(program)
    seen: set[Place] = set()
    for comparison in program.trail.comparisons:
        if (
            not program.is_mocked(comparison.module)
            and comparison.place not in seen
            and _is_test(program, comparison)
        ):
            seen.add(comparison.place)
            place, what = comparison.place, "a file link's host or structure is tested"
            mended = links.host_test(comparison)
            otherwise = repairs.link_help.opaque(comparison.module, place, _OPAQUE)
            help_text = advice(mended, place, links.by_hand(comparison, otherwise))
            yield _logic(place, what, symbol(comparison), help_text, mended)
    for call in program.trail.invocations:
        if not program.is_mocked(call.module) and call.place not in seen and _is_cut(program, call):
            seen.add(call.place)
            help_text = repairs.link_help.opaque(call.module, call.place, _OPAQUE)
            yield _logic(
                call.place, "a file link's host or structure is tested or cut", symbol(call), help_text
            )
    yield from _built(program)


def _logic(place: Place, what: str, name: str, help_text: str = _OPAQUE, fix: Fix | None = None) -> Draft:
    message = f"{what}; links are opaque and their hosts change"
    return Draft(LOGIC, place, message, help_text, symbol=name, fix=fix)


def _names_file_host(text: str) -> bool:
    plain = text.replace("\\", "")
    return bool(_STORAGE.search(plain) or _BUCKET.search(plain) or _SHAPE.search(plain))


def is_link(program: Program, value: Value) -> bool:
    """Whether a value is a file link out of a Procore answer (or a part of one)."""
    for member in members(value):
        if isinstance(member, Data) and program.is_api(member.request):
            steps = [
                s for s in member.path if s not in ("[]", "netloc", "hostname", "path", "host", "scheme")
            ]
            if steps and not steps[0].startswith("@"):
                named = _resource(member)
                parent = steps[-2] if len(steps) > 1 else ""
                if link_names.is_link(steps[-1], parent, any(map(link_names.is_of_files, named))):
                    return not _is_of_users(named)
    return False


def _resource(link: Data) -> list[str]:
    """The named segments of the path that an answer came from, behind the version."""
    for member in members(link.request.url):
        parts = urls.segments(urls.address(member).path) if isinstance(member, Text) else ()
        named = [part for part in parts[2:] if part is not None and not part.isdigit()]
        if named:
            return named
    return []


def _is_of_users(named: list[str]) -> bool:
    """Whether urls in an answer are those that users enter: the Links tool's, or where a webhook goes."""
    return bool(named) and (named[-1] == "links" or "webhooks" in named)


def tests_file_host(event: Comparison) -> bool:
    """Whether a comparison has to do with the host of a file link."""
    return any(
        isinstance(m, Text)
        and (_S3.search(m.template) or _STORAGE.search(m.template) or "procore.com" in m.template)
        for side in (event.left, event.right)
        for m in members(side)
    )


def _is_host_part(value: Value) -> bool:
    return any(
        isinstance(m, (Data, Parameter)) and m.path and m.path[-1] in ("netloc", "hostname", "host")
        for m in members(value)
    ) or any(isinstance(m, Unknown) and m.hint.endswith((".netloc", ".hostname")) for m in members(value))


def _is_test(program: Program, event: Comparison) -> bool:
    if event.op not in ("in", "not in", "==", "!="):
        return False
    for side, other in ((event.left, event.right), (event.right, event.left)):
        if any(isinstance(m, Listing) for m in members(other)):
            continue
        for member in members(side):
            text = member.template if isinstance(member, Text) else None
            if text is None or any(isinstance(m, Text) and m.plain for m in members(other)):
                continue
            if _names_file_host(text) and (program.is_procore(event.module) or is_link(program, other)):
                return True
            if is_link(program, other) and (
                _S3.search(text) or (_is_host_part(other) and not _is_suffix(text))
            ):
                return True
            if _S3.search(text) and (_is_redirect(program, other) or _is_named_link(other)):
                return True
    return False


def _is_redirect(program: Program, value: Value) -> bool:
    """Whether a value is where a file link redirects to: what the answer names, or where it ended."""
    return any(
        isinstance(m, Data)
        and (("@headers" in m.path and m.path[-1].lower() == "location") or m.path[:1] == ("@url",))
        and "file" in program.kinds(m.request)
        for m in members(value)
    )


def _is_named_link(value: Value) -> bool:
    """Whether callers are asked for a link of Procore's: by `procore_file_url`."""
    return any(
        isinstance(m, Parameter) and not m.path and "procore" in m.name.lower() and _LINK.search(m.name)
        for m in members(value)
    )


def _is_suffix(text: str) -> bool:
    return text.lstrip(".").lower() in ("procore.com", "procoregov.com")


def _is_cut(program: Program, call: Invocation) -> bool:
    kind, _, tail = call.name.rpartition(".")
    if _is_matched(program, call, kind, tail):
        return True
    if kind in ("re", "regex") and tail in _PATTERNS and call.args:
        return any(
            isinstance(m, Text) and _names_file_host(m.template) for m in members(call.args[0])
        ) and program.is_procore(call.module)
    if tail not in _CUTS:
        return False
    receiver = call.receiver
    if isinstance(receiver, Text) and receiver.plain is not None:
        return False
    for argument in call.args[:1]:
        for member in members(argument):
            options = member.items if isinstance(member, Listing) else [member]
            for option in options:
                if not isinstance(option, Text):
                    continue
                if _names_file_host(option.template) and program.is_procore(call.module):
                    return True
                if receiver is not None and _leads_to_file(program, receiver) and _S3.search(option.template):
                    return True
    return False


def _is_matched(program: Program, call: Invocation, kind: str, tail: str) -> bool:
    """Whether a pattern of S3's hosts is tried on a link (Procore's are reported where they are written)."""
    if tail not in _PATTERNS or tail == "compile":
        return False
    given = call.args
    if kind == patterns.COMPILED and call.receiver is not None:
        given = (call.receiver, *given)
    elif kind not in ("re", "regex"):
        return False
    at = 2 if tail in ("sub", "subn") else 1
    if len(given) <= at or not _leads_to_file(program, given[at]):
        return False
    plain = [m.template.replace("\\", "") for m in members(given[0]) if isinstance(m, Text)]
    return any(_S3.search(text) and not _names_file_host(text) for text in plain)


def _leads_to_file(program: Program, value: Value) -> bool:
    return is_link(program, value) or _is_redirect(program, value)


def _built(program: Program) -> Iterator[Draft]:
    seen: set[Place] = set()
    for written in program.trail.written:
        text = written.value
        if not isinstance(text, Text) or program.is_mocked(written.module) or re.search(r"\s", text.template):
            continue
        host, path, _ = urls.address(text)
        if host.startswith("storage.procore.com\0"):  # f"https://storage.procore.com{path}"
            host, path = host.rstrip("\0"), "\0"
        built = len(text.parts) > 1 and bool(path.strip("/"))
        ours = urls.is_storage(host) or (urls.is_s3(host) and bool(_BUCKET.search(host + path)))
        if not (built and ours) or not any(isinstance(p, Hole) for p in text.parts):
            continue
        piece = text.piece_at(text.template.find("://") + 3)
        if piece is None or piece.place in seen:
            continue
        seen.add(piece.place)
        # A host that is a constant of its own is no defect before something is put behind it.
        aside = function_at(program.modules[piece.place.path], piece.place) is not written.function
        yield Draft(
            BUILT,
            written.place if aside and not path.strip("\0/") else piece.place,
            f"a file link is built on {host}; their form is not documented and changes",
            repairs.link_help.built(program.modules[piece.place.path], piece.place, _TAKEN),
            symbol=symbol(written),
        )


def _allowlists(program: Program) -> Iterator[Draft]:
    seen: set[object] = set()
    for sighting in program.sightings:
        module = program.modules[sighting.place.path]
        if program.is_mocked(module) or not program.is_procore(module):
            continue
        policy = _POLICY.search(sighting.whole or sighting.text) and _STORAGE.search(sighting.text)
        member = sighting.role == "member" and _HOST.match(sighting.text) and (
            _STORAGE.search(sighting.text) or _BUCKET.search(sighting.text)
        )  # fmt: skip
        if not policy and not member:
            continue
        group = sighting.group or sighting.place
        if group in seen:
            continue
        seen.add(group)
        fix = repairs.links.allowed_host(program, module, sighting.place)
        yield Draft(
            ALLOWED,
            sighting.place,
            f"a list of allowed hosts names {sighting.text if member else 'storage.procore.com'};"
            " file links and their redirects use other hosts",
            advice(fix, sighting.place, _entry(module, sighting, bool(member)), _REDIRECTS),
            symbol=sighting.symbol,
            fix=fix,
        )


def _entry(module: ModuleInfo, sighting: Sighting, member: bool) -> str:
    if not member:
        return repairs.link_help.policy(sighting.text)
    return repairs.link_help.allowed(module, sighting.place, sighting.text, _ENDS)
