"""Files in the syntax of newer Pythons are read by every Python that runs the linter."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from projects import TODAY, write

from procore_lint.engine import run
from procore_lint.extract import extract
from procore_lint.extract.newer import as_older
from procore_lint.options import Options


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("type Row = dict[str, str]\n", "type_Row = dict[str, str]\n"),
        ("type Pair[T] = tuple[T, T]\n", "type_Pair[T] = tuple[T, T]\n"),
        ("class Box[T: (int, str)](list): ...\n", "class Box               (list): ...\n"),
        ("class Box[T]: ...\n", "class Box   : ...\n"),
        ("async def get[K: list[int]](key): ...\n", "async def get              (key): ...\n"),
        ("""a = f"{d["id"]}/{e['x']}"\n""", """a = f"{d['id']}/{e['x']}"\n"""),
        ("""a = f'{d['id']:>{w['n']}}'\n""", """a = f'{d["id"]:>{w["n"]}}'\n"""),
        ('a = f"{"\\n".join(rows)}"\n', """a = f"{'  '.join(rows)}"\n"""),
        ('# type it: f"{d[\na = f"{d["x"]}"\n', '# type it: f"{d[\na = f"{d[\'x\']}"\n'),
    ],
)
def test_newer_syntax_is_written_in_older_one_with_every_character_in_its_place(
    newer: str, older: str
) -> None:
    assert as_older(newer) == older
    assert len(newer) == len(older)
    ast.parse(older)


@pytest.mark.parametrize(
    "text", ["a = f'{b}'\n", "x = (\n", "type = 3\n", 'def f(x: "list[int]"): ...\n', "type(x)\n"]
)
def test_what_holds_nothing_newer_stays_as_it_is(text: str) -> None:
    assert as_older(text) is None


def test_a_file_that_is_broken_as_well_is_told_by_its_own_words() -> None:
    problem = extract(b'type X = int\nprint "x"\n').problem

    assert problem is not None
    assert problem.kind == "syntax"


def test_findings_of_a_file_in_newer_syntax_stand_in_their_places(tmp_path: Path) -> None:
    text = (
        "import requests\n"
        "type Project = dict[str, str]\n"
        "def tasks[P](project: Project, head):\n"
        '    url = f"https://api.procore.com/rest/v1.0/projects/{project["id"]}/tasks"\n'
        '    return requests.get(url, headers={"Authorization": head})\n'
    )
    write(tmp_path, {".git/HEAD": "", "client.py": text})

    (finding,) = run(["."], Options(cwd=str(tmp_path), today=TODAY)).findings

    assert (finding.rule, finding.span.line, finding.span.column) == ("missing-company-header", 5, 12)
    assert "`GET /rest/v1.0/projects/{}/tasks`" in finding.message
