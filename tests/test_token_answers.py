"""Which token's `expires_in` a fix may read: that of the answer which the last request gave."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import changed, mended

HEAD = """\
import time

import requests

TOKEN_URL = "https://login.procore.com/oauth/token"


class ProcoreAuth:
"""
SUM = "        self.expires_at = time.time() + 7200\n"


def written(root: Path, body: str) -> str:
    (line,) = changed(root, HEAD + body).values()
    return line


@pytest.mark.parametrize(
    "body",
    [
        # The older token's `access_token` is read last, but the answer is at hand.
        "    def renew(self, form, old):\n        requests.get(form.url, headers=old['access_token'])\n"
        f"        new = requests.post(TOKEN_URL, data=form).json()\n{SUM}"
        "        self.token = new['access_token']\n",
        "    def renew(self, form, old):\n        response = requests.post(TOKEN_URL, data=form)\n"
        f"        new = response.json()\n        self.token = new['access_token']\n{SUM}",
        "    def ask(self, form):\n        return requests.post(TOKEN_URL, data=form).json()\n\n"
        "    def renew(self, form, old):\n        new = self.ask(form)\n"
        f"        self.token = new['access_token']\n{SUM}",
    ],
)
def test_the_answer_that_was_asked_for_last_is_read(tmp_path: Path, body: str) -> None:
    assert written(tmp_path, body).replace("'", '"') == 'self.expires_at = time.time() + new["expires_in"]'


@pytest.mark.parametrize(
    "body",
    [
        "    def renew(self, form, old):\n        self.forget(old['access_token'])\n"
        f"        self.answer = requests.post(TOKEN_URL, data=form).json()\n{SUM}",
        "    def ask(self, form):\n        return requests.post(TOKEN_URL, data=form).json()\n\n"
        "    def renew(self, form):\n        old = self.load()\n        print(old['access_token'])\n"
        f"        self.answer = self.ask(form)\n{SUM}",
    ],
)
def test_an_older_token_says_nothing_of_the_new_one(tmp_path: Path, body: str) -> None:
    assert mended(tmp_path, HEAD + body) == HEAD + body
