"""The company's id in reach of a place: the code that gives it there, in the user's own names."""

from __future__ import annotations

import msgspec

from procore_lint import facts
from procore_lint.project.model import ClassInfo, FunctionInfo, ModuleInfo
from procore_lint.project.program import Program
from procore_lint.repairs.certain import doubted, guarded, is_none, is_of_environment, is_open, may_lack
from procore_lint.repairs.code import before, chain_to, class_at, function_at, in_header, root_name, walk
from procore_lint.repairs.fields import Fields, is_hidden
from procore_lint.repairs.held import NAMED, fields, ids_of, is_no_id, read_setting
from procore_lint.repairs.locals import Locals
from procore_lint.repairs.names import bound_by, bound_in
from procore_lint.repairs.owners import Owners, names_company
from procore_lint.repairs.scopes import Scopes
from procore_lint.repairs.shown import shown
from procore_lint.values import UNKNOWN, Nothing, Place, members


class Company(msgspec.Struct, frozen=True):
    """Code of the id, as a text for a header; `name` is what it reads, `parameter` what callers pass."""

    code: str
    name: str
    parameter: str = ""
    function: str = ""


class Companies:
    """The ids of companies in reach of a program's places, each looked for once."""

    def __init__(self, program: Program) -> None:
        self.owners = Owners(program)
        self._program = program
        self._scopes = Scopes()
        self._at: dict[Place, Company | None] = {}
        self._fields: dict[str, Fields] = {}
        self._locals: dict[str, Locals] = {}
        self._doubted: dict[str, frozenset[str]] = {}
        self._none: dict[tuple[str, str], bool] = {}
        self._once: dict[tuple[str, str], bool] = {}
        self._settings: dict[tuple[str, frozenset[str]], Company | None] = {}

    def at(self, place: Place) -> Company | None:
        """The id certainly bound at `place`: parameter, local, attribute of self, constant, setting."""
        if place not in self._at:
            module = self._program.modules[place.path]
            function = function_at(module, place)
            found = self._in_reach(module, function, place)
            if found is not None and self.owners.belongs_to_another(function, found.name):
                found = None
            self._at[place] = self._readable(found, place)
        return self._at[place]

    def as_text(self, place: Place, name: str) -> str | None:
        """The code that makes a text of an id at a place, where `str` may be something else."""
        if self._scopes.is_builtin(self._program.modules[place.path], place, "str"):
            return f"str({name})"
        return f'f"{{{name}}}"' if name.replace(".", "").replace("_", "").isalnum() else None

    def _readable(self, company: Company | None, place: Place) -> Company | None:
        if company is None:
            return None
        function = function_at(self._program.modules[place.path], place)
        if "__" in company.name and is_hidden(function.owner if function is not None else None, company.name):
            return None
        if company.code == company.name:
            return company
        code = self.as_text(place, company.name)
        return msgspec.structs.replace(company, code=code) if code is not None else None

    def fields(self, owner: ClassInfo) -> Fields:
        """What the methods of a class set."""
        if owner.id not in self._fields:
            self._fields[owner.id] = Fields(owner)
        return self._fields[owner.id]

    def named(
        self, module: ModuleInfo, place: Place, node: msgspec.Struct, *, is_sure: bool
    ) -> Company | None:
        """The company's id as a request itself names it, where that is plain code which is never nothing.

        Libraries leave a parameter that is None out, while a header would say "None": what an object keeps
        has to be something, unless the request cannot do without it (`is_sure`).
        """
        code = shown(node)
        if code is None or not isinstance(node, (facts.Name, facts.Attr, facts.Item)) or "(" in code:
            return None
        annotation = None
        root = root_name(node)
        function = self._binding(module, place, root)
        if function is not None:
            if is_open(function, root) or self._names(function).may_be_nothing(code):
                return None
            annotation = next((p.annotation for p in function.inside.params if p.name == code), None)
            owner = function.owner
            own = code.removeprefix(f"{function.first}.") if owner is not None and not is_sure else code
            if owner is not None and own != code and self.fields(owner).may_lack(own):
                return None
        elif isinstance(node, facts.Name) and not self._is_constant(module, root):
            return None
        if not names_company(node):
            return None
        return self._readable(Company(_as_text(code, annotation), code), place)

    def may_be_none(self, module: ModuleInfo, place: Place, node: facts.Expr) -> bool:
        """Whether code gives a name, or what `self` keeps, None on some way, or asks whether it is there.

        What callers pass for a parameter the run of the program knows.
        """
        root, code = root_name(node), shown(node) or ""
        function = self._binding(module, place, root)
        if function is None:
            return isinstance(node, facts.Name) and self._is_ever_none(module, root)
        if self._names(function).may_be_nothing(code):
            return True
        kept = code.removeprefix(f"{function.first}.") if function.owner is not None else code
        if function.owner is None or kept == code or not isinstance(node, facts.Attr):
            return False
        held = self.fields(function.owner)
        return held.may_lack(kept) or any(map(may_lack, held.sources(kept)))

    def _binding(self, module: ModuleInfo, place: Place, name: str) -> FunctionInfo | None:
        """The function around a place that gives a name its meaning there; None for the module."""
        chain = chain_to(module, place)
        for index in range(len(chain) - 1, -1, -1):
            node = chain[index]
            if self._scopes.binds(module, node, chain[index + 1 : index + 2], name):
                if not isinstance(node, facts.Function):
                    return function_at(module, place)  # a lambda's or a comprehension's
                return next((info for info in module.functions if info.span == node.span), None)
        return None

    def _names(self, function: FunctionInfo) -> Locals:
        if function.id not in self._locals:
            self._locals[function.id] = Locals(function)
        return self._locals[function.id]

    def _in_reach(self, module: ModuleInfo, function: FunctionInfo | None, place: Place) -> Company | None:
        around = [node for node in chain_to(module, place) if isinstance(node, facts.Function)]
        names = self._scopes.hidden(module, place)
        if in_header(module, place) and any(map(NAMED.match, names)):
            return None  # what the function itself calls so is not there yet
        inner = _of_expression(module, place)
        if inner is not None:
            return Company(_as_text(inner), inner) if inner else None
        if function is not None:
            found = (
                self._parameter(function, place)
                or self._local(function, module, place)
                or self._attribute(function, module, place)
            )
            if found is not None:
                return found
            if any(map(NAMED.match, names)):
                return None  # it may be None there, or not bound yet, and shadows what is outside
        elif class_at(module, place) is not None:
            return None  # a class body's names have their own order
        return self._constant(module, place, waits=bool(around)) or self._setting(module, names)

    def _parameter(self, function: FunctionInfo, place: Place) -> Company | None:
        for param in function.inside.params:
            if not NAMED.match(param.name) or param.kind not in ("pos", "kw"):
                continue
            if self._names(function).is_steady(param.name, place) and not is_open(function, param.name):
                return Company(_as_text(param.name, param.annotation), param.name, param.name, function.id)
        return None

    def _local(self, function: FunctionInfo, module: ModuleInfo, place: Place) -> Company | None:
        earlier = list(before(module, place))
        bound: list[tuple[facts.Expr, facts.Expr | None]] = [
            (node.target, None)
            for node in chain_to(module, place)
            if isinstance(node, facts.Loop) and node.target is not None
        ]
        for statement in earlier:
            if isinstance(statement, facts.Assign) and statement.value is not None:
                bound += [(target, statement.value) for target in statement.targets]
        for target, value in bound:
            if not isinstance(target, facts.Name) or not NAMED.match(target.id) or is_none(value):
                continue
            if value is not None and not names_company(value):
                return None
            if may_lack(value) and not guarded(earlier, target.id):
                return None
            steady = self._names(function).is_steady(target.id, place)
            return Company(_as_text(target.id), target.id) if steady else None
        return None

    def _attribute(self, function: FunctionInfo, module: ModuleInfo, place: Place) -> Company | None:
        owner, first = function.owner, function.first
        if owner is None or function.is_class_method or not first:
            return None
        for name, value in fields(owner):
            found = ""
            if NAMED.match(name):
                found = "" if is_no_id(value) else f"{first}.{name}"
            else:
                held = (theirs for member in members(value) for theirs in ids_of(self._program, member))
                found = next((f"{first}.{name}.{theirs}" for theirs in held), "")
            if not found or any(isinstance(member, Nothing) for member in members(value)):
                continue
            if not all(map(names_company, self.fields(owner).sources(name))):
                continue
            here = function.name == "__init__" and _is_set(module, place, first, name)
            if here or self.fields(owner).is_set(function, name):
                return Company(f"str({found})", found)
        return None

    def _constant(self, module: ModuleInfo, place: Place, *, waits: bool) -> Company | None:
        """A name of the module's own code that is bound before the place, or anywhere if a function waits."""
        for statement in module.node.body:
            names: list[str] = []
            if isinstance(statement, facts.Assign) and (waits or statement.span < tuple(place.span)):
                value = statement.value
                names = [t.id for t in statement.targets if isinstance(t, facts.Name) and NAMED.match(t.id)]
                if value is None or (names and (may_lack(value) or not names_company(value))):
                    continue
            elif isinstance(statement, facts.ImportFrom):
                names = [statement.alias or statement.name]
            for name in names:
                if NAMED.match(name) and self._is_constant(module, name):
                    value = statement.value if isinstance(statement, facts.Assign) else None
                    return Company(name if self._is_text(module, name, value) else _as_text(name), name)
        return None

    def _is_constant(self, module: ModuleInfo, name: str) -> bool:
        """Whether a module's name holds an id, and its code never asks whether it does."""
        if module.path not in self._doubted:
            self._doubted[module.path] = doubted(module.node.body, leaves=False)
        held = module.scope.names.get(name, UNKNOWN)
        return name not in self._doubted[module.path] and not is_no_id(held)

    def _is_ever_none(self, module: ModuleInfo, name: str) -> bool:
        """Whether a module's name is None at any time."""
        if (module.path, name) not in self._none:
            given = (s for s in module.node.body if isinstance(s, facts.Assign) and is_none(s.value))
            self._none[module.path, name] = any(
                isinstance(t, facts.Name) and t.id == name for s in given for t in s.targets
            ) or any(isinstance(m, Nothing) for m in members(module.scope.names.get(name, UNKNOWN)))
        return self._none[module.path, name]

    def _is_text(self, module: ModuleInfo, name: str, value: facts.Expr | None) -> bool:
        """Whether a module's name is what the environment says, and nothing else anywhere."""
        if not is_of_environment(value):
            return False
        if (module.path, name) not in self._once:
            self._once[module.path, name] = [*bound_in(module.node.body)].count(name) == 1
        return self._once[module.path, name]

    def _setting(self, module: ModuleInfo, hidden: frozenset[str]) -> Company | None:
        """`settings.COMPANY_ID` of an imported module of the project, of a settings class or object."""
        if (module.path, hidden) not in self._settings:
            read = read_setting(self._program, module, hidden)
            self._settings[module.path, hidden] = Company(f"str({read})", read) if read else None
        return self._settings[module.path, hidden]


def _of_expression(module: ModuleInfo, place: Place) -> str | None:
    """The id that the innermost lambda or comprehension around a place binds; "" where it may be nothing."""
    chain = chain_to(module, place)
    for below, node in zip((None, *reversed(chain)), reversed(chain), strict=False):
        if isinstance(node, facts.Function):
            return None
        if isinstance(node, facts.Lambda):
            for param in node.params:
                if NAMED.match(param.name):
                    is_given = below is node.body and param.kind in ("pos", "kw") and param.default is None
                    return param.name if is_given else ""
        elif isinstance(node, facts.Comp):
            for loop in node.loops:
                for name in bound_by(facts.Loop(loop.target, loop.iter, (), (), node.span)):
                    if NAMED.match(name):
                        return name if below is node.value else ""
    return None


def _as_text(name: str, annotation: facts.Expr | None = None) -> str:
    is_text = isinstance(annotation, facts.Name) and annotation.id == "str"
    return name if is_text else f"str({name})"


def _is_set(module: ModuleInfo, place: Place, first: str, name: str) -> bool:
    for statement in before(module, place):
        for node in walk(statement) if isinstance(statement, facts.Assign) else ():
            if isinstance(node, facts.Attr) and (shown(node) == f"{first}.{name}"):
                return True
    return False
