"""Which rules run and which findings a file may show: select, ignore, per-file-ignores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from procore_lint.config import ConfigError
from procore_lint.hints import did_you_mean
from procore_lint.ignores import Level, level

if TYPE_CHECKING:
    from procore_lint.catalog import Catalog
    from procore_lint.finding import Finding


def rules_of(selectors: Iterable[str], catalog: Catalog, where: str) -> frozenset[str]:
    """The names of the rules that codes, prefixes or names select.

    Raises ConfigError for a selector that selects nothing, naming `where` it stands.
    """
    found: set[str] = set()
    for selector in selectors:
        rules = catalog.find(selector)
        if not rules:
            known = [*catalog.rules, *(rule.code for rule in catalog.rules.values())]
            raise ConfigError(
                f"{where}: unknown rule {selector!r}.{did_you_mean(selector, known)}"
                " See `procore-lint rules` for all of them."
            )
        found.update(rule.name for rule in rules)
    return frozenset(found)


def running(select: Sequence[str], ignore: Sequence[str], catalog: Catalog, where: str) -> frozenset[str]:
    """The names of the rules that run: the selected ones (all by default) without the ignored ones."""
    selected = rules_of(select, catalog, f"{where}: select") if select else frozenset(catalog.rules)
    return selected - rules_of(ignore, catalog, f"{where}: ignore")


class FileIgnores:
    """The `per-file-ignores` of a configuration; `lift` is the way from its directory to the root."""

    def __init__(
        self, table: Mapping[str, Sequence[str]], catalog: Catalog, where: str, lift: str = ""
    ) -> None:
        self._ignores: list[tuple[Level, frozenset[str]]] = []
        for pattern, names in table.items():
            rules = rules_of(names, catalog, f"{where}: per-file-ignores")
            made = level([pattern], lift=lift)
            if made is not None:
                self._ignores.append((made, rules))

    def shows(self, finding: Finding) -> bool:
        """Whether the finding may be reported in its file."""
        return not any(finding.rule in rules and made.covers(finding.path) for made, rules in self._ignores)
