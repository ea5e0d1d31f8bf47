"""What the tests of a project expect of requests to the letter: a header more, and they fail."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from procore_lint import facts
from procore_lint.project.mocked import is_test
from procore_lint.project.program import Program
from procore_lint.repairs.code import parts, walk
from procore_lint.repairs.shown import last_name

#: What tests call to say what something was called with, or is equal to.
_CALLED = frozenset(
    """assert_called_with assert_called_once_with assert_any_call assert_has_calls assert_awaited_with
    assert_awaited_once_with assert_any_await assert_has_awaits call""".split()
)
_EQUAL = frozenset("assertEqual assertEquals assertDictEqual assertCountEqual assert_equal".split())
_VERBS = frozenset("get options head post put patch delete request send fetch urlopen".split())
_ORDERED = ("==", "!=")


class Expected:
    """What the tests of a program compare whole; they are read when first asked for."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @property
    def headers(self) -> bool:
        """Whether a test compares all headers of a request with what it expects."""
        return self._whole[0]

    @property
    def arguments(self) -> bool:
        """Whether a test compares all that a request is called with, or has a stand-in that takes no more."""
        return self._whole[1]

    @cached_property
    def _whole(self) -> tuple[bool, bool]:
        # One module after the other: all of them open at once take more room than all else.
        headers = arguments = False
        for module in self._program.modules.values():
            if is_test(module.path):
                for node in walk(module.node.body):
                    headers = headers or any(map(_has_headers, _compared(node)))
                    arguments = arguments or _is_whole_call(node) or _takes_no_headers(node)
                    if headers and arguments:
                        return True, True
        return headers, arguments


def _compared(node: msgspec.Struct) -> Iterator[object]:
    """What a test compares with something else."""
    if isinstance(node, facts.Compare) and node.op in _ORDERED:
        yield from (node.left, node.right)
    elif isinstance(node, facts.Call):
        name = last_name(node.func)
        if name in _CALLED:
            yield node.args
        elif name in _EQUAL:
            yield from (argument.value for argument in node.args[:2])


def _has_headers(node: object) -> bool:
    """Whether whole headers are part of an expression: none of which but one key is read."""
    if isinstance(node, facts.Arg) and node.name == "headers":
        return True
    if isinstance(node, facts.Dict) and any(_is_header(key) for key, _ in node.items):
        return True
    if isinstance(node, facts.Item):
        if isinstance(node.index, facts.Const) and node.index.value == "headers":
            return True
        return not _is_headers(node.obj) and _has_headers(node.obj)
    if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr):
        if _is_headers(node.func.obj) and node.func.name == "get":
            return False
        return _has_headers(node.func) or any(map(_has_headers, node.args))
    if isinstance(node, (facts.Attr, facts.Name)) and _is_headers(node):
        return True
    return any(map(_has_headers, node if isinstance(node, tuple) else parts(node)))


def _is_header(key: object) -> bool:
    return isinstance(key, facts.Const) and str(key.value).lower() in ("authorization", "headers")


def _is_headers(node: object) -> bool:
    """Whether an expression is headers by its name: `r.headers`, `kwargs["headers"]`, `HEADERS`."""
    if isinstance(node, facts.Item):
        return isinstance(node.index, facts.Const) and node.index.value == "headers"
    return "header" in str(getattr(node, "name", getattr(node, "id", ""))).lower()


def _is_whole_call(node: object) -> bool:
    if isinstance(node, facts.Compare) and node.op in _ORDERED:
        return any(last_name(side) in ("kwargs", "call_args") for side in (node.left, node.right))
    if not isinstance(node, facts.Call) or last_name(node.func) not in _CALLED or not node.args:
        return False
    asked = node.func.obj if isinstance(node.func, facts.Attr) else None
    named = last_name(asked).lower().strip("_").split("_")
    return not _VERBS.isdisjoint(named) or last_name(node.func) in ("call", "assert_has_calls")


def _takes_no_headers(node: object) -> bool:
    """Whether a function that stands in for a request takes a url, and none but the keywords it names."""
    if not isinstance(node, (facts.Function, facts.Lambda)):
        return False
    params = node.params
    first = [param.name for param in params if param.name not in ("self", "cls")][:2]
    if any(param.kind == "**" or param.name == "headers" for param in params):
        return False
    return any(name.strip("_") in ("url", "uri") for name in first)
