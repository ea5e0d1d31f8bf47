"""Fixes of what decides by a file's host (PCL301, PCL303): the suffix is tested, where nothing else hangs on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import changed, check


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'if urlparse(url).netloc == "storage.procore.com":',
            'if urlparse(url).netloc.endswith(".procore.com"):',
        ),
        ('if "storage.procore.com" in url:', 'if (urlparse(url).hostname or "").endswith(".procore.com"):'),
    ],
)
def test_a_test_that_decides_about_the_token_alone_tests_the_suffix(
    tmp_path: Path, before: str, after: str
) -> None:
    source = f"""\
    import requests
    from urllib.parse import urlparse

    def download(procore, url):
        headers = {{}}
        {before}
            headers["Authorization"] = procore.token
        return requests.get(url, headers=headers)
    """
    assert changed(tmp_path, source, unsafe=False) == {before: after}


@pytest.mark.parametrize(
    "body",
    [
        'if urlparse(url).netloc == "storage.procore.com":\n            return None',
        'return urlparse(url).netloc == "storage.procore.com"',
        'name = urlparse(url).path if urlparse(url).netloc == "storage.procore.com" else ""',
    ],
)
def test_a_test_that_decides_something_else_gets_the_help_alone(tmp_path: Path, body: str) -> None:
    source = f"""\
    from urllib.parse import urlparse

    def f(procore, url):
        {body}
    """
    assert changed(tmp_path, source) == {}
    (row,) = [row for row in check(tmp_path) if row["code"] == "PCL301"]
    assert '`urlparse(url).netloc.endswith(".procore.com")`' in str(row["help"])


@pytest.mark.parametrize(
    ("part", "test"),
    [
        ("netloc", 'host.endswith(".procore.com")'),
        ("hostname", '(host or "").endswith(".procore.com")'),
    ],
)
def test_a_name_for_the_host_is_not_parsed_again(tmp_path: Path, part: str, test: str) -> None:
    source = f"""\
    import requests
    from urllib.parse import urlparse

    def download(procore, url):
        host = urlparse(url).{part}
        headers = {{"Authorization": procore.token}} if "storage.procore.com" in host else {{}}
        return requests.get(url, headers=headers)
    """
    (line,) = changed(tmp_path, source, unsafe=False).values()
    assert line == f'headers = {{"Authorization": procore.token}} if {test} else {{}}'


@pytest.mark.parametrize(
    "parameters",
    ["procore, url, hosts", "procore, hosts, url, urlparse=print"],
)
def test_what_may_be_no_link_gets_no_other_test(tmp_path: Path, parameters: str) -> None:
    asked = "url" if "=print" in parameters else "hosts"
    source = f"""\
    import requests
    from urllib.parse import urlparse

    def download({parameters}):
        headers = {{"Authorization": procore.token}} if "storage.procore.com" in {asked} else {{}}
        return requests.get(url, headers=headers)
    """
    assert changed(tmp_path, source) == {}


def test_a_list_of_ends_takes_the_suffix(tmp_path: Path) -> None:
    source = """\
    # Procore and what it redirects to
    HOSTS = ["storage.procore.com", "example.com"]

    def is_allowed(host):
        return any(host.endswith(end) for end in HOSTS)
    """
    assert changed(tmp_path, source) == {
        'HOSTS = ["storage.procore.com", "example.com"]': 'HOSTS = [".procore.com", "example.com"]'
    }


def test_a_list_of_whole_hosts_stays(tmp_path: Path) -> None:
    source = """\
    # Procore and what it redirects to
    HOSTS = ["storage.procore.com", "example.com"]

    def is_allowed(host):
        return host in HOSTS or host.endswith(tuple(HOSTS))
    """
    assert changed(tmp_path, source) == {}
