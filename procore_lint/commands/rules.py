"""`rules` lists the rules, `rule NAME` shows one rule's page."""

from __future__ import annotations

import datetime
import sys

import click

from procore_lint.commands.problems import Problem
from procore_lint.commands.terminal import color_option, wants_color, width_of


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@color_option
def rules(form: str, color: str) -> None:
    """List the rules with their severity today and what they find."""
    from procore_lint.catalog import CatalogError, load

    try:
        listed = list(load().rules.values())
    except CatalogError as problem:
        raise Problem(str(problem)) from problem
    today = datetime.date.today()
    if form == "json":
        from procore_lint.report.as_json import render_rules

        click.echo(render_rules(listed, today), nl=False)
    else:
        from procore_lint.report.tables import rules_table

        shown = rules_table(listed, today, color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
        click.echo(shown, nl=False, color=True)


@click.command()
@click.argument("name")
@color_option
def rule(name: str, color: str) -> None:
    """Show the page of the rule NAME (a name or a code)."""
    from procore_lint.catalog import CatalogError, load

    try:
        catalog = load()
        found = catalog.find(name)
    except CatalogError as problem:
        raise Problem(str(problem)) from problem
    if len(found) == 1:
        from procore_lint.report.page import show

        page = found[0].page
        if sys.stdout.isatty():
            page = show(page, color=wants_color(color, sys.stdout), width=width_of(sys.stdout))
        click.echo(page, nl=False, color=True)
        return
    from procore_lint.hints import did_you_mean

    known = [*catalog.rules, *(each.code for each in catalog.rules.values())]
    if found:
        names = ", ".join(f"{each.code} {each.name}" for each in found)
        raise Problem(f"{name!r} selects several rules: {names}")
    raise Problem(f"unknown rule {name!r}.{did_you_mean(name, known)} See `procore-lint rules` for all.")
