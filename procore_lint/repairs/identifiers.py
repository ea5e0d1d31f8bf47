"""Whether the value of a header is the id of a company, as far as its code says."""

from __future__ import annotations

import re

import msgspec

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to
from procore_lint.repairs.owners import keys, names_company, says_company
from procore_lint.repairs.roles import bare
from procore_lint.values import Place

_ID = regex(r"(?:\A|_)(?:cid|id|company|procore_company|pk)\Z|[a-z](?:Id|ID|Company)\Z", re.IGNORECASE)
#: Last words of what is not a number that Procore gave: a company has these besides its id.
_OTHER = regex(
    r"(?:\A|_|(?<=[a-z])(?=[A-Z]))"
    r"(?:name|title|label|slug|code|number|no|nr|guid|uuid|domain|email|url|display|key|ref|type)\Z",
    re.IGNORECASE,
)
#: What other things have ids.
_ELSE = regex(r"vendor|project|user|employee|contact|person", re.IGNORECASE)


def given_to(module: ModuleInfo, key: Place) -> facts.Expr | None:
    """The value that the key at a place is given, in a dict display or by `headers[key] = value`."""
    chain = chain_to(module, key)
    node, around = (chain[-1], chain[-2]) if len(chain) > 1 else (None, None)
    if isinstance(around, facts.Dict):
        return next((value for written, value in around.items if written is node), None)
    if isinstance(around, facts.Item) and len(chain) > 2 and isinstance(chain[-3], facts.Assign):
        return chain[-3].value
    return None


def is_id(node: facts.Expr | None) -> bool:
    """Whether an expression is a company's id by its name, or a number."""
    inner = _plain(node)
    if isinstance(inner, facts.Const):
        return str(inner.value).isdecimal()
    name = _last(inner)
    return name is not None and _ID.search(name) is not None and says_company(name) and names_company(inner)


def is_no_id(node: facts.Expr | None) -> bool:
    """Whether an expression is something else by its name: `company_name`, `erp.client_code`, "ACME"."""
    inner = _plain(node)
    if isinstance(inner, facts.Const):
        return isinstance(inner.value, str) and " " in inner.value
    name = _last(inner)
    if name is None:
        return False
    return bool(_OTHER.search(name) or _ELSE.search(name)) or not names_company(inner)


def _plain(node: msgspec.Struct | None) -> msgspec.Struct:
    """An expression without what makes a text of it: `str(x)`, `f"{x}"`."""
    inner = bare(node) if node is not None else facts.Const(None, (0, 0, 0, 0))
    if isinstance(inner, facts.Format) and len(inner.parts) == 1:
        return _plain(inner.parts[0])
    return inner


def _last(node: msgspec.Struct) -> str | None:
    """The name by which an expression reads what it gives."""
    if isinstance(node, facts.Name):
        return node.id
    return next(keys(node), None)
