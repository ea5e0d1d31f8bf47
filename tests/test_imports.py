from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procore_lint.imports import Index, imported, is_named, reach


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b, c as d  # e\n", ["a.b", "c"]),
        ("from a.b import c as d, e\n", ["a.b", "a.b.c", "a.b.e"]),
        ("from a import (\n    b,  # why\n    c as d,\n)\n", ["a", "a.b", "a.c"]),
        ("from . import a\nfrom .. import b\n", [".", ".a", "..", "..b"]),
        ("from ..a.b import c\n", ["..a.b", "..a.b.c"]),
        ("from a import \\\n    b, \\\n    c\n", ["a", "a.b", "a.c"]),
        ("from a import *\n", ["a"]),
        ("from .import a\n", [".", ".a"]),
        ("from a import(b)\n", ["a", "a.b"]),
        ("if x: import a\ntry: from b import c\nexcept E: pass\n", ["a", "b", "b.c"]),
        ("import a; import b\n", ["a", "b"]),
        ("    import a\r\n\tfrom b import c\r\n", ["a", "b", "b.c"]),
        ("import a\rimport b\r", ["a", "b"]),
        ("x = important\nreimport = 1\nimport\n", []),
        ("importlib.import_module('a')\n", []),
        ("import größe\n", ["größe"]),
        ("from a import b", ["a", "a.b"]),
    ],
)
def test_imports_are_read_from_the_text(source: str, expected: list[str]) -> None:
    assert list(imported(source.encode())) == expected


FILES = [
    "src/app/__init__.py",
    "src/app/client.py",
    "src/app/api/__init__.py",
    "src/app/api/http.py",
    "src/app/logging.py",
    "scripts/run.py",
    "scripts/tools.py",
    "other/pkg/mod.pyi",
]


@pytest.mark.parametrize(
    ("dotted", "importer", "expected"),
    [
        ("app.client", "scripts/run.py", ["src/app/client.py"]),
        ("app", "scripts/run.py", ["src/app/__init__.py"]),
        ("tools", "scripts/run.py", ["scripts/tools.py"]),
        ("pkg.mod", "scripts/run.py", ["other/pkg/mod.pyi"]),
        (".http", "src/app/api/__init__.py", ["src/app/api/http.py"]),
        ("..client", "src/app/api/http.py", ["src/app/client.py"]),
        (".", "src/app/client.py", ["src/app/__init__.py"]),
        ("logging", "src/app/client.py", []),
        ("client", "scripts/run.py", []),
        ("client", "src/app/api/http.py", ["src/app/client.py"]),
        ("requests", "scripts/run.py", []),
    ],
)
def test_imports_lead_to_the_files_that_they_may_mean(
    dotted: str, importer: str, expected: list[str]
) -> None:
    assert Index(FILES).resolve(dotted, importer) == expected


def test_seeds_reach_what_they_use_their_users_and_what_those_use() -> None:
    imports = {
        "pkg/__init__.py": (),
        "pkg/seed.py": (".helper",),
        "pkg/helper.py": (".deep",),
        "pkg/deep.py": (),
        "pkg/user.py": (".seed", ".settings"),
        "pkg/settings.py": (),
        "main.py": ("pkg.user",),
        "pkg/unrelated.py": (".helper",),
    }

    reached = reach(list(imports), ["pkg/seed.py"], lambda paths: [imports[path] for path in paths])

    assert reached == set(imports) - {"pkg/unrelated.py"}


def naming_in(sources: Mapping[str, str]) -> Callable[[Sequence[str], Sequence[bytes]], list[str]]:
    def naming(paths: Sequence[str], names: Sequence[bytes]) -> list[str]:
        return [path for path in paths if any(is_named(name, sources[path].encode()) for name in names)]

    return naming


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("import unit", True),
        ("from unit.api import x", True),
        ("unit", True),
        ("import community, units, unit_of, my_unit", False),
        ("import community, unit", True),
        ("from \N{LATIN SMALL LETTER E WITH ACUTE}unit import x", False),
    ],
)
def test_a_name_counts_as_a_whole_word(source: str, named: bool) -> None:
    assert is_named(b"unit", source.encode()) == named


LAYOUTS = [
    FILES,
    ["__init__.py", "a.py", "b/__init__.py", "b/c.py", "d/e.py", "main.py"],
    ["p/q/r/__init__.py", "p/q/r/x.py", "p/q/run.py", "p/__init__.py", "p/user.py", "tests/test_x.py"],
]


@given(
    layout=st.sampled_from(LAYOUTS),
    seeds=st.sets(st.integers(0, 5), max_size=2),
    choices=st.lists(
        st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 3), st.integers(0, 2)), max_size=12
    ),
)
def test_searching_for_names_reaches_what_asking_every_file_reaches(
    layout: list[str], seeds: set[int], choices: list[tuple[int, int, int, int]]
) -> None:
    sources = dict.fromkeys(layout, "")
    for importer, target, skipped, dots in choices:
        parts = layout[target % len(layout)].rpartition(".")[0].removesuffix("/__init__").split("/")
        dotted = "." * dots + ".".join(parts[skipped % len(parts) :])
        sources[layout[importer % len(layout)]] += (
            f"import {dotted}\n" if not dots else f"from {dotted} import y\n"
        )
    found: dict[bool, set[str]] = {}
    for searching in (False, True):
        found[searching] = reach(
            layout,
            [layout[number % len(layout)] for number in seeds],
            lambda paths: [imported(sources[path].encode()) for path in paths],
            naming_in(sources) if searching else None,
        )

    assert found[True] == found[False]


def test_imports_of_files_that_name_no_reached_package_are_not_asked_for() -> None:
    sources = {
        "api/__init__.py": "",
        "api/client.py": "",
        "jobs/__init__.py": "",
        "jobs/daily.py": "from api import client\n",
        "jobs/other.py": "import json\n",
        "main.py": "import jobs.daily\n",
        **{f"vendor/m{number}.py": "import os\n" for number in range(20)},
    }
    asked: list[str] = []

    def imports_of(paths: Sequence[str]) -> list[tuple[str, ...]]:
        asked.extend(paths)
        return [imported(sources[path].encode()) for path in paths]

    reached = reach([*sources], ["api/client.py"], imports_of, naming_in(sources))

    assert reached == {"api/__init__.py", "api/client.py", "jobs/__init__.py", "jobs/daily.py", "main.py"}
    assert not [path for path in asked if path.startswith("vendor/")]
