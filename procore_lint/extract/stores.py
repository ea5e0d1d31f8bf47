"""Which functions store in `self`: told by their definition, so that no other need be opened for it."""

from __future__ import annotations

from procore_lint import facts


def stores_in_self(body: tuple[facts.Stmt, ...], params: tuple[facts.Param, ...]) -> bool:
    """Whether a body assigns an attribute of its function's first parameter."""
    return bool(params) and _stores(body, params[0].name)


def _stores(body: tuple[facts.Stmt, ...], first: str) -> bool:
    return any(_is_store(statement, first) for statement in body)


def _is_store(statement: facts.Stmt, first: str) -> bool:
    if isinstance(statement, facts.Function):
        return False
    if isinstance(statement, facts.Assign):
        for target in statement.targets:
            for item in target.items if isinstance(target, facts.Seq) else (target,):
                owner = item.obj if isinstance(item, facts.Attr) else None
                if isinstance(owner, facts.Name) and owner.id == first:
                    return True
    if isinstance(statement, facts.Try) and any(_stores(h, first) for h in statement.handlers):
        return True
    return any(_stores(getattr(statement, name, ()), first) for name in ("body", "orelse", "final"))
