"""What a function gave when it was run by itself is let go when many others were run, and made again."""

from __future__ import annotations

from procore_lint.extract import extract
from procore_lint.project import results
from procore_lint.project.machine import Machine
from procore_lint.project.results import Results
from procore_lint.values import Instance, Mapping, Text, members

SOURCE = "".join(f"def f{n}(a):\n    return {{'X-Number': 'n{n}', 'a': a}}\n\n" for n in range(20))


def run(kept: int) -> Machine:
    machine = Machine({"a.py": extract(SOURCE.encode())})
    machine.results = Results(kept)
    machine.run()
    return machine


def test_of_many_results_the_last_are_kept() -> None:
    machine = run(5)

    held = [outline for outline in machine.outlines.values() if outline and outline.result is not None]
    assert len(held) == 5
    assert machine.results.let_go == 15


def test_a_result_that_was_let_go_is_made_again() -> None:
    machine = run(5)
    function = next(info for info in machine.functions.values() if info.name == "f3")
    outline = machine.outline(function, None)
    assert outline is not None
    assert outline.result is None
    requests = len(machine.trail.requests)

    again = machine.result_of(outline, function, None)

    kept = run(results.KEPT).outlines[outline.key]
    assert kept is not None
    assert isinstance(kept.result, Mapping)
    assert isinstance(again, Mapping)
    assert again.entries == kept.result.entries
    assert machine.outline(function, None) is outline
    assert outline.result is again
    assert len(machine.trail.requests) == requests


def test_a_result_that_holds_an_answer_is_kept() -> None:
    source = (
        b"import requests\n\nclass Page:\n    def __init__(self, data):\n        self.data = data\n\n"
        b"def f():\n    return Page(requests.get('https://api.procore.com/rest/v1.0/me').json())\n"
    )
    machine = Machine({"a.py": extract(source)})
    machine.results = Results(0)
    machine.run()

    (result,) = [o.result for o in machine.outlines.values() if o and o.key == "a.py:f"]
    assert result is not None
    assert any(isinstance(m, Instance) for m in members(result))


def test_text_of_another_result_is_not_lost() -> None:
    machine = run(1)
    function = next(info for info in machine.functions.values() if info.name == "f0")
    outline = machine.outline(function, None)
    assert outline is not None

    again = machine.result_of(outline, function, None)

    assert isinstance(again, Mapping)
    number = again.entries["X-Number"]
    assert isinstance(number, Text)
    assert number.plain == "n0"
