"""A stand-in for Procore on this machine: a real HTTP server that refuses what Procore refuses.

Two servers run: the API with its file links, and the storage that file links redirect to. The API answers
400 without `Procore-Company-Id`, 404 under `/vapid`, 401 without a live token; the storage answers 400
where a token is sent along.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

TOKEN = "Bearer token-1"
CREATED = 1_700_000_000


@dataclass
class Stub:
    """The running servers and what they were asked: "METHOD path status"."""

    api: str = ""
    storage: str = ""
    seen: list[str] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    stub: Stub

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: object = None, **headers: str) -> None:
        """Send a status, a JSON body and headers (underscores stand for hyphens)."""
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.stub.seen.append(f"{self.command} {urlsplit(self.path).path} {status}")
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Storage(_Handler):
    def do_GET(self) -> None:
        self._only_without_token()

    def do_POST(self) -> None:
        self._only_without_token()

    def _only_without_token(self) -> None:
        if "Authorization" in self.headers:
            self.answer(400, {"error": "Only one auth mechanism allowed"})
        else:
            self.answer(200, {"file": "content"})


class _Api(_Handler):
    def do_GET(self) -> None:
        self._route()

    def do_POST(self) -> None:
        self._route()

    def _route(self) -> None:
        path = urlsplit(self.path).path
        if path == "/oauth/token":
            self.answer(
                200,
                {"access_token": "token-1", "refresh_token": "r", "created_at": CREATED, "expires_in": 5400},
            )
        elif path.startswith("/vapid"):
            self.answer(404, {"errors": "Not Found"})
        elif self.headers.get("Authorization") != TOKEN:
            self.answer(401, {"errors": "Unauthorized"})
        elif path.startswith("/files/"):
            self.answer(302, Location=f"{self.stub.storage}/signed{path}")
        elif not self.headers.get("Procore-Company-Id"):
            self.answer(400, {"message": "Missing Procore-Company-Id header!"})
        elif "/drawing_revisions/" in path:
            self.answer(200, {"pdf_url": f"{self.stub.api}/files/drawing.pdf"})
        elif path.endswith("/uploads"):
            self.answer(201, {"url": f"{self.stub.storage}/put", "fields": {}, "uuid": "u-1"})
        else:
            self.answer(200, [{"id": 7, "name": "one"}])


@contextmanager
def serving() -> Iterator[Stub]:
    """Run both servers as long as the block lasts."""
    stub = Stub()
    servers = []
    for handler in (_Api, _Storage):
        bound = type(handler.__name__, (handler,), {"stub": stub})
        server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
        # Asked often whether to stop: each test waits for that.
        thread = threading.Thread(
            target=server.serve_forever, args=(0.02,), name=handler.__name__, daemon=True
        )
        thread.start()
        servers.append((server, thread))
    stub.api, stub.storage = (f"http://127.0.0.1:{server.server_address[1]}" for server, _ in servers)
    try:
        yield stub
    finally:
        for server, thread in servers:
            server.shutdown()
            server.server_close()
            thread.join()
