"""Commands on the record."""

from dataclasses import dataclass

import click
from flask.cli import AppGroup

from tracker.audit.queries import head, verify
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work

record = AppGroup("record", help="The record of what happened.")
commands = [record]


@dataclass(frozen=True)
class Console:
    """Whoever sits at the machine's own console."""

    actor_id: None = None
    actor_name: str = ""
    address: str = ""


@record.command("verify")
def verify_record() -> None:
    """Recompute the chain of hashes; exit with 1 when an event was changed, removed or put in."""
    with unit_of_work(Console(), host().clock, write=False) as work:
        verdict = verify(work.session)
        hash_ = head(work.session)[1]
    if not verdict.whole:
        click.echo(f"BROKEN at event {verdict.bad_event}: {verdict.reason}", err=True)
        raise SystemExit(1)
    click.echo(f"whole: {verdict.checked} events, newest hash {hash_}")
