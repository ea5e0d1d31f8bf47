from __future__ import annotations

import re

from snapshots import Snapshot

from procore_lint.catalog import Catalog
from procore_lint.report import page


def test_a_page_reads_plainly(catalog: Catalog, snapshot: Snapshot) -> None:
    text = catalog.rules["hardcoded-token-lifetime"].page
    snapshot(page.show(text, color=False, width=60), "report/page-60.txt")


def test_a_page_in_colour_has_looks_in_place_of_marks(catalog: Catalog, snapshot: Snapshot) -> None:
    text = catalog.rules["hardcoded-token-lifetime"].page
    snapshot(page.show(text, color=True, width=60).replace("\x1b", "␛"), "report/page-color.txt")


def test_code_is_never_wrapped_or_read_as_markdown() -> None:
    code = "x = '**not bold** # no heading, `no code`, and a very long line that nobody may break'"
    shown = page.show(f"```python\n{code}\n\n# comment\n```\n", color=True, width=40)
    assert re.sub(r"\x1b\[[\d;]*m", "", shown) == f"    {code}\n\n    # comment\n"


def test_list_items_hang_below_their_bullet() -> None:
    shown = page.show("- one two three\n  four five\n- six\n", color=False, width=12)
    assert shown == "- one two\n  three four\n  five\n- six\n"


def test_a_section_gives_its_first_paragraph() -> None:
    text = "# a\n\n## What it finds\n\nFirst **line**,\nsecond [one](https://x.y).\n\nOther.\n\n## Empty\n\n## Last\n"
    assert page.section(text, "What it finds") == "First line, second one (https://x.y)."
    assert page.section(text, "Empty") == ""
    assert page.section(text, "Missing") == ""


def test_prose_stays_readable_on_a_very_wide_terminal() -> None:
    shown = page.show("word " * 100, color=False, width=300)
    assert max(map(len, shown.splitlines())) == 99
