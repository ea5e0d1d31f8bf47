"""The rules' pages on fixes: what a page says and shows of a fix is what `--fix` does to its example."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from repair_helpers import check, project
from test_rule_pages import PAGES, examples, sections

_DIFF = re.compile(r"^```diff\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK = re.compile(r"\s*# error:.*")
FIXED = [file for file in PAGES if 'fix = "none"' not in file.read_text(encoding="utf-8").partition("##")[0]]


def pairs(page: str) -> list[tuple[str, str]]:
    """Each line that the diffs of a page take out, with the one that they put in its place."""
    lines = [line for block in _DIFF.findall(sections(page)["Fix safety"]) for line in block.splitlines()]
    return [
        (old[1:].strip(), new[1:].strip()) for old, new in pairwise(lines) if (old[:1], new[:1]) == ("-", "+")
    ]


@pytest.mark.parametrize("file", FIXED, ids=lambda file: file.stem)
def test_an_example_shows_the_fix(file: Path, tmp_path: Path) -> None:
    page, rule = file.read_text(encoding="utf-8"), file.stem.partition("-")[2]
    assert pairs(page), "the section on fix safety shows no change"
    sources = [
        _MARK.sub("", source) if rule == "unused-ignore" else source for source in examples(page, "Example")
    ]
    root = project(tmp_path, {f"procore_{number}.py": source for number, source in enumerate(sources)})
    known = sum(row["rule"] == rule for row in check(root))
    left = sum(row["rule"] == rule for row in check(root, "--fix", "--unsafe-fixes"))
    after = [(root / f"procore_{number}.py").read_text() for number in range(len(sources))]
    assert after != sources
    assert left < known
    whole, mended = "\n".join(sources), "\n".join(after)
    for old, new in pairs(page):
        if old in whole:
            assert old not in mended
            assert new in mended
