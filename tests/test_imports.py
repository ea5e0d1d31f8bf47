from __future__ import annotations

import pytest

from procore_lint.imports import Index, imported, reach


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

    reached = reach(list(imports), ["pkg/seed.py"], lambda path: imports[path])

    assert reached == set(imports) - {"pkg/unrelated.py"}
