"""`flask assessment sheet`: one unit's sheet as text."""

import click
from flask.cli import AppGroup
from sqlalchemy import or_

from tracker.assessment.models import SheetState
from tracker.assessment.operations.freeze import figures
from tracker.assessment.paper import text
from tracker.assessment.queries.sheets import assessed, sheet_of
from tracker.kit.errors import Missing
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.models import Unit
from tracker.org.policy import SYSTEM

group = AppGroup("assessment", help="Annual assessment of the units.")
commands = [group]
STATES = {SheetState.DRAFT: "拟定中", SheetState.OFFERED: "核对中", SheetState.SIGNED: "已签发"}


@group.command("sheet")
@click.argument("year", type=int)
@click.argument("unit")
def sheet(year: int, unit: str) -> None:
    """Print the sheet of UNIT (name or code) for YEAR: as signed, otherwise as the ledger gives it now."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        named = or_(Unit.name == unit, Unit.full_name == unit, Unit.code == unit)
        found = work.session.scalar(assessed().where(named))
        if found is None:
            raise click.ClickException(f"{unit}: no such unit is assessed")
        try:
            known = sheet_of(work.session, year, found, work.now)
        except Missing as error:
            raise click.ClickException(f"{year}: no such year") from error
        click.echo(text(found.full_name, year, known.frozen or figures(known.score), STATES[known.state]))
