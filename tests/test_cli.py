from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_helpers import DEFECT, RULE, invoke
from projects import write


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, {"procore-lint.toml": "", "app.py": DEFECT, "clean.py": "x = 1\n"})


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    command = [sys.executable, "-m", "procore_lint", *arguments]
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(command, cwd=cwd, env={**env, **environment}, capture_output=True, text=True)


def test_findings_exit_with_one_and_none_with_zero(project: Path) -> None:
    assert run("check", *RULE, cwd=project).returncode == 1
    assert run("check", *RULE, "clean.py", cwd=project).returncode == 0
    assert run("check", *RULE, "--exit-zero", cwd=project).returncode == 0
    assert run("check", *RULE, "--fail-on", "never", cwd=project).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chekc"], "Did you mean 'check'?"),
        (["app.py"], "To check a path, say: procore-lint check app.py"),
        (["check", "--selct", "x"], "--select"),
        (["check", "ap.py"], "ap.py: no such file or directory. Did you mean 'app.py'?"),
        (["check", "--select", "vapid-endpoints"], "Did you mean 'vapid-endpoint'?"),
        (["check", "--ignore", "PCL9", "clean.py"], "options: ignore: unknown rule 'PCL9'"),
        (["check", "--as-of", "soon"], "'soon' is not a day such as 2026-07-01"),
        (["check", "--config", "none.toml"], "none.toml: cannot be read"),
        (["check", "--baseline", "none.json"], "there is no such baseline"),
        (["check", "--format", "xml"], "'xml'"),
        (["check", "-", "app.py"], "cannot be combined"),
        (["check", "--add-ignores", " "], "needs a reason"),
        (["rule", "vapid"], "Did you mean 'vapid-endpoint'?"),
        (["rule", "PCL4"], "selects several rules"),
    ],
)
def test_mistakes_exit_with_two_and_say_what_was_meant(
    project: Path, arguments: list[str], words: str
) -> None:
    done = run(*arguments, cwd=project)

    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_wrong_configuration_exits_with_two(project: Path) -> None:
    write(project, {"procore-lint.toml": "selct = []\n"})

    done = run("check", cwd=project)

    assert (done.returncode, "Did you mean 'select'?" in done.stderr) == (2, True)


def test_what_nobody_foresaw_exits_with_two(project: Path) -> None:
    program = (
        "import sys, procore_lint.engine as engine\n"
        "def explode(*_): raise ZeroDivisionError\n"
        "engine.targets_of = explode\n"
        "from procore_lint.cli import main\n"
        "sys.argv = ['procore-lint', 'check']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True)

    assert done.returncode == 2
    assert "internal error" in done.stderr


def test_a_reader_that_goes_away_is_no_crash(project: Path) -> None:
    command = f"{sys.executable} -m procore_lint rules --format json | head -c 1"
    done = subprocess.run(command, shell=True, cwd=project, capture_output=True, text=True)

    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("check clean.py >&-", 0, ""),
        ("check app.py >&- 2>&-", 1, ""),
        ("--version >&-", 0, ""),
        ("rules >&-", 0, ""),
        ("check - <&-", 2, "standard input, which is closed"),
        ("check app.py >/dev/full", 2, "procore-lint: error: No space left on device"),
        ("rules >/dev/full", 2, "procore-lint: error: No space left on device"),
        ("check none.py 2>/dev/full", 2, ""),
    ],
)
def test_streams_that_are_closed_or_full_are_no_crash(
    project: Path, line: str, code: int, words: str
) -> None:
    command = f'"{sys.executable}" -m procore_lint {line}'

    done = subprocess.run(["bash", "-c", command], cwd=project, capture_output=True, text=True)

    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_directory_that_is_gone_is_named(project: Path) -> None:
    gone = project / "gone"
    gone.mkdir()
    command = f'rmdir "{gone}" && "{sys.executable}" -m procore_lint check'

    done = subprocess.run(["bash", "-c", command], cwd=gone, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (
        2,
        "procore-lint: error: the current directory is gone; change to one that exists\n",
    )


def test_selectors_may_be_lists_and_repeated(project: Path) -> None:
    for arguments in (["--select", "PCL1,vapid-endpoint"], ["--select", "PCL1", "--select", "PCL203"]):
        rows = json.loads(invoke("check", *arguments, "--format", "json").stdout)["findings"]
        assert [row["rule"] for row in rows] == ["vapid-endpoint"]
    rows = json.loads(invoke("check", "--ignore", "PCL2,PCL3", "--format", "json").stdout)["findings"]
    assert [row["rule"] for row in rows] == []


def test_the_report_goes_to_a_file_when_asked(project: Path) -> None:
    done = invoke("check", *RULE, "--format", "json", "--output", "report.json")

    assert (done.exit_code, done.stdout) == (1, "")
    assert json.loads((project / "report.json").read_text())["version"] == 1


def test_a_file_that_cannot_be_written_exits_with_two(project: Path) -> None:
    assert invoke("check", "--output", "no/such/dir.txt").exit_code == 2


def test_standard_input_stands_for_the_named_file(project: Path) -> None:
    done = invoke(
        "check", "-", "--stdin-filename", "app.py", *RULE, "--format", "json", input="#\n#\n" + DEFECT
    )
    rows = json.loads(done.stdout)["findings"]

    assert [(row["path"], row["line"]) for row in rows] == [("app.py", 5)]


def test_standard_input_needs_no_name(project: Path) -> None:
    rows = json.loads(invoke("check", "-", *RULE, "--format", "json", input=DEFECT).stdout)["findings"]

    assert [row["path"] for row in rows] == ["-"]


def test_quiet_says_nothing_where_nothing_is_found(project: Path) -> None:
    assert invoke("check", "clean.py", "--quiet").output == ""
    assert invoke("check", "clean.py").output != ""


def test_colour_obeys_the_option_then_the_environment_then_the_pipe(project: Path) -> None:
    def colored(*arguments: str, **environment: str) -> bool:
        return "\x1b[" in run("check", *RULE, *arguments, cwd=project, **environment).stdout

    assert not colored()
    assert colored("--color", "always")
    assert colored(FORCE_COLOR="1")
    assert not colored(FORCE_COLOR="1", NO_COLOR="1")
    assert colored("--color", "always", NO_COLOR="1")
    assert not colored("--color", "never", FORCE_COLOR="1")


def test_sarif_lists_the_rules_even_where_nothing_is_found(project: Path) -> None:
    log = json.loads(invoke("check", "clean.py", "--format", "sarif").stdout)

    assert log["runs"][0]["results"] == []
    assert len(log["runs"][0]["tool"]["driver"]["rules"]) > 15


def test_rules_are_listed_as_text_and_json() -> None:
    assert "PCL203" in invoke("rules").output
    assert {row["code"] for row in json.loads(invoke("rules", "--format", "json").output)["rules"]} >= {
        "PCL203"
    }


def test_a_rules_page_is_found_by_name_and_code() -> None:
    by_name = invoke("rule", "vapid-endpoint")

    assert by_name.exit_code == 0
    assert by_name.output.startswith("# vapid-endpoint (PCL203)")
    assert invoke("rule", "pcl203").output == by_name.output


def test_the_version_comes_with_the_day_of_the_facts() -> None:
    assert "facts of 20" in invoke("--version").output


def imported(*arguments: str, cwd: Path) -> set[str]:
    program = (
        "import sys\n"
        "from procore_lint.cli import cli\n"
        "try:\n"
        "    cli.main(sys.argv[1:], prog_name='procore-lint')\n"
        "finally:\n"
        "    print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", program, *arguments]
    return set(subprocess.run(command, cwd=cwd, capture_output=True, text=True).stderr.splitlines())


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["check", "--help"], ["check", "clean.py"]])
def test_a_start_without_a_procore_file_imports_nothing_heavy(project: Path, arguments: list[str]) -> None:
    (project / "app.py").unlink()
    (project / "procore-lint.toml").unlink()
    write(project, {".git/HEAD": "", ".gitignore": "*.py[cod]\nbuild/\n", "pyproject.toml": "[project]\n"})

    modules = imported(*arguments, cwd=project)

    heavy = {"libcst", "msgspec", "pathspec", "multiprocessing", "concurrent.futures", "subprocess"}
    assert "procore_lint.cli" in modules
    assert modules & heavy == set()
    assert modules & {f"procore_lint.report.{name}" for name in ("as_json", "github", "sarif")} == set()
    if arguments == ["check", "clean.py"]:
        assert modules & {"tomllib", "tomli", "procore_lint.catalog", "procore_lint.extract"} == set()


def test_a_report_in_text_needs_no_libcst(project: Path) -> None:
    assert "libcst" not in imported("check", *RULE, cwd=project)


def test_help_looks_as_it_did(snapshot: object) -> None:
    texts = [
        invoke(*arguments, "--help", terminal_width=100, prog_name="procore-lint").output
        for arguments in ([], ["check"], ["rules"], ["rule"])
    ]
    snapshot("\n".join(texts), "cli/help.txt")  # type: ignore[operator]
