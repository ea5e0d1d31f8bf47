"""Where a token's answer may lack `expires_in`, no fix reads it without the default (PCL101, PCL102)."""

from __future__ import annotations

from pathlib import Path

import pytest
from repair_helpers import changed, check, mended, project

HEAD = """\
import time

import requests

TOKEN_URL = "https://login.procore.com/oauth/token"


def login(form):
    r = requests.post(TOKEN_URL, data=form)
    t = r.json()
"""
READ = '    life = t.get("expires_in", 7200)\n'
END = '    return {"access_token": t["access_token"], "life": life}\n'
MENDED = {READ.strip(): 'life = t["expires_in"]'}


@pytest.mark.parametrize(
    "body",
    [
        f"{READ}    if not r.ok:\n        return None\n{END}",
        f"{READ}    if r.status_code == 400:\n        raise ValueError(r.text)\n{END}",
        f"{READ}    r.raise_for_status()\n{END}",
        f'{READ}    if "access_token" not in t:\n        return None\n{END}',
        f'{READ}    if t.get("error"):\n        return None\n{END}',
        f'    if not r.ok:\n        print(r.text)\n{READ}    return t.get("access_token"), life\n',
        f'    if not r.ok:\n        t = {{}}\n{READ}    return t.get("access_token"), life\n',
        '    return {"error": t.get("error"), "life": t.get("expires_in", 7200)}\n',
        f'    del t["expires_in"]\n{READ}{END}',
    ],
)
def test_an_answer_that_may_tell_of_an_error_keeps_its_default(tmp_path: Path, body: str) -> None:
    assert mended(tmp_path, HEAD + body) == HEAD + body


@pytest.mark.parametrize(
    "body",
    [
        f"    if not r.ok:\n        return None\n{READ}{END}",
        f"    r.raise_for_status()\n{READ}{END}",
        f'    if "access_token" not in t:\n        raise ValueError(t)\n{READ}{END}',
        f'    if t.get("error"):\n        return None\n{READ}{END}',
        f'    access = t["access_token"]\n{READ}    if r.ok:\n        return access, life\n',
        f"    if r.ok:\n        {READ.strip()}\n        return life\n",
        f'{READ}    if "refresh_token" in t:\n        print(life)\n{END}',
    ],
)
def test_an_answer_that_was_tested_before_loses_its_default(tmp_path: Path, body: str) -> None:
    assert changed(tmp_path, HEAD + body) == MENDED


def test_what_describes_a_token_names_its_life_otherwise(tmp_path: Path) -> None:
    source = (
        "import requests\n\n\ndef left(headers):\n"
        '    t = requests.get("https://login.procore.com/oauth/token/info", headers=headers).json()\n'
        '    return t.get("expires_in", 7200)\n'
    )
    assert changed(tmp_path, source) == {'return t.get("expires_in", 7200)': 'return t["expires_in_seconds"]'}


def test_a_dict_that_the_project_makes_without_the_key_is_not_read(tmp_path: Path) -> None:
    source = """\
import time
import requests


class Token:
    def __init__(self, data):
        self.access_token = data["access_token"]
        self.expires_at = time.time() + 7200

    @classmethod
    def ask(cls, form):
        return cls(requests.post("https://login.procore.com/oauth/token", data=form).json())
"""
    assert 'data["expires_in"]' in mended(tmp_path / "a", source)
    stored = f'{source}\n\ndef stored(text):\n    return Token({{"access_token": text}})\n'
    assert mended(tmp_path / "b", stored) == stored


def test_a_key_that_was_taken_out_is_not_read_again(tmp_path: Path) -> None:
    source = f'{HEAD}    access = t["access_token"]\n    del t["expires_in"]\n    return access, time.time() + 7200, t\n'
    assert mended(tmp_path, source) == source
    direct = source.replace(
        "    r = requests.post(TOKEN_URL, data=form)\n    t = r",
        "    t = requests.post(TOKEN_URL, data=form)",
    )
    (row,) = check(project(tmp_path / "b", {"procore_sync.py": direct}))
    assert row["fix"] is None
    assert "before it is taken out of `t`" in str(row["help"])


RECORD = """\
import time
from dataclasses import dataclass

import requests


@dataclass
class ProcoreToken:
    access_token: str
    issued_at: float
    expires_in: {annotation}

    @property
    def expires_at(self):
        return self.issued_at + (self.expires_in or 5400)


def login():
    d = requests.post("https://login.procore.com/oauth/token", data={{}}).json()
    return ProcoreToken(d["access_token"], time.time(), d["expires_in"])
"""


def test_a_field_that_may_be_empty_keeps_its_default(tmp_path: Path) -> None:
    for number, annotation in enumerate(("int | None = None", '"Optional[int]"')):
        source = RECORD.format(annotation=annotation)
        assert mended(tmp_path / str(number), source) == source
    assert "5400" not in mended(tmp_path / "sure", RECORD.format(annotation="int"))


TAKEN_OUT = """\
    import json
    import time
    from pathlib import Path
    import requests
    CACHE = Path("procore_token.json")
    def refresh(form):
        r = requests.post("https://login.procore.com/oauth/token", data=form)
        r.raise_for_status()
        tok = r.json()
        {taken}
        CACHE.write_text(json.dumps(tok))
        return tok
    def load(form):
        if CACHE.exists():
            tok = json.loads(CACHE.read_text())
            if tok["created_at"] + tok.get("expires_in", 7200) > time.time():
                return tok
        return refresh(form)
"""


@pytest.mark.parametrize(
    ("taken", "is_gone"),
    [
        ('tok["until"] = tok["created_at"] + tok.pop("expires_in")', True),
        ('del tok["expires_in"]', True),
        ('tok = {k: v for k, v in tok.items() if k != "expires_in"}', True),
        ('tok = {k: v for k, v in tok.items() if k not in ("scope", "expires_in")}', True),
        ('tok = {k: v for k, v in tok.items() if k != "scope"}', False),
        ('tok.pop("scope")', False),
    ],
)
def test_a_key_that_another_function_takes_out_is_not_read(tmp_path: Path, taken: str, is_gone: bool) -> None:
    source = TAKEN_OUT.format(taken=taken)
    assert ('tok.get("expires_in", 7200)' in mended(tmp_path, source)) is is_gone


@pytest.mark.parametrize("life", ["", ', "expires_in": 5400'])
def test_a_kept_token_that_the_project_makes_without_the_key_is_not_read(tmp_path: Path, life: str) -> None:
    source = f"""\
        import time
        import requests
        class Auth:
            def __init__(self, form):
                self.form = form
                self.tok = {{}}
            @classmethod
            def from_saved(cls, form, access, created):
                self = cls(form)
                self.tok = {{"access_token": access, "created_at": created{life}}}
                return self
            def get(self):
                if not self.tok or time.time() > self.tok["created_at"] + 7000:
                    self.tok = requests.post("https://login.procore.com/oauth/token", data=self.form).json()
                return self.tok["access_token"]
    """
    assert ('self.tok["expires_in"] - 200' in mended(tmp_path, source)) is bool(life)
