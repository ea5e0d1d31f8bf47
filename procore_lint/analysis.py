"""One project from its files to its facts: triage, extraction; then `judgement`."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from procore_lint import triage
from procore_lint.cache.opening import opened
from procore_lint.config import Config
from procore_lint.files import walk
from procore_lint.halves import jobs_of
from procore_lint.ignores import Stack, level
from procore_lint.imports import reach
from procore_lint.options import DEFAULT_TOOLS, Options, Tools
from procore_lint.outcome import Outcome
from procore_lint.reading import Reader
from procore_lint.result import RunError
from procore_lint.roots import is_below
from procore_lint.targets import Files, Target, discover, named_files, relative_to, way_down

if TYPE_CHECKING:
    from procore_lint.cache.memory import Memory
    from procore_lint.cache.verdict import Verdict
    from procore_lint.extraction import Extract
    from procore_lint.facts import Facts, Module
    from procore_lint.finding import Finding

SILENT = "do not mention Procore"


def analyse(target: Target, config: Config, options: Options, tools: Tools) -> Outcome:
    """Check one project. Raises ConfigError and CatalogError."""
    wanted = triage.needles(config.company_header_names)
    replaced = {
        relative_to(path, target.root): data
        for path, data in options.replaced.items()
        if is_below(path, target.root)
    }
    reader = Reader(target.root, wanted, replaced, jobs=jobs_of(options.jobs))
    as_of = options.as_of or config.as_of or options.today
    outcome = Outcome(target.root, config, as_of, reader, target)
    excluded = _excluded(target.root, config, options)
    named, outcome.passed_over = named_files(
        target, excluded, force_exclude=options.force_exclude, replaced=replaced
    )
    if not target.tops and options.triage and not _may_hold(reader, named):
        _account(outcome, named, ())
        return outcome
    loose = target.is_loose
    walked = partial(walk, target.root, excluded=excluded, entered=target.on_the_way() if loose else None)
    memory = None if tools != DEFAULT_TOOLS else opened(target, config, options, as_of, wanted)
    if memory is None:
        _decide(outcome, _found(outcome, discover(target, named, walked)), options, tools, None)
        return outcome
    try:
        tree = walked if loose else partial(memory.tree, walk=walked)
        files = _found(outcome, discover(target, named, tree))
        recalled = memory.recall(files)
        if recalled is None:
            _decide(outcome, files, options, tools, memory)
        else:
            outcome.asked = files.asked
            outcome.checked = recalled.checked
            outcome.passed_over += Counter({SILENT: len(files.asked) - recalled.checked})
            _take(outcome, recalled.verdict)
    finally:
        outcome.cache_problem = memory.save()
    return outcome


def _found(outcome: Outcome, files: Files) -> Files:
    outcome.passed_over += files.passed_over
    outcome.nested = files.nested
    return files


def _decide(outcome: Outcome, files: Files, options: Options, tools: Tools, memory: Memory | None) -> None:
    reader = outcome.reader
    reader.store = None if memory is None else memory.glances
    relevant = sorted(_relevant(files, reader) if options.triage else files.project)
    verdict = None
    if set(relevant).isdisjoint(files.asked):
        relevant = []
    else:
        verdict = _judged(outcome, relevant, files.asked, options, tools, memory)
    _account(outcome, files.asked, relevant)
    if memory is not None and not reader.problems:
        memory.keep(verdict, outcome.near, relevant, outcome.checked)


def _judged(
    outcome: Outcome,
    relevant: list[str],
    asked: list[str],
    options: Options,
    tools: Tools,
    memory: Memory | None,
) -> Verdict | None:
    """Judge the relevant files; what is new to the cache."""
    known = None if memory is None else memory.recall_verdict(relevant, asked, outcome.reader)
    if known is not None:
        _take(outcome, known)
        return None
    from procore_lint.judgement import judge_project, prepare

    outcome.asked = asked
    outcome.modules = _extract(relevant, outcome.reader, options, tools, partial(prepare, outcome, tools))
    judge_project(outcome, options, tools)
    if memory is None:
        return None
    from procore_lint.cache.verdict import Verdict

    if any(map(_crashed, outcome.modules.values())):
        memory.forget()
    return Verdict(outcome.judged, outcome.suppressed, outcome.rules, outcome.verified)


def _take(outcome: Outcome, verdict: Verdict) -> None:
    outcome.findings = outcome.judged = verdict.findings
    outcome.suppressed, outcome.rules, outcome.verified = verdict.suppressed, verdict.rules, verdict.verified


def rejudged(outcome: Outcome, changed: Mapping[str, bytes], options: Options, tools: Tools) -> list[Finding]:
    """The findings of the same project with other contents of some files (paths relative to its root).

    Only those files are read again: which others matter was decided by the first run.
    """
    from procore_lint.extraction import guarded
    from procore_lint.judgement import judge_project

    extract = extractor(tools)
    gc.collect()  # the project that was judged before is one large circle, and the collector is off
    first = outcome.reader
    reader = Reader(first.root, first.wanted, {**first.replaced, **changed})
    modules = {**outcome.modules, **{path: guarded(extract, data) for path, data in changed.items()}}
    again = Outcome(outcome.root, outcome.config, outcome.as_of, reader, outcome.target, modules)
    again.asked, again.catalog = outcome.asked, outcome.catalog
    judge_project(again, options, tools)
    return again.judged


def _may_hold(reader: Reader, named: list[str]) -> bool:
    """Whether one of the named files can hold a finding; every one is read, to be accounted for."""
    sights = [sight for path in named if (sight := reader.sight(path)) is not None]
    near = triage.Near(reader.root, reader.bytes_of, reader.wanted)
    return any(sight.seed for sight in sights) or any(near.may_hold(path) for path in named)


def _excluded(root: str, config: Config, options: Options) -> Stack:
    """The `exclude` patterns of the configuration and, relative to the working directory, of the options."""
    stack = Stack().with_level(level(config.exclude, lift=way_down(config.base, root)))
    if not options.exclude:
        return stack
    inside = relative_to(options.cwd, root) if is_below(options.cwd, root) else ""
    base = f"{inside}/" if inside else ""
    return stack.with_level(level(options.exclude, base, way_down(options.cwd, root)))


def _relevant(files: Files, reader: Reader) -> set[str]:
    seeds = reader.seeds(files.project)
    if not seeds:
        return set()
    if len(seeds) == len(files.project):
        return set(seeds)
    # With a cache every file's imports are worth knowing: the next run need not read it.
    return reach(files.project, seeds, reader.imports, reader.naming if reader.store is None else None)


def _extract(
    paths: list[str], reader: Reader, options: Options, tools: Tools, meanwhile: Callable[[], None]
) -> dict[str, Facts]:
    from procore_lint.extraction import BREAK_EVEN, extract_all

    modules: dict[str, Facts] = {}
    missing: list[str] = []
    for path in paths:
        stored = None
        if reader.store is not None:
            stored = reader.store.module(reader.file(path), partial(reader.read, path))
        if stored is None:
            missing.append(path)
        else:
            modules[path] = stored
    sizes = {path: reader.size(path) for path in missing}
    missing.sort(key=lambda path: -sizes[path])

    def items() -> Iterator[tuple[str, bytes]]:
        for path in missing:
            data = reader.bytes_of(path)
            if data is not None:
                yield path, data

    size = sum(sizes.values())
    for done in extract_all(items(), extractor(tools), reader.jobs, size, meanwhile):
        modules[done.path] = done.module
        if reader.store is not None and not _crashed(done.module):
            reader.store.keep_module(reader.file(done.path), reader.read(done.path), done.packed())
        if size >= BREAK_EVEN:
            reader.forget(done.path)  # of so many, the few with a finding are read again
    if missing and reader.store is not None:
        reader.store.save()
    if size >= BREAK_EVEN:
        reader.room = BREAK_EVEN
    # Whatever order the facts came back in, judging sees one.
    return {path: modules[path] for path in paths if path in modules}


def _crashed(module: Facts) -> bool:
    return module.problem is not None and module.problem.kind == "crash"


def _account(outcome: Outcome, asked: list[str], relevant: Iterable[str]) -> None:
    """Count every file that was asked for: checked, or passed over and why."""
    outcome.asked = asked
    checked = frozenset(relevant)
    for path in asked:
        problem = outcome.reader.problems.get(path)
        if problem is not None:
            outcome.passed_over[problem] += 1
            outcome.errors.append(RunError(path, f"the file could not be read: {problem}"))
        elif path in checked:
            outcome.checked += 1
        else:
            outcome.passed_over[SILENT] += 1


def extractor(tools: Tools) -> Extract:
    """The function that reads facts from bytes."""
    return _extract_one if tools.extract is None else tools.extract


def _extract_one(data: bytes) -> Module:
    from procore_lint.extract import extract  # here, as it may be another process that reads

    return extract(data)
