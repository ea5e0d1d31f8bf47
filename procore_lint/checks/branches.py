"""Branches that are run only for links to a host that is not Procore's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to, parts
from procore_lint.repairs.shown import shown
from procore_lint.values import Place

_HOST = regex(r"\A(?:https?://)?\.?(?:[\w-]+\.)+[a-z]{2,}(?:/.*)?\Z", re.IGNORECASE)
_OURS = regex(r"procore|amazonaws", re.IGNORECASE)
_LINK = regex(r"url|link|href|uri|host|netloc|domain", re.IGNORECASE)
_TESTS = frozenset({"startswith", "endswith", "find", "search", "match"})


def is_for_another_host(module: ModuleInfo, place: Place) -> bool:
    """Whether code stands in the arm of a test that names another host than Procore's in the link."""
    return any(
        _HOST.match(text) and not _OURS.search(text)
        for above, below in pairwise(chain_to(module, place))
        for text in _named(_decided(above, below))
    )


def _decided(above: object, below: object) -> object:
    """The test that holds where `below` is run."""
    if isinstance(above, facts.If) and any(below is statement for statement in above.body):
        return above.test
    return above.test if isinstance(above, facts.Cond) and below is above.body else None


def _named(test: object) -> Iterator[str]:
    """The texts that a link has where the test holds."""
    if isinstance(test, facts.Compare) and test.op in ("==", "in"):
        for text, link in ((test.left, test.right), (test.right, test.left)):
            if _LINK.search(shown(link, exact=False) or ""):
                yield from _texts(text)
    elif isinstance(test, facts.Call) and isinstance(test.func, facts.Attr) and test.func.name in _TESTS:
        if test.args and _LINK.search(shown(test.func.obj, exact=False) or ""):
            yield from _texts(test.args[0].value)
    elif isinstance(test, facts.Logic):
        for value in parts(test):
            yield from _named(value)


def _texts(node: facts.Expr) -> Iterator[str]:
    for item in node.items if isinstance(node, facts.Seq) else (node,):
        if isinstance(item, facts.Const) and isinstance(item.value, str):
            yield item.value
