"""`flask demo load`."""

import click
from flask import current_app
from flask.cli import AppGroup

from tracker.cli.demo.load import demo_password, load

demo = AppGroup("demo", help="The demonstration.")


@demo.command("load")
def load_command() -> None:
    """Fill an empty database with the office of 2021-12-28."""
    load(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(f"The demonstration is loaded. Password of every demo account: {demo_password()}")


commands = [demo]
