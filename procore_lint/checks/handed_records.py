"""Links in records that functions are handed by nobody in the project: by a route, a notebook, a tool.

Where a project asks Procore alone, a record with the lists of files of Procore's answers is one of them.
"""

from __future__ import annotations

from procore_lint.checks import link_names
from procore_lint.project.program import Program
from procore_lint.values import Parameter

#: What Procore's answers call the files of a record.
_FILES = frozenset({"attachments", "file_versions", "prostore_file"})
_OURS = frozenset({"rest", "exempt", "oauth", "file", "open"})


def is_link(program: Program, value: Parameter) -> bool:
    """Whether a parameter's part is a file link of a record out of Procore's answers."""
    steps = [step for step in value.path if step != "[]"]
    if len(steps) < 2 or steps[-2] not in _FILES or not link_names.is_link(steps[-1], steps[-2], False):
        return False
    function = program.bindings.function(value.function)
    if function is None or function.called or program.is_mocked(function.module):
        return False
    asks = False
    for request in program.trail.requests:
        kinds = program.kinds(request)
        if not _OURS.issuperset(kinds):
            return False  # another system's answers may be meant
        asks = asks or (request.module is function.module and ("rest" in kinds or "exempt" in kinds))
    return asks
