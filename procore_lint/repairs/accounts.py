"""PCL501 and PCL502: the token request as it reads with a Developer Managed Service Account (DMSA)."""

from __future__ import annotations

from procore_lint import facts
from procore_lint.project.model import ModuleInfo
from procore_lint.project.sightings import names_grant
from procore_lint.repairs.code import chain_to
from procore_lint.repairs.shown import shown
from procore_lint.repairs.texts import LONGEST, substituted
from procore_lint.values import Place

_KEYS = ("client_id", "client_secret")


def replaced(module: ModuleInfo, place: Place, otherwise: str) -> str:
    """The credentials to write in place of those of a traditional account."""
    held = form(module, place)
    given = [value for _, value in _credentials(held)]
    old = [shown(value, exact=False) for value in given]
    if not old or None in old or sum(len(code or "") for code in old) > LONGEST:
        return otherwise
    if isinstance(held, facts.Call):
        # A class that uses the grant is given the id; the secret stands in another call.
        apart = names_grant(held) is not None
        keys = [key for key, _ in _credentials(held) if key in _KEYS] if apart else _KEYS
        new = [f"{key}={_setting(key)}" for key in keys or _KEYS]
    else:
        new = [f'"{key}": {_setting(key)}' for key in _KEYS]
    star = "**" if _is_spread(held) else ""
    codes = " and ".join(f"`{star}{code}`" for code in old)
    return (
        "make a Developer Managed Service Account, one client id and secret for all companies, and write"
        f" `{', '.join(new)}` in place of {codes}"
    )


def named(module: ModuleInfo, place: Place, otherwise: str) -> str:
    """The form as it reads when its credentials say that they are a DMSA's."""
    held = form(module, place)
    changed: object = held
    for _, value in _credentials(held):
        changed = substituted(changed, value, _said(value))
    code = shown(changed, exact=False) if changed is not held else None
    if code is None or len(code) > LONGEST:
        return otherwise
    return (
        f"if it is a Developer Managed Service Account, say so, as in `{code}`; if it is a traditional"
        " service account, it stopped working on 2025-03-18"
    )


def form(module: ModuleInfo, place: Place) -> facts.Dict | facts.Call | None:
    """The dict or call in which a grant stands."""
    above = [node for node in chain_to(module, place)[:-1] if not isinstance(node, facts.Arg)][-1:]
    return above[0] if above and isinstance(above[0], (facts.Dict, facts.Call)) else None


def _credentials(form: object) -> list[tuple[str, facts.Expr]]:
    """The values of the id and secret in a form; where they come with a spread, that."""
    pairs: list[tuple[str, facts.Expr]] = []
    if isinstance(form, facts.Dict):
        pairs = [("**" if key is None else _text(key), value) for key, value in form.items]
    elif isinstance(form, facts.Call):
        pairs = [(argument.name or "", argument.value) for argument in form.args]
    return [pair for pair in pairs if pair[0] in _KEYS] or [pair for pair in pairs if pair[0] == "**"][:1]


def _text(node: facts.Expr) -> str:
    return str(node.value) if isinstance(node, facts.Const) else ""


def _is_spread(form: object) -> bool:
    return any(key == "**" for key, _ in _credentials(form))


def _setting(key: str) -> str:
    return f'os.environ["PROCORE_DMSA_{key.upper()}"]'


def _said(node: facts.Expr) -> facts.Expr:
    """An expression whose name says DMSA: a name, an attribute, the key of an item or of a setting."""
    if isinstance(node, facts.Name):
        return facts.Name(_dmsa(node.id), node.span)
    if isinstance(node, facts.Attr):
        return facts.Attr(node.obj, _dmsa(node.name), node.span)
    if isinstance(node, facts.Item) and isinstance(node.index, facts.Const):
        return facts.Item(node.obj, facts.Const(_dmsa(str(node.index.value)), node.span), node.span)
    if isinstance(node, facts.Call) and node.args and isinstance(node.args[0].value, facts.Const):
        key = facts.Arg(node.args[0].name, facts.Const(_dmsa(str(node.args[0].value.value)), node.span))
        return facts.Call(node.func, (key, *node.args[1:]), node.span)
    return node


def _dmsa(name: str) -> str:
    """`PROCORE_CLIENT_ID` is `PROCORE_DMSA_CLIENT_ID`, `pair` is `dmsa_pair`."""
    word = "DMSA" if name.isupper() else "dmsa"
    at = name.lower().find("client")
    if at >= 0 and (at == 0 or name[at - 1] == "_"):
        return f"{name[:at]}{word}_{name[at:]}"
    return f"{word}_{name}" if not name.startswith("_") else f"_{word}{name}"
