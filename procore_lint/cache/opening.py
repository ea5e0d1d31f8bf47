"""Opens the cache for one project as the options and the configuration say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime

    from procore_lint.cache.memory import Memory
    from procore_lint.config import Config
    from procore_lint.options import Options
    from procore_lint.targets import Target


def directory_of(options: Options, config: Config) -> str:
    """The directory of the cache; "" where nothing is to be kept."""
    if options.cache is None:
        return ""
    return options.cache.directory or config.cache_dir or options.cache.default


def opened(
    target: Target, config: Config, options: Options, as_of: datetime.date, wanted: tuple[bytes, ...]
) -> Memory | None:
    """What earlier runs know of a project; None where the cache is off or stands aside.

    With standard input in place of a file nothing on disk is what is judged.
    """
    directory = directory_of(options, config)
    if options.cache is None or not directory or options.replaced:
        return None
    from procore_lint.cache.database import Database
    from procore_lint.cache.memory import Memory, contents_of
    from procore_lint.targets import way_down

    settings = repr((
        config.select if options.select is None else options.select,
        config.ignore if options.ignore is None else options.ignore,
        as_of.isoformat(),
        config.company_header_names,
        sorted(config.per_file_ignores.items()),
        way_down(config.base, target.root),
        contents_of(config.facts),
        options.triage,
        options.edits,
    ))  # fmt: skip
    excludes = repr((config.exclude, way_down(config.base, target.root), options.exclude, options.cwd))
    now = options.cache.now
    database = Database(directory, now // 1_000_000_000)
    return Memory(database, target, settings, excludes, wanted, now, reuse=options.cache.reuse)
