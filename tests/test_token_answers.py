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


ASK = "        answer = requests.post(TOKEN_URL, data=form).json()\n        self.token = answer['access_token']\n"


@pytest.mark.parametrize(
    "between",
    [
        "        answer = requests.get(form.url).json()\n",
        "        for answer in form.rows:\n            print(answer)\n",
        "        with open(form.path) as answer:\n            print(answer)\n",
        "        if form.url:\n            answer = requests.get(form.url).json()\n",
        "        import json as answer\n",
        "        del answer\n",
        "        first, *answer = form.rows\n",
    ],
)
def test_a_name_that_was_given_away_since_holds_no_token(tmp_path: Path, between: str) -> None:
    body = f"    def renew(self, form):\n{ASK}{between}{SUM}"
    assert mended(tmp_path, HEAD + body) == HEAD + body


def test_a_response_whose_name_was_given_away_holds_no_token(tmp_path: Path) -> None:
    body = (
        "    def renew(self, form):\n        response = requests.post(TOKEN_URL, data=form)\n"
        "        self.token = response.json()['access_token']\n"
        f"        response = requests.get(form.url)\n        self.user = response.json()['login']\n{SUM}"
    )
    assert mended(tmp_path, HEAD + body) == HEAD + body


def test_a_loop_that_binds_the_name_later_in_its_round_holds_another_answer(tmp_path: Path) -> None:
    end = "            self.expires_at = time.time() + 7200\n            answer = self.read(form)\n"
    outside = f"    def renew(self, form):\n{ASK}        for form in form.rows:\n{end}"
    assert mended(tmp_path / "outside", HEAD + outside) == HEAD + outside
    inside = f"    def renew(self, form):\n        for form in form.rows:\n{ASK}{end}".replace(
        "        answer = req", "            answer = req"
    ).replace("        self.token", "            self.token")
    assert 'answer["expires_in"]' in mended(tmp_path / "inside", HEAD + inside)


def test_an_answer_that_is_read_within_a_with_is_in_reach(tmp_path: Path) -> None:
    body = (
        "    def renew(self, form):\n        with self.lock:\n"
        "            answer = requests.post(TOKEN_URL, data=form).json()\n"
        f"            self.token = answer['access_token']\n{SUM}"
    )
    assert written(tmp_path, body) == 'self.expires_at = time.time() + answer["expires_in"]'


@pytest.mark.parametrize(
    ("life", "left"),
    [
        ("7200", ""),
        ("85 * 60", " - 300"),
        ("7200 - 60", " - 60"),
        ("5400", ""),
        ("3600", ""),
        ("6000", ""),
        ("5400 * 0.8", " * 0.8"),
        ("0.9 * 7200", " * 0.9"),
        ("3600 * 0.5", ""),
    ],
)
def test_the_margin_of_a_constant_is_kept(tmp_path: Path, life: str, left: str) -> None:
    body = f"    def renew(self, form):\n{ASK}        self.expires_at = time.time() + ({life})\n"
    assert written(tmp_path, body) == f'self.expires_at = time.time() + (answer["expires_in"]{left})'


def test_the_margin_within_a_timedelta_is_kept(tmp_path: Path) -> None:
    head = HEAD.replace("import time\n", "from datetime import datetime, timedelta\n")
    for number, life in enumerate(("minutes=85", "seconds=5400 - 300")):
        body = (
            f"    def renew(self, form):\n{ASK}        self.expires_at = datetime.now() + timedelta({life})\n"
        )
        after = mended(tmp_path / str(number), head + body)
        assert 'datetime.now() + timedelta(seconds=answer["expires_in"] - 300)' in after


@pytest.mark.parametrize(
    "body",
    [
        # The program asks first whether the answer is a token at all.
        "    def renew(self, form):\n        data = requests.post(TOKEN_URL, data=form).json()\n"
        f"{SUM}        if 'access_token' not in data:\n            raise RuntimeError(data)\n",
        "    def renew(self, form):\n        data = requests.post(TOKEN_URL, data=form).json()\n"
        f"{SUM}        if data.get('error'):\n            raise RuntimeError(data)\n",
        "    def renew(self, form):\n        data = requests.post(TOKEN_URL, data=form).json()\n"
        f"        data.pop('expires_in', None)\n{SUM}        self.kept = data\n",
        # Callers decide.
        "    def renew(self, form, life=7200):\n        data = requests.post(TOKEN_URL, data=form).json()\n"
        "        self.token = data['access_token']\n        self.expires_at = time.time() + life\n",
    ],
)
def test_an_answer_that_may_lack_its_life_is_not_read(tmp_path: Path, body: str) -> None:
    assert mended(tmp_path, HEAD + body) == HEAD + body


STORED = """\
import json
import time

import requests


def load(path):
    token = json.loads(path.read_text())
    if time.time() - token["created_at"] > 7200:
        token = renew(path, token)
    return token["access_token"]


def renew(path, old):
    form = {"grant_type": "refresh_token", "refresh_token": old["refresh_token"]}
    new = requests.post("https://login.procore.com/oauth/token", data=form).json()
    kept = {"access_token": new["access_token"], "created_at": new["created_at"], "expires_in": new["expires_in"]}
    path.write_text(json.dumps(kept))
    return kept
"""


def test_a_stored_token_has_its_life_where_the_project_stores_it(tmp_path: Path) -> None:
    lacking = STORED.replace(', "expires_in": new["expires_in"]', "")
    assert changed(tmp_path / "kept", STORED) == {
        'if time.time() - token["created_at"] > 7200:': 'if time.time() - token["created_at"] > token["expires_in"]:'
    }
    assert mended(tmp_path / "lacking", lacking) == lacking


def test_the_answers_of_several_vendors_keep_their_default(tmp_path: Path) -> None:
    source = """\
import requests

URLS = {
    "github": "https://github.com/login/oauth/access_token",
    "procore": "https://login.procore.com/oauth/token",
}


def life(vendor, code):
    data = requests.post(URLS[vendor], data={"code": code}).json()
    return data["access_token"], data.get("expires_in", 7200)
"""
    assert mended(tmp_path / "several", source) == source
    alone = source.replace('    "github": "https://github.com/login/oauth/access_token",\n', "")
    assert 'data["expires_in"]' in mended(tmp_path / "alone", alone)
