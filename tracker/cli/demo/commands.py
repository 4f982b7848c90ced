"""`flask demo load`."""

import click
from flask import current_app
from flask.cli import AppGroup

from tracker.cli.demo.load import demo_password, load
from tracker.cli.start import NotFit

demo = AppGroup("demo", help="The demonstration.")


@demo.command("load")
def load_command() -> None:
    """Fill an empty database with the office of 2021-12-28."""
    try:
        load(current_app._get_current_object())  # type: ignore[attr-defined]
    except NotFit as reason:
        raise click.ClickException(str(reason)) from reason
    click.echo(f"The demonstration is loaded. Password of every demo account: {demo_password()}")


commands = [demo]
