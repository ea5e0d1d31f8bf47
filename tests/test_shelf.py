"""A large project stays packed: how much of it is open at once, and that the answer is the same."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest

from procore_lint import facts
from procore_lint.catalog import load
from procore_lint.checks import judge
from procore_lint.checks.base import Context
from procore_lint.extract import extract
from procore_lint.extraction import BREAK_EVEN, decode, encode, extract_all
from procore_lint.project import shelf
from procore_lint.project.machine import Machine
from procore_lint.project.program import Program

FIXTURES = Path(__file__).parent / "fixtures"
SOURCE = "import requests\n\n" + "".join(
    f"def f{number}(session):\n    return session.get('https://api.procore.com/rest/v1.0/me?n={number}')\n"
    for number in range(120)
)


def packed(module: facts.Module) -> facts.Packed:
    """The facts as another process sends them."""
    return decode(encode(module))


def findings(modules: Mapping[str, facts.Facts]) -> list[tuple[object, ...]]:
    """What the checks say of modules."""
    catalog = load([])
    context = Context(as_of=datetime.date(2026, 11, 23), rules=frozenset(catalog.rules))
    return [(f.path, f.span, f.rule, f.message, f.help) for f in judge(modules, catalog, context)]


def test_facts_of_many_files_come_packed_and_those_of_few_open() -> None:
    (few,) = extract_all([("a.py", SOURCE.encode())], extract, 1, BREAK_EVEN - 1, lambda: None)
    (many,) = extract_all([("a.py", SOURCE.encode())], extract, 1, BREAK_EVEN, lambda: None)

    assert isinstance(few.module, facts.Module)
    assert isinstance(many.module, facts.Packed)
    assert many.module.opened() == few.module


def test_no_more_than_a_shelf_of_facts_is_open_after_a_run() -> None:
    module = packed(extract(SOURCE.encode()))
    modules = {f"m{number}.py": module for number in range(3 * shelf.LIMIT // module.size)}

    program = Program(modules, frozenset())

    functions = list(program.machine.functions.values())
    open_now = sum(info.size for info in program.modules.values() if info._node is not None)
    assert all(info._node is not None for info in program.modules.values() if info.insides)
    assert len(functions) == 120 * len(modules)
    assert len(program.trail.requests) == len(functions)
    assert 0 < open_now <= shelf.LIMIT


def test_loading_a_module_leaves_its_functions_packed() -> None:
    machine = Machine({"a.py": packed(extract(b"def f():\n    return 1\n\nclass A:\n    y = 2\n"))})
    (module,) = machine.modules.values()

    machine.load(module)

    assert len(module.functions) == 1
    assert not module.insides
    assert module.classes[0].node.name == "A"


def test_a_packed_project_gets_the_findings_of_an_open_one() -> None:
    root = FIXTURES / "legacy_integration"
    modules = {
        str(path.relative_to(root).as_posix()): extract(path.read_bytes()) for path in root.rglob("*.py")
    }

    found = findings(modules)

    assert found
    assert findings({path: packed(module) for path, module in modules.items()}) == found


def test_a_module_larger_than_the_shelf_stays_open_beside_what_it_calls() -> None:
    closed: list[str] = []

    class Volume:
        def __init__(self, name: str, size: int) -> None:
            self.name, self.size = name, size

        def close(self) -> None:
            closed.append(self.name)

    room = shelf.Shelf(100)
    room.take(Volume("large", 900))
    for number in range(5):
        room.take(Volume(f"small{number}", 10))
    assert closed == []

    room.take(Volume("other", 30))
    assert closed == ["large"]


def test_facts_are_compressed_while_they_are_packed() -> None:
    module = packed(extract(SOURCE.encode()))

    assert len(module.body) < module.size / 3
    assert module.opened() == extract(SOURCE.encode())


def test_cuts_of_texts_that_say_nothing_leave_no_event() -> None:
    source = b"def f(x):\n    set(x)\n    x.replace('a', 'b')\n    return x.split('storage.procore.com')\n"
    machine = Machine({"a.py": extract(source)})

    machine.run()

    assert [call.name.rpartition(".")[2] for call in machine.trail.invocations] == ["split"]


@pytest.mark.parametrize("is_packed", [True, False])
def test_facts_tell_which_texts_and_names_stand_in_them(is_packed: bool) -> None:
    module = extract(b'def f(answer):\n    return answer.url == "https://app.procore.com/x"\n')
    source = module.packed() if is_packed else module
    here = frozenset({b".procore", facts.name("url"), facts.text("https://app.procore.com/x")})
    elsewhere = {facts.name("ur"), facts.text("url"), facts.text("https://app.procore.com/"), b"vapid"}
    assert source.held(here | elsewhere) == here
