"""Routes of the project's own server: paths that it answers, which are nobody's request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from procore_lint import facts
from procore_lint.project import urls
from procore_lint.project.model import Frame
from procore_lint.values import External, Function, Instance, Listing, Piece, Text, Unknown, Value, members

if TYPE_CHECKING:
    from procore_lint.project.machine import Machine

#: Functions and methods that declare routes, whatever they are called on.
_DECLARING = frozenset(
    """path re_path add_url_rule add_route add_api_route Route WebSocketRoute Mount add_resource route
    add_get add_post add_put add_patch add_delete add_head add_options add_view add_static
    APIRouter include_router Blueprint register_blueprint add_namespace add_api_websocket_route
    URLSpec add_websocket_route
    """.split()
)
#: Those whose names mean other things as well: only with these libraries' modules in front.
_OF_LIBRARIES = frozenset(
    """aiohttp.web.get aiohttp.web.post aiohttp.web.put aiohttp.web.patch aiohttp.web.delete aiohttp.web.head
    aiohttp.web.options aiohttp.web.view aiohttp.web.route aiohttp.web.static django.conf.urls.url
    tornado.web.Application tornado.web.url litestar.Router flask_restx.Namespace
    """.split()
)
_VERBS = frozenset(
    "get post put patch delete head options route api_route websocket websocket_route view".split()
)


def declares(name: str, func: Value) -> bool:
    """Whether a call of `func`, written `name`, declares routes of the project's own server."""
    tail = name.rpartition(".")[2]
    if tail in _DECLARING:
        # A decorator or helper of the project's own may be named like that.
        return type(func) is not Function
    if type(func) is External and func.receiver is None and func.name in _OF_LIBRARIES:
        return True
    # requests.Session.mount is something else.
    return tail == "mount" and type(func) is Unknown and "." in name


def note(machine: Machine, values: list[Value]) -> None:
    """Remember where the texts of a declaration are written: they name own routes."""
    for value in values:
        for member in members(value):
            if isinstance(member, Text):
                machine.serves = machine.serves or urls.REST.search(member.template) is not None
                machine.routes.update(part.place for part in member.parts if isinstance(part, Piece))
            elif isinstance(member, Listing):
                note(machine, [item for item in member.items if not isinstance(item, Listing)])
                for item in member.items:
                    if isinstance(item, Listing) and item.items:
                        note(machine, item.items[:1])


def note_decorator(machine: Machine, frame: Frame, node: facts.Expr, wrapper: Value) -> None:
    """`@app.get(PATH)` of a framework: the path is one that this project's server answers."""
    if not isinstance(node, facts.Call) or not isinstance(node.func, facts.Attr):
        return
    if node.func.name in _VERBS and not isinstance(wrapper, (Function, Instance)):
        note(machine, [machine.quietly(arg.value, frame) for arg in node.args[:1]])
