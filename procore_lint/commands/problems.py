"""Errors for the user: one message, exit code 2."""

from __future__ import annotations

import os

import click


class Problem(click.ClickException):
    """Usage, configuration or a file that cannot be used."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the message to standard error."""
        click.echo(f"procore-lint: error: {self.format_message()}", err=True)


def here() -> str:
    """The current directory. Raises Problem where it is gone."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        raise Problem("the current directory is gone; change to one that exists") from None
