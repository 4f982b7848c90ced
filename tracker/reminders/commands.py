"""`flask tick`: the background's work, once, by hand or by cron."""

import click
from flask.cli import with_appcontext

from tracker.reminders import jobs


@click.command("tick")
@with_appcontext
def tick() -> None:
    """Tell, remind and send what is due now; safe to run twice at once."""
    done = jobs.tick()
    click.echo(f"told {done.told}, reminded {done.reminded}, sent {done.sent}, failed {done.failed}")
    if not jobs.channels():
        click.echo("No mail server is set (RECTIFY_SMTP_URL): messages stand in the inbox only.")


commands = [tick]
