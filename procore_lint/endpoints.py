"""Which catalogued operations a request path means.

A path is a sequence of segments without the host: `("rest", "v1.0", "users", None)`, where None is a
hole, a segment whose text is not known. A hole in the code only ever stands for a hole in the catalogue
(an id): it never matches a literal. A literal matches a hole only if it can be an id, so that routes
that the catalogue has not heard of stay unmatched.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from procore_lint.finding import Severity
from procore_lint.lazy import regex

if TYPE_CHECKING:
    from procore_lint.catalog import Catalog

#: The rules that report an operation; a row without one of them is never reported.
ANNOUNCED = "deprecated-cost-code-endpoint"
LEGACY = "legacy-cost-code-endpoint"
DEPRECATED = "deprecated-endpoint"
ENDPOINT_RULES: tuple[str, ...] = (ANNOUNCED, LEGACY, DEPRECATED)

#: Path prefixes that only narrow a resource to a company or a project.
_SCOPES = ("companies", "projects")
_ID_LIKE = regex(r"[0-9{<:%$]")


class Endpoint(NamedTuple):
    """One operation of the API: dates are ISO days, `path` writes ids as `{holes}`.

    `method` is "ANY" where the row holds for every verb. `rule` names the rule that reports it; None
    marks an operation that is in order (or only discouraged) and therefore blocks a match.
    """

    method: str
    path: str
    version: str
    name: str
    status: str
    replacement: tuple[str, ...]
    family: str
    note: str
    source: str
    verified: str
    deprecated: str | None = None
    sunset: str | None = None
    rule: str | None = None

    def severity(self, as_of: datetime.date) -> Severity:
        """`error` from the day of the sunset, `warning` before it or where none was named."""
        if self.sunset is not None and datetime.date.fromisoformat(self.sunset) <= as_of:
            return "error"
        return "warning"


class _Node:
    """A place in the tree of paths; the key None leads on through a hole."""

    __slots__ = ("children", "rows")

    def __init__(self) -> None:
        self.children: dict[str | None, _Node] = {}
        self.rows: list[Endpoint] = []


class EndpointIndex:
    """The catalogue's `/rest` operations as a tree of segments; built once, then only read."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        self._versions: dict[str, _Node] = {}
        self._families: dict[str, list[Endpoint]] = {}
        for row in endpoints:
            parts = split(row.path)
            if len(parts) < 3 or parts[0] != "rest":
                continue
            node = self._versions.setdefault(parts[1], _Node())
            for part in parts[2:]:
                node = node.children.setdefault(None if part.startswith("{") else part, _Node())
            node.rows.append(row)
            if row.rule in (ANNOUNCED, LEGACY):
                self._families.setdefault(parts[2], []).append(row)

    def find(self, parts: Sequence[str | None]) -> tuple[Endpoint, ...]:
        """The rows of the most literal path that `parts` can be; for an unknown version, of each."""
        version = parts[1]
        roots = list(self._versions.values()) if version is None else [self._versions.get(version)]
        found: list[Endpoint] = []
        for root in roots:
            if root is not None:
                found += _most_literal(root, parts[2:])
        return tuple(found)

    def family(self, parts: Sequence[str | None]) -> tuple[Endpoint, ...]:
        """The nearest cost code, cost type, standard cost code or sub job rows of another spelling.

        The families are advised against as a whole, so a path inside one counts although the
        reference does not list it: `/rest/v1.0/companies/{id}/cost_codes`.
        """
        version = parts[1]
        if version is not None and not version.startswith("v1"):
            return ()
        at = 2
        while at + 2 < len(parts) and parts[at] in _SCOPES:
            at += 2
        if at >= len(parts) or parts[at] not in self._families:
            return ()
        last = max(here for here, part in enumerate(parts) if part in self._families)
        head = parts[last]
        rows = self.find(("rest", version, *parts[last:])) or self.find(("rest", version, head))
        return tuple(row._replace(rule=LEGACY) for row in rows if row.rule in (ANNOUNCED, LEGACY))


def split(path: str) -> tuple[str, ...]:
    """The segments of a path text, without query, fragment and outer slashes."""
    return tuple(part for part in re.split(r"[?#]", path, maxsplit=1)[0].split("/") if part)


def match(segments: Sequence[str | None], method: str | None, catalog: Catalog) -> tuple[Endpoint, ...]:
    """The operations that a request to this path can be, the most literal path winning.

    `segments` are those after the host, version included; None is a hole, also for the version.
    `method` None means unknown: every operation of the path is returned, active ones too. A path of
    the cost code families matches whatever the verb. Ask `rule_of` whether the answer may be reported.
    """
    parts = tuple(part for part in segments if part != "")
    if len(parts) < 3 or parts[0] != "rest":
        return ()
    verb = None if method is None else method.upper()
    rows = catalog.endpoint_index.find(parts)
    if rows:
        return _of_method(rows, verb) or tuple(row for row in rows if row.rule == LEGACY)
    rows = catalog.endpoint_index.family(parts)
    return _of_method(rows, verb) or rows


def rule_of(candidates: Sequence[Endpoint]) -> str | None:
    """The rule that may report these candidates: None while one of them is in order.

    Where the verb is unknown and the candidates disagree within the cost code families, what holds for
    all of them is the advice about the family.
    """
    rules = {row.rule for row in candidates}
    if len(rules) == 1:
        return rules.pop()
    return LEGACY if rules == {ANNOUNCED, LEGACY} else None


def _of_method(rows: tuple[Endpoint, ...], verb: str | None) -> tuple[Endpoint, ...]:
    return rows if verb is None else tuple(row for row in rows if row.method in (verb, "ANY"))


def _most_literal(root: _Node, parts: Sequence[str | None]) -> list[Endpoint]:
    # Each step keeps (literals so far, node); paths are short and the tree branches at holes only.
    reached: list[tuple[int, _Node]] = [(0, root)]
    for part in parts:
        onward: list[tuple[int, _Node]] = []
        for literals, node in reached:
            if part is not None and (same := node.children.get(part)) is not None:
                onward.append((literals + 1, same))
            hole = node.children.get(None)
            if hole is not None and (part is None or _can_be_id(part)):
                onward.append((literals, hole))
        reached = onward
    ends = [(literals, node) for literals, node in reached if node.rows]
    most = max((literals for literals, _ in ends), default=0)
    return [row for literals, node in ends if literals == most for row in node.rows]


def _can_be_id(part: str) -> bool:
    """Whether a literal segment can be an id or the placeholder of one (`42`, `{id}`, `PROJECT_ID`)."""
    return part.isupper() or _ID_LIKE.search(part) is not None
