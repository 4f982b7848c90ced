"""`flask indicators load`: bring indicator sets into the database."""

from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.indicators.operations import load_set, read_set, shipped_files
from tracker.kit.errors import Refused
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM

group = AppGroup("indicators", help="Inspection indicators as data.")
commands = [group]


@group.command("load")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(files: tuple[Path, ...]) -> None:
    """Load FILES, or the sets that come with the product; all of them or, when one is refused, none. Safe to repeat."""
    try:
        parsed = [read_set(path) for path in files or shipped_files()]
        parsed.sort(key=lambda each: bool(each.overrides))  # what is changed locally must be there first
        with unit_of_work(SYSTEM, host().clock) as work:
            told = [(each, load_set(work, each)) for each in parsed]
    except Refused as error:
        raise click.ClickException(str(error)) from error
    for each, changed in told:
        count = len(each.indicators) + len(each.overrides)
        click.echo(f"{each.columns['code']}: {count} indicators, {changed} added or changed")
