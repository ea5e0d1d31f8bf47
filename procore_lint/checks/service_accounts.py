"""PCL501 and PCL502: token requests with the client_credentials grant, and whose account they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint import facts, repairs
from procore_lint.catalog import Catalog
from procore_lint.checks.account_names import Accounts
from procore_lint.checks.account_records import is_of_several, origin, reads_secret
from procore_lint.checks.base import Context, Draft
from procore_lint.lazy import regex
from procore_lint.project.model import ModuleInfo
from procore_lint.project.naming import dotted
from procore_lint.project.program import Program
from procore_lint.project.sightings import Sighting
from procore_lint.project.walk import walk
from procore_lint.repairs.code import before

TRADITIONAL = "traditional-service-account"
UNCLEAR = "unclear-service-account"
_MOVE = (
    "move to a Developer Managed Service Account: one client id and secret for all companies, installed with"
    " the app"
)
_SAY = (
    "if it is a traditional service account, it stopped working on 2025-03-18; if it is a Developer Managed"
    " Service Account, say so in the code (a comment `# DMSA` is enough) and this goes away"
)


def check(program: Program, catalog: Catalog, context: Context) -> Iterator[Draft]:
    """One finding for each grant; the names around it say which kind of account it is."""
    if program.grants.names_dmsa:
        return
    accounts = Accounts(program)
    for grant in program.grants.literals():
        module = program.modules[grant.place.path]
        if program.is_mocked(module) or grant.role in ("compared", "member", "key"):
            continue
        if accounts.name(grant, _settings(grant, module)):
            yield Draft(
                TRADITIONAL,
                grant.place,
                "a traditional service account asks for this token; they stopped working on 2025-03-18",
                repairs.accounts.replaced(module, grant.place, _MOVE),
                symbol=grant.symbol,
            )
        elif _is_per_company(program, accounts, grant):
            yield Draft(
                TRADITIONAL,
                grant.place,
                "each company has a client id and secret of its own here, as only traditional service"
                " accounts do; they stopped working on 2025-03-18",
                repairs.accounts.replaced(module, grant.place, _MOVE),
                symbol=grant.symbol,
            )
        else:
            yield Draft(
                UNCLEAR,
                grant.place,
                "a client_credentials grant: nothing here says whose account it is",
                repairs.accounts.named(module, grant.place, _SAY),
                symbol=grant.symbol,
            )


_OWNER = regex(r"compan|customer|tenant|client_?compan|organi[sz]ation", re.IGNORECASE)


def _beside(grant: Sighting, module: ModuleInfo) -> list[tuple[str, facts.Expr]]:
    """The keys and values that stand beside the grant in its dict or call."""
    form = repairs.accounts.form(module, grant.place)
    if isinstance(form, facts.Dict):
        return [(str(key.value), value) for key, value in form.items if isinstance(key, facts.Const)]
    return [(arg.name or "", arg.value) for arg in form.args] if form is not None else []


def _settings(grant: Sighting, module: ModuleInfo) -> list[str]:
    """The settings that the client id and secret beside the grant are read from, by their names."""
    return [
        name
        for key, value in _beside(grant, module)
        if key in ("client_id", "client_secret")
        for node, _ in walk(value)
        for name in (
            [node.value]
            if isinstance(node, facts.Const) and isinstance(node.value, str)
            else [node.name]
            if isinstance(node, facts.Attr) and node.name.isupper()
            else []
        )
    ]


def _is_looked_up(node: object, inside: bool = False) -> bool:
    """Whether a value is looked up by something named after a company (`env[f"..{company_id}.."]`)."""
    if isinstance(node, facts.Name):
        return inside and bool(_OWNER.search(node.id))
    if isinstance(node, facts.Attr):
        return (inside and bool(_OWNER.search(node.name))) or _is_looked_up(node.obj, inside)
    if isinstance(node, facts.Item):
        return _is_looked_up(node.index, True) or _is_looked_up(node.obj, inside)
    if isinstance(node, facts.Call):
        return _is_looked_up(node.func, inside) or any(_is_looked_up(a.value, True) for a in node.args)
    if isinstance(node, facts.Format):
        return any(_is_looked_up(part, inside) for part in node.parts)
    return False


_QUERIES = frozenset(
    {"get", "filter", "filter_by", "get_or_404", "get_object_or_404", "get_item", "find_one"}
)


def _is_of_row(module: ModuleInfo, grant: Sighting, value: facts.Expr) -> bool:
    """Whether a value is a field of a row that the same function looked up by company."""
    holder = value.obj if isinstance(value, (facts.Attr, facts.Item)) else None
    if not isinstance(holder, facts.Name):
        return False
    for statement in before(module, grant.place):
        if isinstance(statement, facts.Assign) and any(
            isinstance(target, facts.Name) and target.id == holder.id for target in statement.targets
        ):
            return statement.value is not None and _is_row(statement.value)
    return False


def _is_row(node: facts.Expr) -> bool:
    if isinstance(node, facts.Await):
        return _is_row(node.value)
    if isinstance(node, facts.Item):
        return isinstance(node.index, (facts.Name, facts.Attr)) and _is_looked_up(node)
    if isinstance(node, facts.Call):
        inner = node.func.obj if isinstance(node.func, facts.Attr) else None
        if dotted(node.func).rpartition(".")[2] in _QUERIES or reads_secret(node):
            return any(_is_looked_up(arg.value, True) for arg in node.args)
        return inner is not None and _is_row(inner)  # query.filter_by(company=...).first()
    return False


def _is_per_company(program: Program, accounts: Accounts, grant: Sighting) -> bool:
    """Whether the id and secret are looked up by company."""
    module = program.modules[grant.place.path]
    for key, given in _beside(grant, module):
        value = origin(module, grant.place, given)
        if key in ("client_id", "client_secret") and (
            _OWNER.search(dotted(value).rpartition(".")[0])
            or _is_looked_up(value)
            or _is_of_row(module, grant, value)
            or is_of_several(program, module, grant.place, value)
        ):
            return True
    return accounts.are_per_company(grant)
