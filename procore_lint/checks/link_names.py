"""Fields of an answer that hold urls: which are links to files, by the words that name them."""

from __future__ import annotations

import re

from procore_lint.lazy import regex

_LINK = regex(r"(?:\A|_)(?:url|link|href|uri|download)s?\Z|url\Z", re.IGNORECASE)
_WORD = regex(r"[A-Z]?[a-z]+\d*|[A-Z]+(?![a-z])|\d+")
_BARE = frozenset("url urls link links href hrefs uri uris download downloads".split())
#: What is at the other end is bytes to keep.
_FILES = frozenset(
    """file files download downloads downloadable thumbnail thumb image images img photo photos picture pic
    pdf png jpg jpeg gif svg zip csv xls xlsx docx doc docs document documents attachment attachments drawing
    drawings logo avatar icon content media source original large small medium preview report export signed
    presigned upload storage blob asset plan sheet revision version s3 full raw binary data object model bim
    compressed scan stamped markup signature viewable cdn thumbnails video audio
    """.split()
)
#: What is at the other end is a page, a feed or a service: of a builder, a camera, the program itself.
_OTHERS = frozenset(
    """web website site homepage home page feed rss atom camera webcam live api webhook callback html portal
    support help redirect login logout next prev previous self profile social map maps meeting zoom teams
    linkedin facebook twitter payload destination endpoint hook notify ping health status auth oauth token
    base procore app admin browser viewer vendor company project calendar ics
    """.split()
)


def is_link(name: str, parent: str, of_files: bool) -> bool:
    """Whether a field called `name` below `parent` links to a file; `of_files`: of an answer about files."""
    if not _LINK.search(name):
        return False
    words = {word.lower() for word in _WORD.findall(name)} - (_BARE - {"download"})
    if not words or words == {"download"}:
        return not (_words(parent) & _OTHERS)
    if words & _FILES:
        return True
    return of_files and not words & _OTHERS


def _words(name: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(name)}


def is_of_files(segment: str) -> bool:
    """Whether a resource holds files: `documents`, `drawing_revisions`, `attachments`."""
    return bool({word.rstrip("s") for word in _words(segment)} & {word.rstrip("s") for word in _FILES})
