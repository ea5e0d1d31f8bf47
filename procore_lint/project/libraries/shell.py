"""Requests that a shell or a subprocess sends: curl and wget."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from procore_lint.project.libraries import sending
from procore_lint.values import (
    UNKNOWN,
    Hole,
    Listing,
    Mapping,
    Piece,
    Place,
    Text,
    Value,
    concat,
    hole,
    join,
    literal,
    members,
)

if TYPE_CHECKING:
    from procore_lint.project.libraries.http import Site
    from procore_lint.project.machine import Machine

SHELLS = frozenset(
    """subprocess.run subprocess.call subprocess.check_output subprocess.check_call subprocess.Popen os.system
    os.popen subprocess.getoutput subprocess.getstatusoutput commands.getoutput
    asyncio.create_subprocess_shell asyncio.create_subprocess_exec
    """.split()
)


class _Tool(NamedTuple):
    """What a tool's options mean: one letter each, and long names; `valued` ones take a word."""

    valued: str
    headers: frozenset[str]
    methods: frozenset[str]
    bodies: frozenset[str]
    users: frozenset[str]
    others: frozenset[str]  # long ones that take a word


_TOOLS = {
    "curl": _Tool(
        "HXdFouAbcmweExTKr",
        frozenset({"-H", "--header"}),
        frozenset({"-X", "--request"}),
        frozenset("-d --data -F --form --data-raw --data-urlencode --data-binary --json".split()),
        frozenset({"-u", "--user", "--oauth2-bearer"}),
        frozenset(
            """--output --user-agent --cookie --cookie-jar --max-time --write-out --referer --cert --proxy
            --upload-file --config --range --connect-timeout --retry --retry-delay --output-dir --cacert
            """.split()
        ),
    ),
    "wget": _Tool(
        "OoPUietTwQ",
        frozenset({"--header"}),
        frozenset({"--method"}),
        frozenset({"--post-data", "--body-data", "--post-file"}),
        frozenset({"--user", "--http-user"}),
        frozenset(
            """--output-document --output-file --directory-prefix --user-agent --tries --timeout --wait
            --password --http-password --load-cookies --input-file
            """.split()
        ),
    ),
}


def run(machine: Machine, args: list[Value], site: Site) -> Value | None:
    """curl or wget through a shell or an argument list; None for other commands."""
    answers: list[Value] = []
    for member in members(args[0]):
        words: list[Value] = []
        if isinstance(member, Listing) and member.exact:
            words = list(member.items)
        elif isinstance(member, Text) and len(args) > 1 and _tool(member) is not None:
            words = args
        elif isinstance(member, Text) and any(name in member.template for name in _TOOLS):
            words = _words(member)
        if words:
            answer = _send(machine, words, site)
            if answer is not None:
                answers.append(answer)
    return join(answers) if answers else None


def _words(text: Text) -> list[Value]:
    """The words of a command line, holes kept (a NUL each while the text is split)."""
    holes = [part for part in text.parts if isinstance(part, Hole)]
    template = text.template.replace("\\\n", " ")
    try:
        words = shlex.split(template)
    except ValueError:
        words = template.split()
    out: list[Value] = []
    used = 0
    place = next((part.place for part in text.parts if isinstance(part, Piece)), None)
    for word in words:
        if word == "|":
            break
        parts: list[Value] = []
        for position, piece in enumerate(word.split("\0")):
            if position:
                parts.append(hole(holes[used].value) if used < len(holes) else UNKNOWN)
                used += 1
            if piece and place is not None:
                parts.append(literal(piece, _place_of(text, piece) or place))
        out.append(concat(*parts))
    return out


def _place_of(text: Text, piece: str) -> Place | None:
    written = (part for part in text.parts if isinstance(part, Piece))
    return next((part.place for part in written if piece in part.text), None)


def _tool(word: Value) -> _Tool | None:
    plain = word.plain if isinstance(word, Text) else None
    return _TOOLS.get(plain.rpartition("/")[2]) if plain is not None else None


def _send(machine: Machine, words: list[Value], site: Site) -> Value | None:
    tool = _tool(words[0])
    if tool is None:
        return None
    headers = Mapping(site.place)
    method: Value | None = None
    url: Value | None = None
    body: list[Value] = []
    bare: list[Value] = []
    queue = list(words[1:])
    while queue:
        word = queue.pop(0)
        flag, value = _option(tool, word, queue)
        if flag in tool.headers:
            _add_header(headers, value, site)
        elif flag in tool.methods:
            method = value
        elif flag in tool.bodies:
            body.append(value)
        elif flag in tool.users:
            headers.put("Authorization", value, site.place)
        elif flag == "--url":
            url = value
        elif not flag:
            bare.append(word)
        elif flag in ("-K", "--config"):
            headers.open = True
    if url is None:
        told = [word for word in bare if not _is_open(word)]
        url = next(iter((*told, *bare)), None)
    if url is None:
        return None
    if any(_is_open(word) and word is not url for word in bare):
        headers.open = True  # options that a variable holds
    if method is None:
        method = literal("POST" if body else "GET", site.place)
    return sending.emit(machine, site, "curl", method, url, [headers], None, body, [])


def _is_open(word: Value) -> bool:
    """Whether a word of the command line is a variable as a whole."""
    return isinstance(word, Text) and (word.template == "\0" or word.template.startswith("$"))


def _option(tool: _Tool, word: Value, queue: list[Value]) -> tuple[str, Value]:
    """The option that `word` is ("" for none) and its value, taken off the queue where it is a word."""
    template = word.template if isinstance(word, Text) else ""
    if len(template) < 2 or not template.startswith("-"):
        return "", UNKNOWN
    if template.startswith("--"):
        name, equals, _ = template.partition("=")
        if equals:
            return name, _after(word, len(name) + 1)
        takes = {*tool.headers, *tool.methods, *tool.bodies, *tool.users, *tool.others, "--url"}
        return name, queue.pop(0) if name in takes and queue else UNKNOWN
    for position, letter in enumerate(template[1:], 1):
        if letter in tool.valued:
            if position + 1 < len(template):
                return f"-{letter}", _after(word, position + 1)
            return f"-{letter}", queue.pop(0) if queue else UNKNOWN
    return template, UNKNOWN


def _after(word: Value, offset: int) -> Value:
    """The rest of a text behind `offset` characters of its template."""
    parts: list[Piece | Hole] = []
    for part in word.parts if isinstance(word, Text) else ():
        size = 1 if isinstance(part, Hole) else len(part.text)
        if offset >= size:
            offset -= size
            continue
        parts.append(Piece(part.text[offset:], part.place) if isinstance(part, Piece) else part)
        offset = 0
    return Text(tuple(parts))


def _add_header(headers: Mapping, line: Value, site: Site) -> None:
    key, _, _ = (line.template if isinstance(line, Text) else "\0").partition(":")
    if "\0" in key or key.startswith(("@", "$")):
        headers.open = True
    else:
        headers.put(key.strip(), line, site.place)
