"""The trees that are measured: pinned packages from PyPI, and synthetic ones that only differ in size."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

T2 = (
    "ansible-core==2.19.14", "apache-airflow-core==3.3.2", "botocore==1.44.5", "django==5.2.19",
    "sqlalchemy==2.1.9", "twisted==26.10.0", "propycore==0.8.0",
)  # fmt: skip
T3 = "propycore==0.8.0"

LINES = (1_000, 10_000, 100_000, 1_000_000)
SHARES = (0.1, 1.0, 10.0, 100.0)
_PER_FILE = 200

_PLAIN = '''\
def total_{n}(rows, factor={n}):
    """Add up the rows, each times the factor."""
    result = 0
    for row in rows:
        if row is None:
            continue
        result += row * factor
    return result


'''
_PROCORE = '''\
def items_{n}(session, company, project):
    """The open items of a project."""
    response = session.get(
        f"https://api.procore.com/rest/v1.0/projects/{{project}}/rfis",
        headers={{"Procore-Company-Id": str(company)}},
        params={{"page": {n}, "per_page": 100}},
    )
    response.raise_for_status()
    return [item for item in response.json() if item["status"] == "open"]


'''


class Size(NamedTuple):
    """How large a tree is."""

    files: int
    lines: int
    mentions: int  # files that mention Procore


def build(work: Path) -> dict[str, Path]:
    """The trees T2 and T3 below `work`, downloaded and unpacked where they are not there yet."""
    wheels = work / "wheels"
    for folder, names in (("T2", T2), ("T3", (T3,))):
        root = work / folder
        if (root / ".complete").exists():
            continue
        shutil.rmtree(root, ignore_errors=True)
        wheels.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
             "--ignore-requires-python", "--dest", str(wheels), *names],
            check=True,
        )  # fmt: skip
        for name in names:
            project, _, version = name.partition("==")
            [wheel] = wheels.glob(f"{project.replace('-', '_')}-{version}-*.whl")
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(root / project.replace("-", "_"))
        (root / ".complete").touch()
    return {"T2": work / "T2", "T3": work / "T3"}


def synthetic(work: Path, lines: int, share: float) -> Path:
    """A tree of about so many lines, of which `share` percent lie in files that mention Procore."""
    root = work / "synthetic" / f"{lines}-{share:g}"
    if (root / ".complete").exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    files = max(lines // _PER_FILE, 1)
    mentioning = max(round(files * share / 100), 1)
    for number in range(files):
        part = _PROCORE if number * mentioning // files != (number - 1) * mentioning // files else _PLAIN
        length = part.count("\n")
        body = "".join(part.format(n=n) for n in range(_PER_FILE // length))
        folder = root / f"package_{number // 50}"
        if number % 50 == 0:
            folder.mkdir(parents=True)
            (folder / "__init__.py").touch()
        (folder / f"module_{number}.py").write_text(f"import requests\n\n\n{body}", encoding="utf-8")
    (root / ".complete").touch()
    return root


def size_of(root: Path) -> Size:
    """Count files, lines and mentions."""
    files = lines = mentions = 0
    for path in root.rglob("*.py"):
        data = path.read_bytes()
        files += 1
        lines += data.count(b"\n")
        mentions += b"procore" in data.lower()
    return Size(files, lines, mentions)


def silent_files(root: Path, count: int, target: Path) -> list[str]:
    """Copy some files that never mention Procore into a project of their own; their names."""
    shutil.rmtree(target, ignore_errors=True)
    (target / ".git").mkdir(parents=True)
    (target / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
    names: list[str] = []
    for path in sorted(root.rglob("*.py")):
        data = path.read_bytes()
        if len(data) > 5_000 and b"procore" not in data.lower():
            name = f"module_{len(names)}.py"
            (target / name).write_bytes(data)
            names.append(name)
            if len(names) == count:
                break
    return names
