"""What a run costs, in files and modules: counted, since time cannot be tested."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType, FunctionType

import libcst
import pytest
from projects import TODAY, write

from procore_lint import catalog, facts
from procore_lint.checks import CHECKS
from procore_lint.checks.base import Context
from procore_lint.engine import outcomes_of, run
from procore_lint.extract import extract
from procore_lint.mending import fix
from procore_lint.options import Options, Tools
from procore_lint.project import attributes
from procore_lint.project.program import Program

CHECKOUT = Path(__file__).parents[1]
SILENT = {
    f"vendor/m{number}.py": "import requests\n\nrequests.get('https://example.com')\n" for number in range(40)
}
TIED = {
    "app/__init__.py": "",
    "app/client.py": "import requests\nfrom app.http import send\n\nsend('https://api.procore.com')\n",
    "app/http.py": "def send(url):\n    pass\n",
    "app/jobs.py": "from app import client\n",
    "app/apart.py": "x = 1\n",
}


def test_files_are_parsed_once_and_only_those_tied_to_procore(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", **SILENT, **TIED})
    parsed: list[bytes] = []

    def counting(data: bytes) -> facts.Module:
        parsed.append(data)
        return extract(data)

    report = run(["."], Options(cwd=str(tmp_path), today=TODAY, jobs=1), Tools(extract=counting))

    tied = [
        TIED[name].encode() for name in ("app/__init__.py", "app/client.py", "app/http.py", "app/jobs.py")
    ]
    assert sorted(parsed) == sorted(tied)
    assert report.summary.read == len(SILENT) + len(TIED)


def test_each_file_is_opened_once_and_each_directory_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(tmp_path, {".git/HEAD": "", **SILENT, **TIED})
    opened: list[str] = []
    listed: list[str] = []
    scandir = os.scandir

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]).startswith(str(root)) and str(arguments[0]).endswith(".py"):
            opened.append(str(arguments[0]))

    def counting(path: str) -> object:
        listed.append(path)
        return scandir(path)

    sys.addaudithook(hook)
    monkeypatch.setattr(os, "scandir", counting)
    run(["."], Options(cwd=str(root), today=TODAY, jobs=1))

    assert len(opened) == len(set(opened)) == len(SILENT) + len(TIED)
    assert len(listed) == len(set(listed)) == 4


def test_a_fix_beside_a_table_or_in_it_costs_none_of_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = '    {"id": 1, "path": "%s"},\n'
    rows = row % "/rest/v1.0/me" * 500
    table = f'API = "https://api.procore.com"\nROWS = [\n{rows}{row % "/vapid/projects"}{rows}]\n'
    beside = 'def me(h):\n    return requests.get(f"{API}/vapid/me", headers=h)\n'
    inside = 'def get(h):\n    return requests.get(API + ROWS[500]["path"], headers=h)\n'
    write(tmp_path, {".git/HEAD": "", "app.py": f"import requests\n\n{table}\n\n{beside}\n\n{inside}"})
    read: list[str] = []
    parsed: list[bytes] = []
    parse_module = libcst.parse_module

    def parsing(source: str) -> libcst.Module:
        read.append(source)
        return parse_module(source)

    def extracting(data: bytes) -> facts.Module:
        parsed.append(data)
        return extract(data)

    monkeypatch.setattr(libcst, "parse_module", parsing)
    options = Options(cwd=str(tmp_path), today=TODAY, jobs=1)
    tools = Tools(extract=extracting)
    mended = fix(outcomes_of(["."], options, tools), options, unsafe=False, tools=tools)

    assert (mended.fixed, mended.left) == (2, [])
    assert "vapid" not in (tmp_path / "app.py").read_text()
    assert sum(len(text.splitlines()) for text in read) < 10
    assert len(parsed) == 2  # once to judge, once to judge anew


def loaded(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a command has imported when it ends, those of this package and the expensive ones."""
    script = (
        "import sys\n"
        "sys.argv = ['procore-lint', *sys.argv[1:]]\n"
        "import os; os._exit = sys.exit  # let the process end in order\n"
        "from procore_lint.cli import main\n"
        "try: main()\n"
        "finally: print(*sys.modules, sep='\\n', file=sys.stderr)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split())


HEAVY = {
    "libcst", "msgspec", "pathspec", "tomllib", "hashlib", "json", "subprocess", "multiprocessing",
    "importlib.metadata", "procore_lint.facts", "procore_lint.finding", "procore_lint.catalog",
    "procore_lint.checks", "procore_lint.project", "procore_lint.extract", "procore_lint.report.as_json",
    "procore_lint.report.sarif", "procore_lint.report.github", "procore_lint.commands.rules",
    "procore_lint.commands.cache",
}  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [("check", "--no-cache"), ("check", "--no-cache", "a.py"), ("check", "--cache-dir", "c", "a.py")],
)
def test_a_run_without_a_procore_file_imports_nothing_that_it_has_no_use_for(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write(tmp_path, {".git/HEAD": "", "a.py": "x = 1\n", "b.py": "import requests\n"})

    modules = loaded(*arguments, cwd=tmp_path)

    assert "procore_lint.engine" in modules
    assert not modules & HEAVY
    assert "sqlite3" not in modules


def test_the_second_run_over_silent_files_imports_little_more_than_the_first(tmp_path: Path) -> None:
    root = write(tmp_path / "r", {".git/HEAD": "", "a.py": "import requests\n"})
    loaded("check", "--cache-dir", str(tmp_path / "c"), cwd=root)

    modules = loaded("check", "--cache-dir", str(tmp_path / "c"), cwd=root)

    assert "sqlite3" in modules
    assert not modules & (HEAVY - {"json"})


HEAD = (
    'import os\nimport requests\n\nAPI = "https://api.procore.com/rest/v1.0"\nTOKEN = os.environ["TOKEN"]\n'
)
SENDERS = {
    "headers of the module": (
        'COMPANY_ID = os.environ["PROCORE_COMPANY_ID"]\nHEADERS = {"Authorization": "Bearer " + TOKEN}\n',
        'def get_%d(project_id):\n    return requests.get(f"{API}/projects/{project_id}/rfis", headers=HEADERS)\n',
    ),
    "a misnamed header": (
        'HEADERS = {"Authorization": TOKEN, "company_id": os.environ["PROCORE_COMPANY_ID"]}\n',
        'def get_%d(project_id):\n    return requests.get(f"{API}/projects/{project_id}/rfis", headers=HEADERS)\n',
    ),
    "a client class": (
        "class Client:\n    def __init__(self, company_id: int):\n        self.company_id = company_id\n"
        '        self.headers = {"Authorization": TOKEN}\n',
        "    def get_%d(self, project_id):\n"
        '        return requests.get(f"{API}/projects/{project_id}/rfis", headers=self.headers)\n',
    ),
    "headers of each function": (
        "",
        "def get_%d(company_id, project_id):\n"
        '    headers = {"Authorization": TOKEN}\n'
        '    return requests.get(f"{API}/projects/{project_id}/rfis", headers=headers)\n',
    ),
    "functions that are handed a client and an id": (
        "class Client:\n    def __init__(self, company_id: int):\n        self.company_id = company_id\n"
        '        self.session = requests.Session()\n        self.session.headers["Authorization"] = TOKEN\n',
        "def get_%d(client: Client, company_id: int):\n"
        '    return client.session.get(f"{API}/companies/{company_id}/projects")\n',
    ),
    "subscriptions": (
        "",
        'TRIGGERS_%d = [{"resource_name": "Project Users", "event_type": "update"}]\nprint(TRIGGERS_%d)\n',
    ),
    "one host for a whole client": (
        'HOST = "https://app.procore.com"\n',
        "def get_%d(project_id):\n"
        '    headers = {"Authorization": TOKEN}\n'
        '    return requests.get(f"{HOST}/rest/v1.0/projects/{project_id}/rfis?page=%d", headers=headers)\n',
    ),
    "tests of links": (
        "from urllib.parse import urlparse\n",
        "def name_%d(company_id):\n"
        '    headers = {"Authorization": TOKEN, "Procore-Company-Id": str(company_id)}\n'
        '    files = requests.get(f"{API}/companies/{company_id}/files/%d", headers=headers).json()\n'
        '    link = files["attachments"][0]["url"]\n'
        '    return "stored" if "storage.procore.com" in link else requests.get(link, headers=headers)\n',
    ),
    "accounts": (
        "",
        "def log_in_%d(service_account):\n"
        '    form = {"grant_type": "client_credentials", **service_account, "page": %d}\n'
        '    return requests.post("https://login.procore.com/oauth/token", data=form)\n',
    ),
    "lives of tokens": (
        "",
        "class Token%d:\n    def refresh(self):\n"
        '        answer = requests.post("https://login.procore.com/oauth/token", json={}).json()\n'
        '        self.token = answer["access_token"]\n'
        '        self.expires_at = answer["created_at"] + 7200\n',
    ),
}


@pytest.mark.parametrize("shape", SENDERS)
def test_twice_the_findings_take_twice_the_calls(shape: str, tmp_path: Path) -> None:
    before, each = SENDERS[shape]

    def cost(senders: int) -> int:
        text = HEAD + before + "".join(each.replace("%d", str(number)) for number in range(senders))
        root = write(tmp_path / str(senders), {".git/HEAD": "", "client.py": text})
        calls = 0

        def counting(frame: FrameType, event: str, argument: object) -> None:
            nonlocal calls
            calls += event == "call"

        kept = sys.getprofile()
        threading.setprofile(counting)
        sys.setprofile(counting)
        try:
            report = run(["."], Options(cwd=str(root), today=TODAY, jobs=1))
        finally:
            sys.setprofile(kept)
            threading.setprofile(None)
        assert len({finding.span.line for finding in report.findings}) >= senders
        return calls

    cost(1)  # imports and patterns that are compiled when they are first used
    assert cost(120) < 2.15 * cost(60)


def test_look_ups_leave_no_closures_that_only_a_collector_frees() -> None:
    lines = ["import requests", "H = {'Authorization': 'Bearer x'}"]
    for number in range(9):
        url = f"https://api.procore.com/rest/v1.0/companies/1/vendors/{number}"
        lines += [f"def call_{number}(link):", f"    requests.get('{url}', headers=H)"]
        lines += ["    return requests.get(link, headers=H)"]
    loaded = catalog.load([])
    context = Context(TODAY, frozenset(loaded.rules), frozenset({"procore-company-id"}), None)
    program = Program({"procore/client.py": extract("\n".join(lines).encode())}, frozenset())
    gc.collect()
    gc.disable()  # as in a run
    try:
        found = [draft for check in CHECKS for draft in check(program, loaded, context)]
        assert len(found) >= 9
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        assert not [kept for kept in gc.garbage if isinstance(kept, FunctionType)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def test_a_dict_that_a_loop_writes_into_itself_is_looked_through_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0
    started = attributes.started

    def counting(*arguments: object) -> object:
        nonlocal looked
        looked += 1
        return started(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(attributes, "started", counting)
    fields = "".join(f'"f{number}": record.get("f{number}"), ' for number in range(12))
    arms = "".join(
        f"            if key.endswith('_{arm}'):\n                out[key] = {arm}\n" for arm in range(4)
    )
    reads = "".join(f'    record["e{number}"] = record.get("f{number}", 0) > 0\n' for number in range(12))
    text = (
        "import requests\n"
        "def fetch():\n    return requests.get('https://api.procore.com/rest/v1.0/projects').json()\n"
        f"def clean(record):\n    out = {{{fields}}}\n    for key, value in out.items():\n        if value is None:\n"
        f"{arms}    return out\n"
        f"def enrich(record):\n{reads}    return record\n"
        "def update():\n    return [enrich(clean(record)) for record in fetch()]\n"
    )
    root = write(tmp_path, {".git/HEAD": "", "client.py": text})

    assert len(run(["."], Options(cwd=str(root), today=TODAY, jobs=1)).findings) == 1
    assert looked < 3000
