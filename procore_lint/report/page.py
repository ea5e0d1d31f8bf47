"""A rule's page in a terminal: the markdown that these pages use, shown plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from procore_lint.report.cells import Word, wrap
from procore_lint.report.style import Look, Style

#: Prose is not wrapped wider than this: longer lines are hard to read.
MEASURE = 100

_INLINE = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\[(?P<text>[^\]]+)\]\((?P<url>[^)\s]+)\)")
_ITEM = re.compile(r"(?P<indent> *)(?P<bullet>[-*]|\d+\.) +(?P<text>.*)")
_HEADING = re.compile(r"(?P<level>#{1,6}) +(?P<text>.*)")


def show(page: str, *, color: bool, width: int) -> str:
    """`page` for a terminal of `width` columns (0: as wide as it gets), ending with a newline.

    Paragraphs and lists are wrapped, code is indented and left alone, and so are tables.
    """
    style = Style(color)
    measure = min(width, MEASURE)
    return "\n".join(line for block in _blocks(page) for line in [*_render(block, style, measure), ""])


def plain(page: str) -> str:
    """`page` without colour and without wrapping: for readers that know no markdown."""
    return show(page, color=False, width=0)


def section(page: str, heading: str) -> str:
    """The first paragraph under `## heading`, on one line; "" where there is none."""
    blocks = _blocks(page)
    for block in blocks:
        if block == [f"## {heading}"]:
            following = next(blocks, [])
            is_prose = following and not following[0].startswith(("#", "```", "|"))
            return (
                " ".join(word.plain for word in _words(" ".join(following), Style(False))) if is_prose else ""
            )
    return ""


def _blocks(page: str) -> Iterator[list[str]]:
    """Headings, fenced blocks, list items, tables and paragraphs, each as its lines."""
    block: list[str] = []
    fenced = False
    for line in page.splitlines():
        if fenced:
            block.append(line)
            fenced = not line.startswith("```")
            if not fenced:
                yield block
                block = []
            continue
        fenced = line.startswith("```")
        if block and (fenced or not line.strip() or _HEADING.match(line)):
            yield block
            block = []
        if fenced or line.strip():
            block.append(line)
        if _HEADING.match(line):
            yield block
            block = []
    if block:
        yield block


def _render(block: list[str], style: Style, width: int) -> list[str]:
    heading = _HEADING.match(block[0])
    if heading:
        looks: tuple[Look, ...] = ("bold", "cyan") if heading["level"] == "#" else ("bold",)
        return [style(heading["text"], *looks)]
    if block[0].startswith("```"):
        code = block[1:-1] if block[-1].startswith("```") else block[1:]
        return [f"    {_code(line, style)}".rstrip() for line in code]
    if block[0].startswith("|"):
        return block
    return [line for item in _items(block) for line in _prose(item, style, width)]


def _items(block: list[str]) -> Iterator[str]:
    """The list items of `block`, each joined to one line; a paragraph is one item."""
    item = ""
    for line in block:
        if item and _ITEM.match(line):
            yield item
            item = ""
        item = f"{item} {line.strip()}" if item else line.rstrip()
    yield item


def _prose(item: str, style: Style, width: int) -> list[str]:
    listed = _ITEM.fullmatch(item)
    if not listed:
        return wrap(_words(item, style), width)
    lead = f"{listed['indent']}{listed['bullet']} "
    first, *rest = wrap(_words(listed["text"], style), width, first=len(lead), indent=len(lead))
    return [lead + first, *rest]


def _code(line: str, style: Style) -> str:
    code, mark, expected = line.partition("# error:")
    return code + style(mark + expected, "red")


def _words(text: str, style: Style) -> list[Word]:
    """The words of a paragraph, inline marks turned into looks where there is colour."""
    found: list[Word] = []
    glued = False  # whether the next piece continues the last word
    for piece, looks in _pieces(text, style):
        for part in re.split(r"(\s+)", piece):
            if part.isspace():
                glued = False
            elif part and glued:
                last = found.pop()
                found.append(Word(last.plain + part, last.painted + style(part, *looks)))
            elif part:
                found.append(Word(part, style(part, *looks)))
                glued = True
    return found


def _pieces(text: str, style: Style) -> Iterator[tuple[str, tuple[Look, ...]]]:
    position = 0
    for match in _INLINE.finditer(text):
        yield text[position : match.start()], ()
        position = match.end()
        if match["code"]:
            yield (match["code"], ("cyan",)) if style.color else (match[0], ())
        elif match["strong"]:
            yield match["strong"], ("bold",)
        elif match["text"] == match["url"]:
            yield match["url"], ()
        else:
            yield f"{match['text']} ({match['url']})", ()
    yield text[position:], ()
