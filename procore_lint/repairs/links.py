"""PCL301 and PCL303: tests of a file link's host become tests for the suffix `.procore.com`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from procore_lint import facts
from procore_lint.finding import Fix
from procore_lint.project.events import Comparison
from procore_lint.project.model import ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.certain import may_lack
from procore_lint.repairs.code import chain_to, walk
from procore_lint.repairs.shown import shown
from procore_lint.replacement import ReplaceExpr, ReplaceText
from procore_lint.values import Data, Hole, Parameter, Place, Text, Unknown, Value, members

_STORAGE = "storage.procore.com"
_SUFFIX = ".procore.com"
_HOSTS = ("netloc", "hostname")


class Links:
    """Tests of links in a program; what is known of its modules and requests is found out once."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._parsing: dict[str, bool] = {}

    def host_test(self, event: Comparison) -> Fix | None:
        """A test of the host that decides nothing but whether the token is sent."""
        chain = chain_to(event.module, event.place)
        test = chain[-1] if chain else None
        if not isinstance(test, facts.Compare) or not _decides_token(chain):
            return None
        new = self._suffix_test(event, test)
        old = shown(test)
        if old is None or new is None:
            return None
        return Fix.of("safe", ReplaceExpr(event.place.path, test.span, old, new))

    def by_hand(self, event: Comparison, otherwise: str) -> str:
        """The help where no fix is offered: the test that may decide about the token."""
        chain = chain_to(event.module, event.place)
        test = chain[-1] if chain else None
        new = self._suffix_test(event, test) if isinstance(test, facts.Compare) else None
        if new is None:
            return otherwise
        return f"to decide on the token, test `{new}`; for anything else use the link as it comes"

    def _suffix_test(self, event: Comparison, test: facts.Compare) -> str | None:
        for text, host, value in (
            (test.left, test.right, event.right),
            (test.right, test.left, event.left),
        ):
            if not isinstance(text, facts.Const) or text.value != _STORAGE:
                continue
            written = shown(host)
            if written is None or test.op not in ("==", "in") or (test.op == "in" and text is test.right):
                return None
            kind = host.name if isinstance(host, facts.Attr) and host.name in _HOSTS else self._kind(value)
            if kind in _HOSTS:
                subject = written if kind == "netloc" else f'({written} or "")'
                if _may_have_no_url(host):
                    subject = f'({written.removesuffix("netloc")}hostname or "")'
                return f'{subject}.endswith("{_SUFFIX}")'
            is_name = isinstance(host, facts.Name)
            if test.op == "in" and kind == "url" and is_name and self._parses_urls(event.module):
                return f'(urlparse({written}).hostname or "").endswith("{_SUFFIX}")'
        return None

    def _kind(self, value: Value) -> str:
        """Which part of a link a value is: one of `_HOSTS`, "url" for all of it, "" where not known."""
        kinds = {self._kind_of(member) for member in members(value)}
        return kinds.pop() if len(kinds) == 1 else ""

    def _kind_of(self, value: Value) -> str:
        path = value.path if isinstance(value, (Data, Parameter)) else ()
        last = path[-1] if path else value.hint.rpartition(".")[2] if isinstance(value, Unknown) else ""
        if last in _HOSTS:
            return last
        return "url" if isinstance(value, (Data, Parameter)) and value in self._sent else ""

    @cached_property
    def _sent(self) -> frozenset[Value]:
        """What urls of requests are, as a whole."""
        requests = self._program.trail.requests
        return frozenset(
            bare
            for request in requests
            for member in members(request.url)
            if isinstance(bare := _bare(member), (Data, Parameter))
        )

    def _parses_urls(self, module: ModuleInfo) -> bool:
        if module.path not in self._parsing:
            self._parsing[module.path] = _parses_urls(module)
        return self._parsing[module.path]


def _may_have_no_url(host: facts.Expr) -> bool:
    """Whether a test asks for the netloc of what may be no url: then it is bytes, which end in no text."""
    parsed = host.obj if isinstance(host, facts.Attr) and host.name == "netloc" else None
    return isinstance(parsed, facts.Call) and len(parsed.args) == 1 and may_lack(parsed.args[0].value)


def _bare(value: Value) -> Value:
    """The value that is all of a text."""
    only = value.parts[0] if isinstance(value, Text) and len(value.parts) == 1 else None
    return only.value if isinstance(only, Hole) else value


def _parses_urls(module: ModuleInfo) -> bool:
    """Whether `urlparse` means the one of the library all over a module."""
    imported = any(
        isinstance(statement, facts.ImportFrom)
        and (statement.module, statement.name) == ("urllib.parse", "urlparse")
        and statement.alias in ("", "urlparse")
        for statement in module.node.body
    )
    others = (facts.Function, facts.Param, facts.Class)
    return imported and not any(
        isinstance(node, others) and node.name == "urlparse" for node in walk(module.node.body)
    )


def _decides_token(chain: tuple[object, ...]) -> bool:
    """Whether the whole test stands at an `if` that only decides about the token in the headers."""
    test, above = chain[-1], chain[-2] if len(chain) > 1 else None
    if isinstance(above, facts.Cond) and above.test is test:
        return (_is_token_headers(above.body) and _is_empty(above.orelse)) or (
            _names_token(above.body) and _is_empty(above.orelse)
        )
    if isinstance(above, facts.If) and above.test is test and len(above.body) == 1:
        only = above.body[0]
        if not isinstance(only, facts.Assign) or len(only.targets) != 1:
            return False
        if _puts_token(only.targets[0]):
            return not above.orelse
        return (
            only.value is not None
            and _is_token_headers(only.value)
            and _empties(above.orelse, only.targets[0])
        )
    return False


def _puts_token(target: facts.Expr) -> bool:
    return (
        isinstance(target, facts.Item)
        and isinstance(target.index, facts.Const)
        and str(target.index.value).lower() == "authorization"
    )


def _empties(block: tuple[facts.Stmt, ...], target: facts.Expr) -> bool:
    if not block:
        return True
    only = block[0]
    return (
        len(block) == 1
        and isinstance(only, facts.Assign)
        and shown(only.targets[0]) == shown(target)
        and _is_empty(only.value)
    )


def _is_token_headers(node: facts.Expr) -> bool:
    return isinstance(node, facts.Dict) and any(
        isinstance(key, facts.Const) and str(key.value).lower() == "authorization" for key, _ in node.items
    )


def _names_token(node: facts.Expr) -> bool:
    written = shown(node) or ""
    return "headers" in written.lower() or "token" in written.lower()


def _is_empty(node: facts.Expr | None) -> bool:
    return (isinstance(node, facts.Dict) and not node.items) or (
        isinstance(node, facts.Const) and node.value is None
    )


def allowed_host(program: Program, module: ModuleInfo, place: Place) -> Fix | None:
    """An entry of a list with which hosts are only ever compared by their ends."""
    chain = chain_to(module, place)
    entry = chain[-1] if chain else None
    owner = next((node for node in reversed(chain) if isinstance(node, facts.Assign)), None)
    if (
        not isinstance(entry, facts.Const)
        or entry.value != _STORAGE
        or owner is None
        or owner not in module.node.body
    ):
        return None
    target = owner.targets[0] if len(owner.targets) == 1 else None
    if not isinstance(target, facts.Name) or not isinstance(owner.value, facts.Seq):
        return None
    if any(node.value == _SUFFIX for node in owner.value.items if isinstance(node, facts.Const)):
        return None
    uses = [node for node in walk(module.node.body) if isinstance(node, facts.Name) and node.id == target.id]
    ends = list(_ends(module, target.id))
    if not ends or len(uses) != len(ends) + 1 or _is_seen_elsewhere(program, module, target.id):
        return None
    return Fix.of("unsafe", ReplaceText(place.path, place.span, _STORAGE, _SUFFIX))


def _ends(module: ModuleInfo, name: str) -> Iterator[facts.Name]:
    """The uses of a list in `host.endswith(tuple(LIST))` and `any(host.endswith(end) for end in LIST)`."""
    for node in walk(module.node.body):
        if isinstance(node, facts.Call) and _is_endswith(node):
            argument = node.args[0].value
            if (
                isinstance(argument, facts.Call)
                and shown(argument.func) == "tuple"
                and len(argument.args) == 1
            ):
                argument = argument.args[0].value
            if isinstance(argument, facts.Name) and argument.id == name:
                yield argument
        elif isinstance(node, facts.Comp) and len(node.loops) == 1 and isinstance(node.value, facts.Call):
            loop = node.loops[0]
            if not isinstance(loop.iter, facts.Name) or loop.iter.id != name or not _is_endswith(node.value):
                continue
            if shown(node.value.args[0].value) == shown(loop.target):
                yield loop.iter


def _is_endswith(node: facts.Call) -> bool:
    return isinstance(node.func, facts.Attr) and node.func.name == "endswith" and len(node.args) == 1


def _is_seen_elsewhere(program: Program, module: ModuleInfo, name: str) -> bool:
    for other in program.modules.values():
        if other is not module and any(
            (isinstance(node, facts.Attr) and node.name == name)
            or (isinstance(node, facts.ImportFrom) and node.name in (name, "*"))
            for node in walk(other.node.body)
        ):
            return True
    return False
