"""Functions put in place of a library's own: the headers that they add, each of its requests carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project.walk import walk
from procore_lint.values import Function, Partial, Type, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: Libraries by the package that is patched; those below it send through it.
_LIBRARIES = {
    "requests": ("requests", "oauth"),
    "httpx": ("httpx",),
    "aiohttp": ("aiohttp",),
    "urllib3": ("urllib3", "pool", "requests", "oauth"),
    "urllib": ("urllib", "opener"),
    "http": ("http.client", "urllib", "opener"),
}


def note(machine: Machine, name: str, value: Value) -> None:
    """`requests.Session.request = value`, where `name` is the class or module that is changed."""
    libraries = _LIBRARIES.get(name.partition(".")[0], ())
    if libraries and any(map(_touches_headers, members(value))):
        machine.patched.update(libraries)


def _touches_headers(value: Value) -> bool:
    if isinstance(value, Partial):
        return any(name == "headers" for name, _ in value.kwargs) or any(
            map(_touches_headers, members(value.function))
        )
    if not isinstance(value, (Function, Type)):
        return False
    answers = _answers(value.info.inside) if isinstance(value, Function) else frozenset()
    return any(_says_headers(part, answers) for part, _ in walk(value.info.node))


def _answers(inside: facts.Inside) -> frozenset[str]:
    """The names under which a patch keeps what the function that it replaces answers: `sent(self, ...)`."""
    first = inside.params[0].name if inside.params else ""
    return frozenset(
        target.id
        for part, _ in walk(inside.body)
        if isinstance(part, facts.Assign) and isinstance(part.value, facts.Call)
        if any(isinstance(arg.value, facts.Name) and arg.value.id == first for arg in part.value.args)
        for target in part.targets
        if isinstance(target, facts.Name) and target.id != first
    )


def _says_headers(part: object, answers: frozenset[str]) -> bool:
    if isinstance(part, facts.Const):
        return part.value == "headers"
    if isinstance(part, facts.Attr) and isinstance(part.obj, facts.Name) and part.obj.id in answers:
        return False  # the headers of an answer
    name = part.id if isinstance(part, facts.Name) else getattr(part, "name", None)
    return isinstance(name, str) and "header" in name.lower()
