"""What a function does with its names, all of it read once."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.project.model import FunctionInfo
from procore_lint.repairs.certain import doubted, is_none, may_lack
from procore_lint.repairs.code import walk
from procore_lint.repairs.names import bound_by
from procore_lint.repairs.roles import is_composed
from procore_lint.repairs.shown import shown
from procore_lint.values import Place

_END = (2**31, 0)


class Locals:
    """Which names of a function stay what they are, and which may be nothing, or a text around an id."""

    def __init__(self, function: FunctionInfo) -> None:
        body = function.inside.body
        self._doubted = doubted(body, leaves=True)
        self._gone: set[str] = set()
        self._lacking: set[str] = set()
        self._last: dict[str, tuple[int, ...]] = {}
        for node in walk(body):
            if isinstance(node, facts.Assign):
                if node.value is None:
                    continue
                if is_composed(node.value):
                    self._gone.update(bound_by(node))
                    self._lacking.update(shown(target) or "" for target in node.targets)
                if may_lack(node.value):
                    self._lacking.update(shown(target) or "" for target in node.targets)
            names = [*bound_by(node)]
            if isinstance(node, (facts.Delete, facts.AugAssign)) or (
                isinstance(node, facts.Assign) and is_none(node.value)
            ):
                self._gone.update(names)
            for name in names:
                begin = getattr(node, "span", _END)[:2]
                self._last[name] = max(begin, self._last.get(name, begin))

    def is_steady(self, name: str, place: Place) -> bool:
        """Whether a name is never nothing or put together, nor asked whether it is there, and means the same
        after a place."""
        is_bound_later = name in self._last and self._last[name] >= place.span[:2]
        return not is_bound_later and name not in self._gone and name not in self._doubted

    def may_be_nothing(self, code: str) -> bool:
        """Whether an expression is asked whether it is there, or given what may be nothing, or no id."""
        return code in self._doubted or code in self._lacking
