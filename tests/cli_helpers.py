"""Helpers of the tests of the command line: one defect, and the command in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from procore_lint.cli import cli

#: One defect that needs nothing but a literal.
DEFECT = 'import requests\n\nrequests.get("https://api.procore.com/vapid/projects")\n'
RULE = ("--select", "vapid-endpoint")


def invoke(*arguments: str, **options: object) -> Result:
    """The result of one command, in this process."""
    return CliRunner().invoke(cli, arguments, **options)  # type: ignore[arg-type]
