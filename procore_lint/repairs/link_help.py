"""PCL301 to PCL303: what to write where a file link is cut, built or compared, in the user's own names."""

from __future__ import annotations

import re
from itertools import pairwise

from procore_lint import facts
from procore_lint.lazy import regex
from procore_lint.project.model import ModuleInfo
from procore_lint.repairs.code import chain_to, walk
from procore_lint.repairs.shown import shown
from procore_lint.repairs.texts import LONGEST, assignment, composed, holes, listed
from procore_lint.values import Place

_SUFFIX = ".procore.com"
_STORAGE = "storage.procore.com"
_PARSING = ("urlparse", "urlsplit")
_MATCHING = frozenset({"match", "search", "fullmatch", "startswith", "endswith", "find", "index", "count"})
_CUTTING = frozenset("split rsplit partition rpartition replace removeprefix removesuffix group".split())
_PARTS = frozenset({"path", "query", "scheme", "fragment", "params"})
_HOST = regex(r"(?:\A|_)(?:hostname|host|netloc|domain)\Z", re.IGNORECASE)


def opaque(module: ModuleInfo, place: Place, otherwise: str) -> str:
    """The help for code that tests or cuts a link: the name of the link, and the test that may be made."""
    chain = chain_to(module, place)
    call = chain[-1] if chain else None
    if isinstance(call, facts.Compare):
        sides = [side for side in (call.left, call.right) if not isinstance(side, facts.Const)]
        link = _plain(sides[0]) if len(sides) == 1 else None
        return f"do not decide by `{link}`: {otherwise}" if link is not None else otherwise
    link = _subject(call) if isinstance(call, facts.Call) else None
    if link is None:
        held = assignment(module, place)
        return f"drop `{held[0]}`: {otherwise}" if held is not None else otherwise
    name = call.func.name if isinstance(call, facts.Call) and isinstance(call.func, facts.Attr) else ""
    if name in _MATCHING:
        test = _token_test(call, link)
        if test is None:
            return f"do not decide by `{link}`: {otherwise}"
        return f"use `{link}` as it comes, and follow redirects; to decide on the token, test `{test}`"
    return f"use `{link}` as it comes, and take names and ids from the record that it came with"


def _subject(call: facts.Call) -> str | None:
    """The code of the link that a method or a regular expression looks at."""
    return _plain(_looked_at(call))


def _looked_at(call: facts.Call) -> object:
    if not isinstance(call.func, facts.Attr):
        return None
    subject: object = call.func.obj
    if shown(call.func.obj) in ("re", "regex"):
        # The link is the last of the positional arguments, `re.sub(pattern, new, link)` included.
        given = [argument.value for argument in call.args if argument.name is None]
        subject = given[{"sub": 2, "subn": 2}.get(call.func.name, 1) :][:1]
        subject = subject[0] if subject else None
    return subject


def _token_test(call: object, link: str) -> str | None:
    """The test for the suffix, of a link or its host; None where but another part of a link is at hand."""
    subject = _looked_at(call) if isinstance(call, facts.Call) else None
    if _link_parsed(subject) is None:
        last = subject.name if isinstance(subject, facts.Attr) else link
        if _HOST.search(last):
            return f'({link} or "").endswith("{_SUFFIX}")'
        if last in _PARTS or any(_is_cut(node) for node in walk(subject)):
            return None
    return f'(urlparse({link}).hostname or "").endswith("{_SUFFIX}")'


def _is_cut(node: object) -> bool:
    """Whether code takes a part of a text."""
    if isinstance(node, facts.Item):
        return isinstance(node.index, facts.Opaque)
    name = node.func.name if isinstance(node, facts.Call) and isinstance(node.func, facts.Attr) else ""
    return name in _CUTTING


def _link_parsed(node: object) -> facts.Expr | None:
    """`link` of `urlparse(link)`, `urlparse(link).netloc` and `urlparse(link).hostname or ""`."""
    if isinstance(node, facts.Logic) and node.op == "or":
        node = node.values[0]
    inner = node.obj if isinstance(node, facts.Attr) else node
    parses = isinstance(inner, facts.Call) and (shown(inner.func) or "").rpartition(".")[2] in _PARSING
    return inner.args[0].value if isinstance(inner, facts.Call) and parses and len(inner.args) == 1 else None


def _plain(node: object) -> str | None:
    """The code of a link, also where a part of it is read: `link` of `urlparse(link).path`."""
    parsed = _link_parsed(node)
    node = node if parsed is None else parsed
    code = shown(node) if not isinstance(node, facts.Const) else None
    return code if code is not None and len(code) < LONGEST // 2 else None


def built(module: ModuleInfo, place: Place, otherwise: str) -> str:
    """The help for a link that is put together: what is to give the link instead, and of what it was made."""
    found = composed(module, place)
    made_of = [code for code in holes(found[0]) if len(code) < LONGEST // 3] if found is not None else []
    if not made_of:
        return otherwise
    drop = f"the API's answer as it is, and drop what makes it of {listed(made_of)}"
    chain = chain_to(module, place)
    held = assignment(module, place)
    if held is not None:
        return f"take `{held[0]}` from {drop}"
    function = next((node for node in reversed(chain) if isinstance(node, facts.Function)), None)
    if function is not None and any(isinstance(node, facts.Return) for node in chain):
        return f"let `{function.name}` return the link from {drop}"
    return f"take the url from {drop}"


def policy(text: str) -> str:
    """The source of a content security policy to write; its list names hosts by pattern."""
    word = next((word for word in text.replace(";", " ").split() if _STORAGE in word), _STORAGE)
    return (
        f"write `{word.replace(_STORAGE, '*' + _SUFFIX)}` in place of `{word}`, and add the hosts to which"
        " the links redirect"
    )


def allowed(module: ModuleInfo, place: Place, host: str, otherwise: str) -> str:
    """The test to write where a list of whole hosts is asked; else the name of the list to mend."""
    name = _list_name(module, place)
    if name is None:
        return otherwise
    for node in walk(module.node.body):
        if not isinstance(node, facts.Compare) or node.op not in ("in", "not in"):
            continue
        asked, subject = shown(node.right), shown(node.left)
        if asked is None or subject is None or asked.rpartition(".")[2] != name:
            continue
        # A host may be None: one that is read as `.hostname`, here or where its name was given.
        text = subject if subject.endswith(".netloc") else f'({subject} or "")'
        test = f'{text}.endswith("{_SUFFIX}")'
        new = f"{subject} in {asked} or {test}"
        if node.op == "not in":
            new = f"{subject} not in {asked} and not {test}"
        return (
            f"write `{new}` at {module.path}:{node.span[0]}, and let redirects go to any host (without token)"
        )
    return (
        f"let `{name}` allow the suffix {_SUFFIX} in place of {host}, and any host for the redirects that"
        " follow (without token)"
    )


def _list_name(module: ModuleInfo, place: Place) -> str | None:
    """The name, attribute, key or keyword under which a list of hosts is kept."""
    chain = chain_to(module, place)
    for above, below in reversed(list(pairwise(chain))):
        if isinstance(above, facts.Dict):
            key = next((key for key, value in above.items if value is below), None)
            return str(key.value) if isinstance(key, facts.Const) else None
        if isinstance(above, facts.Arg) and above.name not in (None, "*", "**"):
            return above.name
        if isinstance(above, facts.Assign):
            code = shown(above.targets[0]) if len(above.targets) == 1 else None
            return code.rpartition(".")[2] if code else None
    return None
