"""The catalogue: the rules with their pages, and the dated facts about Procore that they rest on.

Everything is read from `rules/` on first use: a run that meets no Procore file parses no facts.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, cast, get_args

from procore_lint.endpoints import DEPRECATED, Endpoint, EndpointIndex, split
from procore_lint.fact_rows import CatalogError, Row, Source, is_day, merge, read, text, texts
from procore_lint.finding import Severity
from procore_lint.lazy import regex
from procore_lint.toml_files import TOMLDecodeError, parse

__all__ = ["Catalog", "CatalogError", "Change", "Endpoint", "Host", "Rule", "load", "rules_dir"]

FIX_SAFETY = ("safe", "unsafe", "sometimes", "none")

_FACTS = ("endpoints.toml", "hosts.toml", "changes.toml")
_HEADING = regex(r"# (?P<name>[a-z]+(?:-[a-z]+)*) \((?P<code>PCL\d{3})\)\n")
_METADATA = regex(r"^```toml\n(?P<toml>.*?)^```$", re.MULTILINE | re.DOTALL)
_METADATA_KEYS = ("summary", "url", "severities", "changes", "fix")
_VERIFIED = regex(r"""^verified = ['"](\d{4}-\d{2}-\d{2})['"]$""", re.MULTILINE)


class Rule(NamedTuple):
    """One rule: its two identities, its life cycle and its page.

    `fix` says whether findings can be mended: "safe", "unsafe", "sometimes" (it depends on the code at
    hand) or "none". `severities` are (ISO day, severity from that day), ascending.
    """

    code: str
    name: str
    summary: str
    url: str
    fix: str
    severities: tuple[tuple[str, Severity], ...]
    changes: tuple[str, ...]
    page: str

    def severity(self, as_of: datetime.date) -> Severity:
        """The severity on that day; before the first announcement a finding is only `info`."""
        current: Severity = "info"
        for day, severity in self.severities:
            if datetime.date.fromisoformat(day) <= as_of:
                current = severity
        return current


class Host(NamedTuple):
    """A host of the Procore API. `replacement` is by use: "api" or "oauth"; `sunset` an ISO day."""

    host: str
    roles: tuple[str, ...]
    environment: str
    status: str
    replacement: Mapping[str, str]
    rules: tuple[str, ...]
    sunset: str | None
    not_for: str
    token: str
    paths: tuple[str, ...]
    legitimate_uses: tuple[str, ...]
    note: str
    sources: tuple[str, ...]
    verified: str


class Change(NamedTuple):
    """An announced change. Dates are ISO days (or months); `sunset` is the one that holds,
    `sunset_announced` what the announcements page says where a later document moved it."""

    id: str
    title: str
    category: str
    announced: str | None
    effective: str | None
    deprecated: str | None
    sunset: str | None
    sunset_announced: str | None
    status: str
    replacement: str
    url: str
    sources: tuple[str, ...]
    conflicts: tuple[str, ...]
    verified: str


@dataclass(frozen=True, eq=False)
class Catalog:
    """Rules and facts of one directory, with users' rows merged in; each part is read when asked for."""

    directory: Path
    extra: tuple[Mapping[str, Sequence[Source]], ...] = ()

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by name, in the order of their codes."""
        pages = sorted(self.directory.glob("PCL*.md"))
        return {rule.name: rule for rule in map(_rule, pages)}

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Every operation that a rule reports, and the active ones that look like them."""
        return tuple(_endpoint(row) for row in self._rows("endpoint"))

    @cached_property
    def endpoint_index(self) -> EndpointIndex:
        """The operations arranged for `procore_lint.endpoints.match`."""
        return EndpointIndex(self.endpoints)

    @cached_property
    def hosts(self) -> Mapping[str, Host]:
        """The hosts by their name."""
        return {text(row, "host"): _host(row) for row in self._rows("host")}

    @cached_property
    def changes(self) -> Mapping[str, Change]:
        """The announced changes by their id."""
        return {text(row, "id"): _change(row) for row in self._rows("change")}

    @cached_property
    def verified(self) -> str:
        """The latest ISO day on which a fact was verified."""
        days = [
            text(source.row, "verified") for file in self.extra for rows in file.values() for source in rows
        ]
        for name in _FACTS:
            # Read by line, as `--version` needs this day and nothing else.
            days += _VERIFIED.findall((self.directory / "facts" / name).read_text(encoding="utf-8"))
        return max(days, default="")

    def preload(self) -> None:
        """Read the parts that every judging asks for. Raises CatalogError."""
        _ = (self.rules, self.endpoint_index, self.hosts)

    def find(self, selector: str) -> tuple[Rule, ...]:
        """The rules that a code, a prefix of a code (PCL2) or a name selects; () where none is."""
        named = self.rules.get(selector.lower())
        if named is not None:
            return (named,)
        prefix = selector.upper()
        if not prefix.startswith("PCL"):
            return ()
        return tuple(rule for rule in self.rules.values() if rule.code.startswith(prefix))

    def _rows(self, table: str) -> tuple[Row, ...]:
        own = read(self.directory / "facts" / f"{table}s.toml")
        return merge(table, (own, *self.extra))


def load(extra: Sequence[Path] = ()) -> Catalog:
    """The installed catalogue, with the rows of `extra` facts files merged in, in order.

    Raises CatalogError naming file, row and key.
    """
    catalog = Catalog(rules_dir(), tuple(read(file) for file in extra))
    if extra:
        # A row that cannot be merged is the user's mistake: it must show now, not in the middle of a run.
        for table in ("endpoint", "host", "change"):
            catalog._rows(table)
    return catalog


def rules_dir() -> Path:
    """Where the rule pages and facts are: beside the installed package, else in the checkout.

    Raises CatalogError where neither exists.
    """
    package = Path(__file__).resolve().parent
    for directory in (package / "_rules", package.parent / "rules"):
        if (directory / "facts").is_dir():
            return directory
    raise CatalogError(f"{package / '_rules'}: the rules are not there; the installation is incomplete")


def _endpoint(row: Row) -> Endpoint:
    path = text(row, "path")
    parts = split(path)
    status = text(row, "status")
    # What is deprecated or removed is reported by the general rule unless its row says otherwise.
    general = DEPRECATED if status in ("deprecated", "removed") else ""
    rule = text(row, "rule") if "rule" in row else general
    return Endpoint(
        method=text(row, "method"),
        path=path,
        version=parts[1] if len(parts) > 1 and parts[0] == "rest" else "",
        name=text(row, "name"),
        status=status,
        replacement=texts(row, "replacement"),
        family=text(row, "family"),
        note=text(row, "note"),
        source=text(row, "source"),
        verified=text(row, "verified"),
        deprecated=text(row, "deprecated") or None,
        sunset=text(row, "sunset") or None,
        rule=rule or None,
    )


def _host(row: Row) -> Host:
    replacement = row.get("replacement", {})
    return Host(
        host=text(row, "host"),
        roles=texts(row, "roles"),
        environment=text(row, "environment"),
        status=text(row, "status"),
        replacement=dict(replacement) if isinstance(replacement, dict) else {},
        rules=texts(row, "rules"),
        sunset=text(row, "sunset") or None,
        not_for=text(row, "not_for"),
        token=text(row, "token"),
        paths=texts(row, "paths"),
        legitimate_uses=texts(row, "legitimate_uses"),
        note=text(row, "note"),
        sources=texts(row, "sources"),
        verified=text(row, "verified"),
    )


def _change(row: Row) -> Change:
    return Change(
        id=text(row, "id"),
        title=text(row, "title"),
        category=text(row, "category"),
        announced=text(row, "announced") or None,
        effective=text(row, "effective") or None,
        deprecated=text(row, "deprecated") or None,
        sunset=text(row, "sunset") or None,
        sunset_announced=text(row, "sunset_announced") or None,
        status=text(row, "status"),
        replacement=text(row, "replacement"),
        url=text(row, "url"),
        sources=texts(row, "sources"),
        conflicts=texts(row, "conflicts"),
        verified=text(row, "verified"),
    )


def _rule(file: Path) -> Rule:
    page = file.read_text(encoding="utf-8")
    heading, block = _HEADING.match(page), _METADATA.search(page)
    if heading is None or block is None:
        raise CatalogError(f"{file}: must start with `# name (PCLnnn)` and a fenced toml block")
    try:
        row: Row = parse(block["toml"].encode())
    except TOMLDecodeError as error:
        raise CatalogError(f"{file}: metadata: not TOML: {error}") from error
    if sorted(row) != sorted(_METADATA_KEYS):
        raise CatalogError(f"{file}: metadata: the keys must be {', '.join(_METADATA_KEYS)}")
    if row["fix"] not in FIX_SAFETY:
        raise CatalogError(f'{file}: metadata: key "fix" must be one of {", ".join(FIX_SAFETY)}')
    return Rule(
        code=heading["code"],
        name=heading["name"],
        summary=text(row, "summary"),
        url=text(row, "url"),
        fix=text(row, "fix"),
        severities=_severities(file, row["severities"]),
        changes=texts(row, "changes"),
        page=page,
    )


def _severities(file: Path, value: object) -> tuple[tuple[str, Severity], ...]:
    phases: list[tuple[str, Severity]] = []
    for phase in value if isinstance(value, list) else [value]:
        if not (
            isinstance(phase, list)
            and len(phase) == 2
            and is_day(phase[0])
            and phase[1] in get_args(Severity)
            and (not phases or phases[-1][0] < phase[0])
        ):
            raise CatalogError(
                f'{file}: metadata: key "severities" must be ascending pairs like ["2026-09-16", "error"]'
            )
        phases.append((phase[0], cast(Severity, phase[1])))
    return tuple(phases)
