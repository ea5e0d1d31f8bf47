from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import pytest
from fix_helpers import span_of
from hypothesis import given, settings
from hypothesis import strategies as st

from procore_lint.finding import Edit, Finding, Fix, Safety, Span
from procore_lint.fixes import Applied, apply, resolve
from procore_lint.replacement import Combined, InsertItem, RenameKey, Replacement, ReplaceText
from procore_lint.source import Lines, decode

Judge = Callable[[Mapping[str, bytes]], list[Finding]]


class Project:
    """Files in memory and a toy judge: every match of a pattern is a finding with a fix."""

    def __init__(self, files: Mapping[str, bytes], *rules: Rule) -> None:
        self.files = dict(files)
        self.rules = rules
        self.analyses = 0

    def findings(self, changed: Mapping[str, bytes] | None = None) -> list[Finding]:
        self.analyses += 1
        files = {**self.files, **(changed or {})}
        return [
            finding for rule in self.rules for path in sorted(files) for finding in rule(path, files[path])
        ]

    def fix(self, *, unsafe: bool = False, forbidden: Callable[[str], str] = lambda _: "") -> Applied:
        applied = apply(self.findings(), self.files.get, self.findings, unsafe=unsafe, forbidden=forbidden)
        for change in applied.changes:
            assert change.before == self.files[change.path]
            self.files[change.path] = change.after
        return applied


Rule = Callable[[str, bytes], Sequence[Finding]]


def rule(
    pattern: str,
    make: Callable[[str, Span, str], Replacement | tuple[Edit, ...]],
    safety: Safety = "safe",
    name: str = "r",
) -> Rule:
    """A rule that reports each match, mended by what `make` says of (path, span, match)."""

    def check(path: str, data: bytes) -> list[Finding]:
        text = decode(data).text
        found = []
        for match in re.finditer(pattern, text):
            span = Span(*Lines(text).span(*match.span()))
            made = make(path, span, match[0])
            fix = Fix(safety, "t", made) if type(made) is tuple else Fix.of(safety, made)
            found.append(Finding(name, "PCL999", "error", "m", "h", "u", path, span, fix=fix))
        return found

    return check


def to_new(path: str, span: Span, _: str) -> Replacement:
    return ReplaceText(path, span, "old", "new")


OLD = rule(r"'[^'\n]*old[^'\n]*'", to_new)


def test_a_fix_is_applied_and_the_second_run_changes_nothing() -> None:
    project = Project({"a.py": b"x = 'old'  # old\r\ny = 'an old'", "b.py": b"z = 1\n"}, OLD)
    applied = project.fix()
    assert project.files == {"a.py": b"x = 'new'  # old\r\ny = 'an new'", "b.py": b"z = 1\n"}
    assert (len(applied.fixed), applied.left, applied.findings) == (2, (), ())
    assert project.fix().changes == ()


def test_fixes_that_do_not_overlap_need_one_analysis() -> None:
    project = Project({"a.py": b"x = 'old'\n" * 50}, OLD)
    findings = project.findings()
    project.analyses = 0
    apply(findings, project.files.get, project.findings, unsafe=False)
    assert project.analyses == 1


def test_an_unsafe_fix_waits_for_the_word() -> None:
    project = Project({"a.py": b"x = 'old'\n"}, rule("'old'", to_new, "unsafe"))
    assert project.fix().changes == ()
    assert len(project.fix(unsafe=True).changes) == 1


def test_overlapping_fixes_are_applied_in_rounds() -> None:
    add_a = rule(r"\{(?!.*'a')[^}\n]*\}", lambda path, span, _: InsertItem(path, span, "a", "1"))
    add_b = rule(r"\{(?!.*'b')[^}\n]*\}", lambda path, span, _: InsertItem(path, span, "b", "2"), name="s")
    project = Project({"a.py": b"x = {'k': 0}\n"}, add_a, add_b)
    assert len(project.fix().fixed) == 2
    assert project.files["a.py"] == b"x = {'k': 0, 'a': 1, 'b': 2}\n"


def test_one_edit_that_mends_two_findings_is_made_once() -> None:
    def shared(path: str, span: Span, _: str) -> Replacement:
        return InsertItem(path, span_of("h = {}\nget(h)\nget(h)\n", "{}"), "k", "1")

    def check(path: str, data: bytes) -> Sequence[Finding]:
        return [] if b"k" in data else rule(r"get\(h\)", shared)(path, data)

    project = Project({"a.py": b"h = {}\nget(h)\nget(h)\n"}, check)
    assert len(project.fix().fixed) == 2
    assert project.files["a.py"] == b'h = {"k": 1}\nget(h)\nget(h)\n'


def test_a_fix_that_brings_a_new_finding_is_left_out_and_the_others_stay() -> None:
    worse = rule("'bad'", lambda path, span, _: RenameKey(path, span, "bad", "worse"), name="s")
    broken = rule("'worse'", lambda path, span, _: (), name="t")
    lines = [b"x = 'old'\n"] * 9
    lines[4] = b"x = 'bad'\n"
    project = Project({"a.py": b"".join(lines), "b.py": b"x = 'bad'\n"}, OLD, worse, broken)
    applied = project.fix()
    assert len(applied.fixed) == 8
    assert project.files["a.py"].count(b"'new'") == 8
    assert project.files["b.py"] == b"x = 'bad'\n"
    assert [left.reason for left in applied.left] == [
        "it would bring a new finding: PCL999 at a.py:5",
        "it would bring a new finding: PCL999 at b.py:1",
    ]
    assert project.fix().changes == ()


def test_a_fix_after_which_the_finding_is_still_there_is_left_out() -> None:
    useless = rule("'a+'", lambda path, span, text: RenameKey(path, span, text[1:-1], text[1:-1] + "a"))
    project = Project({"a.py": b"x = 'a'\n"}, useless)
    assert [left.reason for left in project.fix().left] == ["the finding would still be there"]
    assert project.files["a.py"] == b"x = 'a'\n"


@pytest.mark.parametrize(
    ("data", "new", "reason"),
    [
        (b"x = 'old'\n", "(", "the result does not parse"),
        (b"# coding: ascii\nx = 'old'\n", "'\u2013'", "ascii cannot write"),
        (b"x = 'old'\n", "'old'", "the fix changes nothing"),
    ],
)
def test_a_result_that_is_no_python_is_not_kept(data: bytes, new: str, reason: str) -> None:
    project = Project({"a.py": data}, rule("'old'", lambda path, span, _: (Edit(path, span, new),)))
    (left,) = project.fix().left
    assert reason in left.reason
    assert project.files["a.py"] == data


@pytest.mark.parametrize("data", [b"x = 'old' (\n", b"# coding: utf-7\nx = 'old'; y = '+AGE-'\n"])
def test_a_file_that_cannot_be_edited_exactly_is_left_as_it_was(data: bytes) -> None:
    project = Project({"a.py": data}, rule("'old'", lambda path, span, _: (Edit(path, span, "'new'"),)))
    assert len(project.fix().left) == 1
    assert project.files["a.py"] == data


def test_a_path_that_must_not_be_written_is_left_with_the_reason() -> None:
    project = Project({"a.py": b"x = 'old'\n", "b.py": b"x = 'old'\n"}, OLD)
    applied = project.fix(forbidden=lambda path: "no" if path == "a.py" else "")
    assert [change.path for change in applied.changes] == ["b.py"]
    assert [left.reason for left in applied.left] == ["a.py: no"]


def test_a_fix_over_two_files_is_made_whole_and_binds_them_together() -> None:
    def both(path: str, span: Span, _: str) -> Replacement:
        constant = ReplaceText("config.py", (1, 5, 1, 10), "old", "new")
        return Combined((ReplaceText(path, span, "old", "new"), constant))

    apart = rule("'very old'", lambda path, span, _: ReplaceText(path, span, "very old", "new"))
    files = {"a.py": b"x = 'old'\n", "config.py": b"X = 'old'\n", "z.py": b"x = 'very old'\n"}
    project = Project(
        files, lambda path, data: rule("'old'", both)(path, data) if path == "a.py" else [], apart
    )
    changes = {change.path: change for change in project.fix().changes}
    assert [*changes] == ["a.py", "config.py", "z.py"]
    assert changes["a.py"].group == changes["config.py"].group != changes["z.py"].group


def test_half_a_fix_is_no_fix() -> None:
    def both(path: str, span: Span, _: str) -> Replacement:
        return Combined((ReplaceText(path, span, "old", "new"), ReplaceText("gone.py", span, "old", "new")))

    assert Project({"a.py": b"x = 'old'\n"}, rule("'old'", both)).fix().changes == ()


def test_an_ignore_that_a_fix_leaves_unused_is_no_new_finding_and_goes_too() -> None:
    def unused(path: str, data: bytes) -> Sequence[Finding]:
        remove = rule("  # ignore", lambda path, span, _: (Edit(path, span, ""),), name="unused-ignore")
        return [] if b"old" in data else remove(path, data)

    project = Project({"a.py": b"x = 'old'  # ignore\n"}, OLD, unused)
    project.fix()
    assert project.files["a.py"] == b"x = 'new'\n"


def test_known_findings_that_nobody_asked_for_are_neither_fixed_nor_news() -> None:
    project = Project({"a.py": b"x = 'old'; y = 'old'\n"}, OLD)
    first, second = project.findings()
    applied = apply(
        [second],
        project.files.get,
        project.findings,
        unsafe=False,
        known=[first, second._replace(fingerprint="f")],
    )
    assert applied.changes[0].after == b"x = 'old'; y = 'new'\n"
    assert [left.span for left in applied.findings] == [first.span]


def test_a_fix_that_cannot_be_made_exactly_is_not_offered() -> None:
    project = Project({"a.py": b"x = 'old'\ny = 'old old'\n"}, OLD)
    offered, refused = resolve(project.findings(), project.files.get)
    assert offered.fix is not None
    assert offered.fix.edits == (Edit("a.py", Span(1, 6, 1, 9), "new"),)
    assert refused.fix is None


def test_the_rounds_are_bounded() -> None:
    project = Project({"a.py": b"".join(b"x = 'old%d'\n" % n for n in range(8))}, rule(r"'old\d'", to_new))
    stubborn = [*project.findings(), *Project({"a.py": b"x = 'old'\n"}, OLD).findings()]
    applied = apply(stubborn, project.files.get, lambda _: stubborn, unsafe=False, attempts=3)
    assert {left.reason for left in applied.left} == {"too many rounds"}
    assert applied.changes == ()


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["x = 'old'", "f('old', {'a': 'older'})", "# 'é", "if x:\n\tpass", ""]), max_size=12
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.booleans(),
)
def test_whatever_is_fixed_is_gone_and_stays_gone(
    lines: list[str], newline: str, bom: bytes, final: bool
) -> None:
    text = newline.join(line.replace("\n", newline) for line in lines) + (newline if final else "")
    add = rule(r"\{'a': '[^'}]*'\}", lambda path, span, _: InsertItem(path, span, "b", "1"), name="s")
    project = Project({"a.py": bom + text.encode()}, OLD, add)
    before = len(project.findings())
    applied = project.fix()
    assert len(applied.fixed) == before
    assert project.findings() == []
    assert (
        project.files["a.py"]
        == bom + text.replace("'older'}", "'newer', 'b': 1}").replace("'old'", "'new'").encode()
    )
    assert project.fix().changes == ()
