from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path

import pytest
from projects import TODAY, check, judge, places, write

from procore_lint import facts
from procore_lint.config import ConfigError
from procore_lint.engine import fails
from procore_lint.extract import extract
from procore_lint.options import Tools


def test_a_project_without_procore_is_read_and_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "bad()\n", "pkg/b.py": "bad()\n"})

    report = check(tmp_path)

    assert places(report) == []
    assert report.summary.passed_over == {"do not mention Procore": 2}
    assert (report.summary.files, report.summary.checked, report.summary.read) == (2, 0, 2)
    assert report.facts_verified == ""


def test_findings_come_sorted_with_counts_and_fingerprints(tmp_path: Path) -> None:
    write(tmp_path, {"b.py": "# procore\nbad()\n", "a.py": "# procore\n\nbad()\nbad()\n", "c.py": "x = 1\n"})

    report = check(tmp_path)

    assert places(report) == ["a.py:3", "a.py:4", "b.py:2"]
    assert report.summary.by_rule == {"missing-company-header": 3}
    assert report.summary.by_severity == {"error": 3, "warning": 0, "info": 0}
    assert report.summary.checked == 2
    assert len({finding.fingerprint for finding in report.findings} - {""}) == 3
    assert report.failed
    assert report.facts_verified


def test_what_a_seed_imports_and_what_imports_it_is_judged(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "app/client.py": "from app.http import get\nURL = 'https://api.procore.com'\n",
            "app/http.py": "import requests\nbad()\n",
            "app/jobs.py": "from app import client\nbad()\n",
            "app/other.py": "import requests\nbad()\n",
        },
    )

    assert places(check(tmp_path)) == ["app/http.py:2", "app/jobs.py:2"]


def test_a_file_named_alone_gets_what_the_whole_run_finds_in_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            "app/client.py": "from app.http import get\nURL = 'https://api.procore.com'\nbad()\n",
            "app/http.py": "import requests\nbad()\n",
            "app/jobs.py": "from app import client\nbad()\n",
            "app/plain.py": "bad()\n",
        },
    )
    whole = check(tmp_path)

    alone = [
        check(tmp_path, finding)
        for finding in ("app/client.py", "app/http.py", "app/jobs.py", "app/plain.py")
    ]

    assert [finding for report in alone for finding in report.findings] == list(whole.findings)


def test_a_named_file_that_can_hold_nothing_costs_no_walk(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", "client.py": "# procore\nbad()\n", "plain.py": "x = 1\n"})

    report = check(tmp_path, "plain.py")

    assert (report.summary.read, report.summary.files) == (1, 1)


def test_findings_are_the_same_without_triage_where_it_left_nothing_out(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "# procore\nfrom b import x\nbad()\n", "b.py": "import requests\nbad()\n"})

    assert check(tmp_path, triage=False).findings == check(tmp_path).findings


def test_paths_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    write(tmp_path, {"project/.git/HEAD": "", "project/a.py": "# procore\nbad()\n", "elsewhere/x": ""})

    assert places(check(tmp_path, "project")) == ["project/a.py:2"]
    assert places(check(tmp_path / "elsewhere", "../project/a.py")) == ["../project/a.py:2"]


def test_fingerprints_do_not_depend_on_the_working_directory(tmp_path: Path) -> None:
    write(tmp_path, {"project/.git/HEAD": "", "project/a.py": "# procore\nbad()\n"})

    [above] = check(tmp_path, "project").findings
    [inside] = check(tmp_path / "project", "a.py").findings

    assert above.fingerprint == inside.fingerprint


def test_a_project_inside_a_project_is_judged_by_itself(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            "a.py": "# procore\nbad()\n",
            "sub/procore-lint.toml": 'ignore = ["PCL201"]\n',
            "sub/a.py": "# procore\nbad()\n",
        },
    )

    assert places(check(tmp_path)) == ["a.py:2"]
    assert places(check(tmp_path, "sub")) == []
    assert places(check(tmp_path, "sub", ignore=())) == ["sub/a.py:2"]


def test_select_and_ignore_take_names_codes_and_prefixes(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "# procore\nbad()\n"})

    for selector in ("missing-company-header", "PCL201", "PCL2", "pcl201"):
        assert places(check(tmp_path, select=(selector,))) == ["a.py:2"]
        assert places(check(tmp_path, ignore=(selector,))) == []
    assert places(check(tmp_path, select=("PCL1",))) == []


def test_an_unknown_rule_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "# procore\n"})

    with pytest.raises(ConfigError, match="Did you mean 'missing-company-header'"):
        check(tmp_path, select=("missing-company-headers",))


def test_per_file_ignores_are_relative_to_the_configuration(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "procore-lint.toml": '[per-file-ignores]\n"scripts/" = ["PCL2"]\n"b.py" = ["PCL3"]\n',
            "scripts/deep/a.py": "# procore\nbad()\n",
            "b.py": "# procore\nbad()\n",
        },
    )

    assert places(check(tmp_path)) == ["b.py:2"]


def test_excluded_files_are_not_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "procore-lint.toml": 'exclude = ["generated/"]\n',
            "generated/a.py": "# procore\nbad()\n",
            "tests/b.py": "# procore\nbad()\n",
            "c.py": "# procore\nbad()\n",
        },
    )

    assert places(check(tmp_path, exclude=("tests",))) == ["c.py:2"]
    assert places(check(tmp_path, "generated/a.py")) == ["generated/a.py:2"]
    report = check(tmp_path, "generated/a.py", force_exclude=True)
    assert (places(report), report.summary.passed_over) == ([], {"excluded": 1})


def test_a_file_that_cannot_be_parsed_is_a_finding_and_the_others_go_on(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.py": "# procore\ndef (:\n", "b.py": "# procore\nbad()\n", "c.py": b"# procore \xff\n"}
    )

    report = check(tmp_path)

    assert [finding.rule for finding in report.findings] == [
        "unreadable-file",
        "missing-company-header",
        "unreadable-file",
    ]
    assert report.findings[0].span.line == 2


def test_an_unparsable_file_without_a_tie_to_procore_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "def (:\n", "b.py": "# procore\n"})

    assert places(check(tmp_path)) == []


def _raises(data: bytes) -> facts.Module:
    if b"explode" in data:
        raise ZeroDivisionError("no way")
    return extract(data)


def _dies(data: bytes) -> facts.Module:
    if b"explode" in data:
        os._exit(11)
    return extract(data)


def test_an_exception_in_one_files_analysis_costs_that_file_one_finding(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "# procore explode\nbad()\n", "b.py": "# procore\nbad()\n"})

    report = check(tmp_path, tools=Tools(extract=_raises, judge=judge))

    assert [(finding.path, finding.rule) for finding in report.findings] == [
        ("a.py", "unreadable-file"),
        ("b.py", "missing-company-header"),
    ]
    assert "ZeroDivisionError: no way" in report.findings[0].message


def test_a_process_that_dies_costs_the_file_at_fault_one_finding(tmp_path: Path) -> None:
    filler = "x = 1\n" * 20_000
    write(tmp_path, {f"m{number}.py": f"# procore\nbad()\n{filler}" for number in range(6)})
    write(tmp_path, {"a.py": f"# procore explode\n{filler}"})

    report = check(tmp_path, jobs=2, tools=Tools(extract=_dies, judge=judge))

    assert [(finding.path, finding.rule) for finding in report.findings] == [
        ("a.py", "unreadable-file"),
        *((f"m{number}.py", "missing-company-header") for number in range(6)),
    ]


def test_one_process_and_several_find_the_same(tmp_path: Path) -> None:
    filler = "x = [1, 2]\n" * 12_000
    write(tmp_path, {f"m{number}.py": f"# procore\n{filler}bad()\n" for number in range(5)})

    assert check(tmp_path, jobs=1).findings == check(tmp_path, jobs=3).findings


def test_standard_input_stands_in_for_a_file_of_its_project(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", "a.py": "# procore\nbad()\n", "b.py": "# procore\nbad()\n"})
    replaced = {str(tmp_path / "a.py"): b"# procore\n\n\nbad()\n"}

    assert places(check(tmp_path, "a.py", replaced=replaced)) == ["a.py:4"]
    assert places(check(tmp_path, "new.py", replaced={str(tmp_path / "new.py"): b"# procore\nbad()"})) == [
        "new.py:2"
    ]


def test_the_day_comes_from_the_option_then_the_configuration_then_today(tmp_path: Path) -> None:
    write(tmp_path, {"procore-lint.toml": 'as-of = "2021-01-01"\n', "a.py": "# procore\nbad()\n"})

    configured = check(tmp_path)

    assert configured.as_of == datetime.date(2021, 1, 1)
    assert [finding.severity for finding in configured.findings] == ["info"]
    assert check(tmp_path, as_of=TODAY).as_of == TODAY


def test_inline_ignores_take_findings_out_of_the_report(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "# procore\nbad()  # procore-lint: ignore[PCL201] -- known\nbad()\n"})

    report = check(tmp_path)

    assert places(report) == ["a.py:3"]
    assert report.summary.suppressed == 1


@pytest.mark.parametrize(
    ("fail_on", "failing"),
    [("error", []), ("warning", ["warning"]), ("info", ["warning", "info"]), ("never", [])],
)
def test_severities_at_or_above_fail_on_fail_the_run(
    tmp_path: Path, fail_on: str, failing: list[str]
) -> None:

    write(tmp_path, {"a.py": "# procore\nbad()\n"})
    [finding] = check(tmp_path).findings

    for severity in ("warning", "info"):
        assert fails([finding._replace(severity=severity)], fail_on) is (severity in failing)  # type: ignore[arg-type]


def test_an_unreadable_file_is_counted_and_told(tmp_path: Path) -> None:
    write(tmp_path, {"b.py": "# procore\nbad()\n"})
    (tmp_path / "a.py").symlink_to(tmp_path / "a.py")  # opening it fails for every user, root too

    report = check(tmp_path, "a.py", "b.py")

    assert places(report) == ["b.py:2"]
    assert report.summary.passed_over == {"unreadable": 1}
    assert [(error.path, "could not be read" in error.message) for error in report.errors] == [("a.py", True)]


def test_a_file_that_does_not_parse_is_told_with_the_version_that_read_it(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", "procore.py": "type X = = int\n"})

    (finding,) = check(tmp_path).findings

    assert finding.rule == "unreadable-file"
    assert f"read by Python {sys.version_info.major}.{sys.version_info.minor}: " in finding.help
