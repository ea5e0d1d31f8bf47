"""What the terminal is like: colour and width, asked for at the edge alone."""

from __future__ import annotations

import os
from typing import TextIO

import click

COLOR = ("auto", "always", "never")

color_option = click.option(
    "--color",
    type=click.Choice(COLOR),
    default="auto",
    show_default=True,
    help="Colour the text; auto heeds NO_COLOR, FORCE_COLOR and pipes.",
)


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether to colour what is written to `stream`."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR", "")
    if forced:
        return forced not in ("0", "false")
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int:
    """Columns of the terminal behind `stream`; 0 where there is none."""
    if not stream.isatty():
        return 0
    import shutil  # brings compression along: 3 ms that a pipe need not wait for

    return shutil.get_terminal_size().columns
