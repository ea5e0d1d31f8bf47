"""Whose id a name holds, where a project deals with more than Procore."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.project.events import Request
from procore_lint.project.model import FunctionInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import chain_to, function_at, shown, walk


def belongs_to_another(program: Program, function: FunctionInfo | None, name: str) -> bool:
    """Whether code sends what is called `name` to another vendor's host, and never to Procore.

    A local name is looked for in its function, any other in every function that sends requests.
    """
    last = name.rpartition(".")[2]
    is_local = function is not None and last == name and _is_local(function, name)
    sent = [r for r in program.trail.requests if not is_local or r.function is function]
    theirs = (r for r in sent if set(program.kinds(r)) == {"other"})
    if not any(_is_sent(request, last) for request in theirs):
        return False
    ours = (r for r in sent if {"rest", "exempt"} & set(program.kinds(r)))
    return not any(_is_sent(request, last) for request in ours)


def _is_local(function: FunctionInfo, name: str) -> bool:
    if any(param.name == name for param in function.node.params):
        return True
    return any(
        isinstance(node, facts.Assign) and any(shown(target) == name for target in node.targets)
        for node in walk(function.node.body)
    )


def _is_sent(request: Request, last: str) -> bool:
    """Whether the code that sends a request, all its function or the statement, holds a name."""
    function = function_at(request.module, request.place)
    code = function.node.body if function is not None else chain_to(request.module, request.place)[:1]
    return any(
        (isinstance(node, facts.Name) and node.id == last)
        or (isinstance(node, facts.Attr) and node.name == last)
        for node in walk(code)
    )
