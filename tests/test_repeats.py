"""What a project's run costs in events: generated clients repeat themselves by the thousand."""

from __future__ import annotations

from procore_lint.extract import extract
from procore_lint.project.program import Program

TRANSPORT = """
import urllib3


class Client:
    def __init__(self):
        self.pool = urllib3.PoolManager()

    def call(self, method, url, headers, body=None):
        if method == "GET":
            return self.pool.request(method, url, headers=headers)
        if body:
            return self.pool.request(method, url, headers=headers, body=body)
        return self.pool.request(method, url, headers=headers, fields={})
"""
HEAD = """
from procore_sdk.transport import Client


class Api:
    def __init__(self):
        self.client = Client()

    def _headers(self, company_id):
        return {HEADERS}
"""
OPERATION = """
    def _request_{n}(self, company_id, item_id):
        return "GET", f"https://api.procore.com/rest/v1.0/items_{n}/{{item_id}}", self._headers(company_id)

    def get_{n}(self, company_id, item_id):
        return self.client.call(*self._request_{n}(company_id, item_id)).data

    def get_{n}_with_http_info(self, company_id, item_id):
        return self.client.call(*self._request_{n}(company_id, item_id))

    def get_{n}_without_preload(self, company_id, item_id):
        return self.client.call(*self._request_{n}(company_id, item_id))
"""
FULL = '{"Procore-Company-Id": str(company_id), "Authorization": "Bearer x"}'
BARE = '{"Authorization": "Bearer x"}'


def requests_of(operations: int, headers: str) -> int:
    """The requests that a run of a generated client leaves."""
    api = HEAD.replace("{HEADERS}", headers) + "".join(OPERATION.format(n=n) for n in range(operations))
    sources = {
        "procore_sdk/__init__.py": "",
        "procore_sdk/transport.py": TRANSPORT,
        "procore_sdk/api.py": api,
    }
    modules = {path: extract(source.encode()) for path, source in sources.items()}
    return len(Program(modules, frozenset()).trail.requests)


def test_methods_that_make_the_same_right_call_leave_one_request_for_each_operation() -> None:
    assert requests_of(20, FULL) - requests_of(10, FULL) == 10


def test_methods_that_leave_the_header_out_each_keep_their_own_way_to_the_request() -> None:
    assert requests_of(20, BARE) - requests_of(10, BARE) == 30


def test_what_a_body_sends_alike_on_several_branches_is_one_request() -> None:
    source = b"""
import requests

def send(url, body, headers):
    if body:
        return requests.post(url, json=body, headers=headers)
    if body is None:
        return requests.post(url, json=body, headers=headers)
    return requests.put(url, json=body, headers=headers)
"""
    program = Program({"procore/send.py": extract(source)}, frozenset())
    assert [request.verb for request in program.trail.requests] == ["POST", "PUT"]
