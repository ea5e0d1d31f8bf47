"""Odd spellings of an ignore: each works or is said to be none, and no one fails in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_helpers import RULE, invoke
from ignore_helpers import at, run
from projects import write

UNDERSTOOD = """\
# procore-lint:ignore[PCL201]
#procore-lint: ignore [PCL201]
#  procore-lint  :  ignore[ PCL201 ] -- why
# PROCORE-LINT: IGNORE[PCL201] UNTIL=2027-01-01 -- why
# Procore-Lint: ignore[pcl201]
# procore-lint: ignore[Missing-Company-Header]
## procore-lint: ignore[PCL201]
# noqa: E501  # procore-lint: ignore[PCL201] -- why
# NOQA # procore-lint: ignore[PCL201]  # type: ignore[arg-type]
# noqa: E501# procore-lint: ignore[PCL201]
# type: ignore[arg-type]# procore-lint: ignore[PCL201]
"""
SAID = {
    "# procore-lint: noqa": "`noqa` is no directive",
    "# procore-lint: NOQA[PCL201]": "`NOQA` is no directive",
    "# procore-lint: disable-next-line=PCL201": "`disable-next-line` is no directive",
    "# procore-lint: ignore-next-line[PCL201]": "`ignore-next-line` is no directive",
    "# procore-lint: ignore_file[PCL201]": "`ignore_file` is no directive",
    "# procore-lint: file-ignore[PCL201]": "`file-ignore` is no directive",
    "# procore-lint: PCL201": "`PCL201` is no directive",
    "# procore-lint: missing-company-header": "`missing-company-header` is no directive",
    "# procore-lint: [PCL201]": "no `ignore` stands before `[`",
    "# procore-lint: IGNORE": "`IGNORE` names no rule",
    "# procore-lint: ignore[ ]": "`ignore` names no rule",
    "# procore-lint: ignore(PCL201)": "`ignore` names no rule",
    "# procore-lint: ignore[PCL201": "`ignore` names no rule",
    "# procore-lint ignore[PCL201] -- why": "a `:` is missing",
    "# procore-lint ignore": "a `:` is missing",
    "# procore-lint[PCL201]": "a `:` is missing",
    "# procore_lint: ignore[PCL201]": "`procore_lint` is not the name",
    "# Procore Lint: ignore[PCL201]": "`Procore Lint` is not the name",
    "# noqa: E501, procore-lint: ignore[PCL201]": "inside another comment",
    "#: procore-lint: ignore[PCL201]": "inside another comment",
}


@pytest.mark.parametrize("comment", UNDERSTOOD.splitlines())
def test_an_ignore_is_understood_in_any_case_and_beside_other_tools(comment: str) -> None:
    done = run(f"x = 1  {comment}\n", [at(1)])
    assert (done.findings, done.suppressed) == ((), 1)


@pytest.mark.parametrize("comment", SAID)
def test_what_was_meant_as_an_ignore_and_is_none_is_said(comment: str) -> None:
    done = run(f"x = 1  {comment}\n", [at(1)])
    (said,) = [finding for finding in done.findings if finding.rule == "unknown-ignore"]
    assert SAID[comment] in said.message
    assert "procore-lint: ignore" in said.help
    assert done.suppressed == 0


def test_an_advice_names_the_rules_that_were_written() -> None:
    (said,) = run("x = 1  # procore-lint: noqa[PCL201, PCL203]\n").findings
    assert said.help == "write `# procore-lint: ignore[PCL201, PCL203]`"


def test_comments_are_read_in_a_file_that_names_the_linter_in_any_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = "https://api.procore.com/vapid/projects"
    files = {
        "upper.py": f'import requests\n\nrequests.get("{url}")  # PROCORE-LINT: ignore[vapid-endpoint]\n',
        "apart.py": f'import requests\n\nrequests.get("{url}")  # procore_lint: ignore[vapid-endpoint]\n',
    }
    write(tmp_path, {"procore-lint.toml": "", **files})
    assert invoke("check", "upper.py", "--no-cache", *RULE).exit_code == 0
    said = invoke("check", "apart.py", "--no-cache", "--select", "unknown-ignore").stdout
    assert "`procore_lint` is not the name of procore-lint" in said
