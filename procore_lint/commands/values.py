"""Values of options that click has no type for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import click


def day(context: click.Context, parameter: click.Parameter, given: str | None) -> datetime.date | None:
    """The day YYYY-MM-DD that was given, if any. Raises BadParameter for anything else."""
    if given is None:
        return None
    try:
        if len(given) != 10:
            raise ValueError
        return datetime.date.fromisoformat(given)
    except ValueError as problem:
        raise click.BadParameter(f"{given!r} is not a day such as 2026-07-01") from problem


def comma_lists(
    context: click.Context, parameter: click.Parameter, given: Sequence[str]
) -> tuple[str, ...] | None:
    """The items of repeated comma lists; None where the option was not given at all."""
    if not given:
        return None
    return tuple(item.strip() for text in given for item in text.split(",") if item.strip())
