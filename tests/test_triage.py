from __future__ import annotations

from pathlib import Path

import pytest
from projects import write

from procore_lint.triage import Near, is_seed, needles


@pytest.mark.parametrize(
    ("path", "data", "seed"),
    [
        ("a.py", b"URL = 'https://api.PROCORE.com'", True),
        ("a.py", b"get(f'/rest/v{version}/me')", True),
        ("a.py", b"'/VAPID/projects'", True),
        ("procore_sdk/a.py", b"", True),
        ("a.py", b"x = 1", False),
    ],
)
def test_a_file_that_mentions_procore_in_bytes_or_path_is_a_seed(path: str, data: bytes, seed: bool) -> None:
    assert is_seed(path, data) is seed


def test_the_configurations_own_header_names_are_needles() -> None:
    assert is_seed("a.py", b"headers['x-company'] = 1", needles(["X-Company"]))


@pytest.mark.parametrize(
    ("files", "holds"),
    [
        ({"a.py": "x = 1\n"}, False),
        ({"a.py": "import requests\n"}, True),
        ({"a.py": "from b import f\n", "b.py": "# procore\n"}, True),
        ({"a.py": "from b import f\n", "b.py": "x = 1\n"}, False),
        (
            {"a.py": "import b\n", "src/b/__init__.py": "from .c import f\n", "src/b/c.py": "# procore\n"},
            True,
        ),
        ({"a.py": "import b\n", "src/b/__init__.py": "\n", "src/b/c.py": "# procore\n"}, False),
    ],
)
def test_a_file_holds_findings_if_it_has_effects_or_imports_a_seed(
    tmp_path: Path, files: dict[str, str], holds: bool
) -> None:
    write(tmp_path, files)

    def read(path: str) -> bytes | None:
        return (tmp_path / path).read_bytes()

    assert Near(str(tmp_path), read).may_hold("a.py") is holds


@pytest.mark.parametrize(
    ("text", "seed"),
    [
        ("u = 'https://x.atlassian.net/rest/v3/issue'", False),
        ("u = base + '/rest/v1.0/projects'", True),
        ("u = f'{base}/rest/v{version}/projects'", True),
        ("u = '/rest/v' + VERSION", True),
        ("u = '/rest/v1", True),
        ("docs = 'https://developer.atlassian.com/cloud/rest/v1/intro' # procore", True),
    ],
)
def test_versions_of_one_number_are_other_vendors(text: str, seed: bool) -> None:
    assert is_seed("a.py", text.encode()) == seed
