"""`flask tick`: the background's work, once, by hand or by cron."""

import click
from flask.cli import with_appcontext

from tracker.escalation.jobs import morning
from tracker.kit.host import host
from tracker.reminders import jobs
from tracker.reminders.channels import CHANNELS
from tracker.reminders.jobs.rehearsal import rehearse


@click.command("tick")
@with_appcontext
def tick() -> None:
    """Tell, remind and send what is due now; safe to run twice at once."""
    proposed = morning()
    done = jobs.tick()
    click.echo(f"told {done.told}, reminded {done.reminded}, sent {done.sent}, failed {done.failed}")
    if proposed:
        click.echo(f"proposed {proposed.proposed}, overtaken {proposed.overtaken}")
    if not any(channel.ready(host().settings) for channel in CHANNELS):
        click.echo("No channel is set up (RECTIFY_SMTP_URL and others): messages stand in the inbox only.")


@click.group("reminders")
def reminders() -> None:
    """Try out what reminders will do."""


@reminders.command("rehearse")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366))
@with_appcontext
def rehearse_command(days: int) -> None:
    """Live the days to come on a copy of the database: nothing is sent, nothing of the product is changed."""
    for each in rehearse(days):
        kind = "" if each.works else " (day off)"
        click.echo(f"{each.day}{kind}: {each.written} messages, {len(each.letters)} letters")
        for person, channel, subject, lines in each.letters:
            click.echo(f"    {person} [{channel}] {subject}")
            for line in lines if len(lines) > 1 else ():
                click.echo(f"        - {line}")


commands = [tick, reminders]
