from __future__ import annotations

import msgspec
import pytest

from procore_lint import facts
from procore_lint.extract import extract
from procore_lint.source import Lines, decode


def only(source: str) -> facts.Stmt:
    module = extract(source.encode())
    assert module.problem is None
    (statement,) = module.body
    return statement


def value(source: str) -> facts.Expr:
    statement = only(source)
    assert isinstance(statement, (facts.Assign, facts.Eval))
    assert statement.value is not None
    return statement.value


def depth(fact: object) -> int:
    deepest, stack = 0, [(fact, 0)]
    while stack:
        current, level = stack.pop()
        deepest = max(deepest, level)
        if isinstance(current, facts.Node):
            children = [getattr(current, name) for name in current.__struct_fields__]
            stack.extend([(child, level + 1) for child in children])
        elif isinstance(current, tuple):
            stack.extend([(child, level) for child in current])
    return deepest


def test_a_span_counts_code_points_from_one_and_ends_behind() -> None:
    call = value("é = '😀'\n").span  # type: ignore[union-attr]
    assert call == (1, 5, 1, 8)


def test_spans_behind_wide_characters_are_right_in_decorated_functions_too() -> None:
    source = "@route('é😀', host)\ndef f(a='ü', b=c):\n    return {'ö': d}\n"
    lines = Lines(source)
    function = only(source)
    assert isinstance(function, facts.Function)
    (decorator,) = function.decorators
    assert isinstance(decorator, facts.Call)
    assert lines.slice(decorator.args[1].value.span) == "host"  # type: ignore[union-attr]
    assert lines.slice(function.params[1].default.span) == "c"  # type: ignore[union-attr]
    (result,) = function.body
    assert lines.slice(result.value.items[0][1].span) == "d"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('u = f"{base}/rest/{a.b}/x"', ["base", "/rest/", "a.b", "/x"]),
        ('u = f"é{base}ü{b!r:>10}"', ["é", "base", "ü", "b"]),
        ("u = f'''\n{a}\n  /rest/{b[\"k\"]}'''", ["\n", "a", "\n  /rest/", 'b["k"]']),
        ('u = ("https://" f"{host}/a{{b}}"  # why\n     rf"\\d{x}" "end")', None),
        ("u = f'{a=}{f\"{b}c\"}'", None),
        (
            "u = f'{(a)}{ {1: c}[1] }{d if e else f}\\N{EN DASH}'",
            ["a", "{1: c}[1]", "d if e else f", "\\N{EN DASH}"],
        ),
    ],
)
def test_the_parts_of_an_f_string_have_their_own_places(source: str, texts: list[str] | None) -> None:
    lines = Lines(source)
    fact = value(source)
    assert isinstance(fact, facts.Format)
    found = [lines.slice(part.span) for part in fact.parts]  # type: ignore[union-attr]
    if texts is None:
        if "why" in source:
            texts = ["https://", "host", '/a{{b}}"  # why\n     rf"\\d', "x", "end"]
        else:
            texts = ["a", "a", 'f"{b}c"']
    assert found == texts


def test_expressions_in_an_f_string_of_many_lines_are_placed_where_they_stand() -> None:
    source = 'x = 1\nu = f"""é\n  {call(é, key=[n for n in m])} {f"{deep}!"}"""\n'
    lines = Lines(source)
    statement = extract(source.encode()).body[1]
    assert isinstance(statement, facts.Assign)
    assert isinstance(statement.value, facts.Format)
    call, inner = statement.value.parts[1], statement.value.parts[3]
    assert isinstance(call, facts.Call)
    assert isinstance(inner, facts.Format)
    assert lines.slice(call.span) == "call(é, key=[n for n in m])"
    assert lines.slice(call.args[1].value.span) == "[n for n in m]"  # type: ignore[union-attr]
    assert lines.slice(inner.parts[0].span) == "deep"  # type: ignore[union-attr]


def test_fields_of_a_format_spec_are_kept_and_constant_specs_dropped() -> None:
    fact = value('s = f"{a:{width}}{b:>10}"')
    assert isinstance(fact, facts.Format)
    first, second = fact.parts
    assert isinstance(first, facts.Opaque)
    assert [part.id for part in first.parts] == ["a", "width"]
    assert isinstance(second, facts.Name)


def test_chained_comparisons_are_joined_by_and() -> None:
    fact = value("t = 0 < age <= 7200")
    assert isinstance(fact, facts.Logic)
    assert fact.op == "and"
    assert [(part.op, part.span[1], part.span[3]) for part in fact.values] == [("<", 5, 12), ("<=", 9, 20)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("source", "said"),
    [("-7200", -7200), ("+1.5", 1.5), ("b'\\xe9'", "é"), ("'a' 'b'", "ab"), ("None", None), ("True", True)],
)
def test_literals_say_their_value(source: str, said: object) -> None:
    fact = value(f"v = {source}")
    assert isinstance(fact, facts.Const)
    assert (fact.value, type(fact.value), fact.is_bytes) == (said, type(said), source.startswith("b"))


@pytest.mark.parametrize("source", ["1" + "0" * 40, "1e999", "2j", "...", "~x", "a[1:2]", "a[b, 1:]"])
def test_what_has_no_form_of_its_own_is_opaque_and_serialisable(source: str) -> None:
    module = extract(f"v = {source}\n".encode())
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(module), type=facts.Module) == module


def test_lone_surrogates_do_not_reach_the_cache() -> None:
    module = extract(b'v = "\\ud83d\\ude00 \\ud800"\n')
    assert module.body[0].value.value == "😀 \ufffd"  # type: ignore[union-attr]
    msgspec.json.encode(module)


def test_docstrings_and_other_strings_that_stand_alone_are_dropped() -> None:
    module = extract(
        b'"""mod"""\n"loose"\nclass A(B, metaclass=M):\n    "cls"\n'
        b'    def f(self):\n        "fun"\n        "x"\n'
    )
    (klass,) = module.body
    assert isinstance(klass, facts.Class)
    (function,) = klass.body
    assert isinstance(function, facts.Function)
    assert function.body == ()
    assert [keyword.name for keyword in klass.keywords] == ["metaclass"]


@pytest.mark.parametrize(
    ("source", "header"),
    [
        ("async def f(a):  \n    pass\n", "async def f(a):"),
        ("@d\nclass A: x = 1\n", "class A"),
        ("def name(\n    a,\n):\n    pass\n", "def name"),
    ],
)
def test_a_definition_is_marked_by_its_header(source: str, header: str) -> None:
    statement = only(source)
    assert isinstance(statement, (facts.Function, facts.Class))
    assert Lines(source).slice(statement.span) == header


def test_parameters_and_spreads_keep_their_kind() -> None:
    function = only("def f(a, /, b=1, *c, d, e=2, **k):\n    return g(1, *a, x=2, **k)\n")
    assert isinstance(function, facts.Function)
    assert [(p.name, p.kind, p.default is not None) for p in function.params] == [
        ("a", "pos", False), ("b", "pos", True), ("c", "*", False),
        ("d", "kw", False), ("e", "kw", True), ("k", "**", False),
    ]  # fmt: skip
    (result,) = function.body
    assert [arg.name for arg in result.value.args] == [None, "*", "x", "**"]  # type: ignore[union-attr]


def test_imports_tell_what_they_bind() -> None:
    module = extract(b"import a.b\nimport a.b as c, d\nfrom ..m import x as y, z\nfrom . import *\n")
    assert module.body == (
        facts.Import("a.b", "a", False),
        facts.Import("a.b", "c", True),
        facts.Import("d", "d", True),
        facts.ImportFrom("m", 2, "x", "y"),
        facts.ImportFrom("m", 2, "z", "z"),
        facts.ImportFrom("", 1, "*", "*"),
    )


def test_statements_have_their_forms() -> None:
    source = """
async def f():
    global g
    async for a in b:
        break
    while c:
        continue
    else:
        pass
    async with d as e, h():
        del i, j[0]
    try:
        raise k
    except L as m:
        n += 1
    finally:
        assert o, p
    x: int
    return await (yield (q := 1))
"""
    function = only(source)
    assert isinstance(function, facts.Function)
    assert function.is_async
    kinds = [type(statement).__name__ for statement in function.body]
    assert kinds == ["Scope", "Loop", "Loop", "With", "Try", "Assign", "Return"]
    tried = function.body[4]
    assert isinstance(tried, facts.Try)
    assert [type(s).__name__ for s in tried.handlers[0]] == ["Assign", "AugAssign"]


def test_a_case_stands_under_what_it_compares_and_its_guard() -> None:
    match = only('match host:\n    case "a" | "b" if ok:\n        x()\n    case {"k": name}:\n        y()\n')
    assert isinstance(match, facts.Match)
    first, second = match.cases
    (outer,) = first
    assert isinstance(outer, facts.If)
    assert isinstance(outer.test, facts.Logic)
    assert isinstance(outer.body[0], facts.If)
    assert isinstance(second[0], facts.Assign)
    assert isinstance(second[0].targets[0], facts.Name)


@pytest.mark.parametrize(
    "source",
    [
        "x = " + " + ".join(["a"] * 2000),
        "x = a" + ".b" * 2000,
        "x = a" + ".b(c)" * 1000,
        "x = a" + "[0]" * 2000,
        "x = " + "f(" * 150 + "1" + ")" * 150,
        "x = " + "[" * 150 + "]" * 150,
        "x = " + "not " * 1500 + "a",
        "x = " + "(" * 500 + "a" + ")" * 500,
        "x = " + "lambda: " * 900 + "a",
        "x = " + "a if b else " * 900 + "c",
        "x = " + "-" * 3000 + "a",
        "if a:\n    pass\n" + "elif b:\n    pass\n" * 1000,
        "\n".join(" " * level + "if a:" for level in range(99)) + "\n" + " " * 99 + "b",
        "\n".join(" " * level + "if a:" for level in range(150)) + "\n" + " " * 150 + "b",
    ],
    ids=lambda source: source[4:16].strip(),
)
def test_deep_nesting_is_read_or_named_and_never_leaves_deep_facts(source: str) -> None:
    module = extract(source.encode())
    assert module.problem is None or module.problem.kind == "nesting"
    assert module.problem is not None or module.body
    assert depth(module) < 320
    msgspec.msgpack.encode(module)


def test_a_long_chain_keeps_what_is_in_it() -> None:
    fact = value("x = " + " + ".join(f"send({n})" for n in range(300)))
    assert isinstance(fact, facts.Opaque)
    assert [part.args[0].value.value for part in fact.parts] == list(range(300))  # type: ignore[union-attr]


def test_python_2_is_a_syntax_problem_and_its_literals_are_read() -> None:
    module = extract(b'"""doc"""\nprint "https://x"\ntry: pass\nexcept A, e: y = `z` + \'t\'\n')
    assert module.problem is not None
    assert (module.problem.kind, module.problem.line) == ("syntax", 2)
    assert [literal.value for literal in module.literals] == ["https://x", "t"]


def test_an_undecodable_file_still_shows_its_literals() -> None:
    module = extract(b"# \xe9\nurl = 'https://x'\n")
    assert module.problem is not None
    assert module.problem.kind == "decode"
    assert [(literal.value, literal.span) for literal in module.literals] == [("https://x", (2, 7, 2, 18))]


@pytest.mark.parametrize(
    "data", [b"", b"\\", b"'", b'"""', b"f'{", b"(", b"\0", b"\xff\xfe", b"x = '\xed\xa0\x80'"]
)
def test_no_bytes_make_it_raise(data: bytes) -> None:
    assert isinstance(extract(data), facts.Module)


def test_carriage_returns_alone_end_lines() -> None:
    module = extract(b"a = 1\rb = 2\r\nc = 3\n")
    assert [statement.span[0] for statement in module.body] == [1, 2, 3]  # type: ignore[union-attr]
    assert decode(b"a\rb").newline == "\r"
