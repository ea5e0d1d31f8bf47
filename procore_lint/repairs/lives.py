"""Whether an object that holds a token surely holds its `expires_in` as well."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.project import urls
from procore_lint.project.model import FunctionInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.code import walk
from procore_lint.repairs.shown import access, shown
from procore_lint.repairs.tested import is_removed
from procore_lint.values import Data, Mapping, Parameter, Text, Value, members


def has_life(program: Program, source: Value, holder: str) -> bool:
    """Whether a value has `expires_in` wherever it comes from.

    An answer of Procore's has it; what a function is given by several vendors may lack it, and so may what
    was read from a store, or is held by an object (`self.token`), if the project writes tokens down without
    it. What code takes it out of may be any of them.
    """
    if program.renewal.takes_life_out:
        return False
    is_kept = "." in holder.replace(".json()", "")
    for member in members(source):
        if _lacks(member):
            return False
        if isinstance(member, Data):
            # The same call may ask several vendors, one in each run.
            asked = (r for r in program.trail.requests if r.place == member.request.place)
            if any(_is_foreign(url) for request in asked for url in program.urls(request)):
                return False
        if (is_kept or not isinstance(member, Data)) and program.renewal.keeps_no_life:
            return False
        if isinstance(member, Parameter) and not member.path:
            function = program.bindings.function(member.function)
            if is_handed_less(function, member.name):
                return False
    return True


def is_handed_less(function: FunctionInfo | None, name: str) -> bool:
    """Whether the project calls a function with a dict of its own for a parameter, without the key."""
    handed = function.bindings.get(name, ()) if function is not None else ()
    return any(_lacks(given) for value in handed for given in members(value))


def tells_of_another(program: Program, source: Value) -> bool:
    """Whether an answer is what `/oauth/token/info` says of a token: it names its life otherwise."""
    urls_of = [
        url.template
        for member in members(source)
        if isinstance(member, Data)
        for url in program.urls(member.request)
        if isinstance(url, Text)
    ]
    return bool(urls_of) and all("oauth/token/info" in template for template in urls_of)


def _is_foreign(url: Value) -> bool:
    """Whether a url's host is known, and not Procore's."""
    for member in members(url):
        host = urls.address(member).host if isinstance(member, Text) else ""
        if host and not urls.is_procore(host):
            return True
    return False


def _lacks(value: Value) -> bool:
    closed = isinstance(value, Mapping) and not value.open and not value.spreads
    return closed and isinstance(value, Mapping) and "expires_in" not in value.entries


def is_doubtful(module: ModuleInfo, function: FunctionInfo | None, holder: str) -> bool:
    """Whether code asks an answer whether it is a token at all, or takes `expires_in` out of it.

    `"access_token" not in data` and `data.get("error")` come before the answer may be read.
    """
    for node in walk(function.inside.body if function is not None else module.node.body):
        if isinstance(node, facts.Compare) and node.op in ("in", "not in") and shown(node.right) == holder:
            return True
        if is_removed(node, holder):
            return True
        found = access(node, "error")
        if found is not None and shown(found[0]) == holder:
            return True
    return False
