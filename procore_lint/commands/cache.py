"""`cache info`, `cache dir` and `cache clean`: what the linter remembers, and forgetting it."""

from __future__ import annotations

import os

import click

from procore_lint.commands.problems import Problem, here

_directory = click.option(
    "--cache-dir", metavar="DIR", help="The cache to look at, if not the configured one."
)


@click.group()
def cache() -> None:
    """Show or clear what earlier runs have learned."""


@cache.command("dir")
@_directory
def show_directory(cache_dir: str | None) -> None:
    """Print the directory that holds the cache."""
    click.echo(_place(cache_dir))


@cache.command()
@_directory
def info(cache_dir: str | None) -> None:
    """Show where the cache is and how large it is."""
    import time

    from procore_lint.cache.database import FILE, LIMIT, Database

    directory = _place(cache_dir)
    file = os.path.join(directory, FILE)
    click.echo(f"directory  {directory}")
    if not os.path.isfile(file):
        click.echo("entries    none yet")
        return
    size = os.stat(file).st_size
    database = Database(directory, int(time.time()))
    entries = database.count()
    database.close()
    if database.problem:
        click.echo(f"problem    {database.problem}")
        return
    click.echo(f"entries    {entries:,}")
    click.echo(f"size       {_megabytes(size)} of at most {_megabytes(LIMIT)}")


@cache.command()
@_directory
def clean(cache_dir: str | None) -> None:
    """Remove the cache; the next run starts anew."""
    from procore_lint.cache.database import remove

    directory = _place(cache_dir)
    click.echo(f"{_megabytes(remove(directory))} removed from {directory}")


def _place(given: str | None) -> str:
    """The directory: as given, as configured where the command is run, or the platform's."""
    from procore_lint import config
    from procore_lint.commands.caching import platform_directory
    from procore_lint.errors import UserError
    from procore_lint.roots import root_of

    cwd = here()
    if given:
        return os.path.join(cwd, given)
    try:
        configured = config.load(root_of(cwd, cwd)).cache_dir
    except UserError as problem:
        raise Problem(str(problem)) from problem
    directory = configured or platform_directory()
    if not directory:
        raise Problem("there is no home directory to keep a cache in; name one with --cache-dir")
    return directory


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
