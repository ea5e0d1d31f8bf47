"""What web frameworks keep for a whole application: `app.state` of Starlette, `g` of Flask."""

from __future__ import annotations

from procore_lint.values import External, Parameter, Unknown, Value

_CONTEXTS = frozenset({"flask.g", "quart.g"})


def name_of(holder: Value, name: str) -> str | None:
    """The name under which the application keeps `holder.name`; None for anything else."""
    if isinstance(holder, External):
        return f"g.{name}" if holder.name in _CONTEXTS else None
    if isinstance(holder, Parameter):
        way = (holder.name, *holder.path)[-2:]
    elif isinstance(holder, Unknown):
        if not holder.hint.endswith(".state"):
            return None
        way = tuple(holder.hint.split(".")[-2:])
    else:
        return None
    return f"state.{name}" if way in _STATES else None


_STATES = frozenset({("app", "state"), ("FastAPI()", "state"), ("Starlette()", "state")})
