"""What a fix does to the code, in words: a closed union out of which title, help and edits derive.

Checks name one of these; they compute no text. Plain frozen data: `rewrite` turns a replacement into
edits, with LibCST, only where somebody asks for them. Paths are relative to the root. A span marks one
node of the syntax, as `facts` gives it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Union

if TYPE_CHECKING:
    from procore_lint.facts import SpanT


class ReplaceText(NamedTuple):
    """Replace `old`, which occurs once in the value of a string literal or f-string, with `new`."""

    path: str
    span: SpanT
    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Replace `{self.old}` with `{self.new}`"

    @property
    def help(self) -> str:
        return f"write `{self.new}` instead of `{self.old}`"


class RenameKey(NamedTuple):
    """Give the string literal whose whole value is `old` the value `new`."""

    path: str
    span: SpanT
    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Rename `{self.old}` to `{self.new}`"

    @property
    def help(self) -> str:
        return f"name it `{self.new}` instead of `{self.old}`"


class InsertItem(NamedTuple):
    """Add `"key": value` at the end of a dict display; `value` is code, `key` is not."""

    path: str
    span: SpanT
    key: str
    value: str

    @property
    def title(self) -> str:
        return f'Add `"{self.key}": {self.value}`'

    @property
    def help(self) -> str:
        return f'add `"{self.key}": {self.value}` to this dict'


class InsertKeyword(NamedTuple):
    """Pass `name=value` in a call that has neither that keyword nor a `**spread`; `value` is code."""

    path: str
    span: SpanT
    name: str
    value: str

    @property
    def title(self) -> str:
        return f"Pass `{self.name}={self.value}`"

    @property
    def help(self) -> str:
        return f"pass `{self.name}={self.value}` in this call"


class RemoveKeyword(NamedTuple):
    """Leave out the argument `name=...` of a call."""

    path: str
    span: SpanT
    name: str

    @property
    def title(self) -> str:
        return f"Leave out `{self.name}=`"

    @property
    def help(self) -> str:
        return f"leave `{self.name}=` out of this call"


class InsertStatement(NamedTuple):
    """Write `code`, one or more whole lines without indentation, after or before a statement.

    The statement is the innermost one that holds `span`.
    """

    path: str
    span: SpanT
    code: str
    where: Literal["after", "before"] = "after"

    @property
    def title(self) -> str:
        return f"Add `{_line(self.code)}`"

    @property
    def help(self) -> str:
        return f"add `{_line(self.code)}` {self.where} this line"


class ReplaceExpr(NamedTuple):
    """Replace the expression `old` with `new`, both code; what they share stays as it is written."""

    path: str
    span: SpanT
    old: str
    new: str

    @property
    def title(self) -> str:
        return f"Replace `{_line(self.old)}` with `{_line(self.new)}`"

    @property
    def help(self) -> str:
        return f"write `{_line(self.new)}` instead of `{_line(self.old)}`"


class RemoveComment(NamedTuple):
    """Remove the comment `text`, and its line where nothing else stands there."""

    path: str
    span: SpanT
    text: str

    @property
    def title(self) -> str:
        return f"Remove `{self.text}`"

    @property
    def help(self) -> str:
        return f"remove `{self.text}`"


class Combined(NamedTuple):
    """Several replacements that only together mend the finding."""

    parts: tuple[Single, ...]

    @property
    def title(self) -> str:
        return "; ".join(dict.fromkeys(part.title for part in self.parts))

    @property
    def help(self) -> str:
        return ", and ".join(dict.fromkeys(part.help for part in self.parts))


Single = Union[
    ReplaceText, RenameKey, InsertItem, InsertKeyword, RemoveKeyword, InsertStatement, ReplaceExpr,
    RemoveComment,
]  # fmt: skip
Replacement = Union[Single, Combined]


def _line(code: str) -> str:
    return "; ".join(line.strip() for line in code.strip().splitlines())
