"""Exports: asked for, written by the worker when they are large, kept for some days, then deleted."""

from datetime import timedelta
from urllib.parse import unquote_plus

from sqlalchemy import CursorResult, select, update

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.exchange.models import Export, ExportState
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.ledger.queries import LedgerFilter, count_lines
from tracker.org.policy import Work

TOPIC = "export"
DIRECT = 2000
"""Up to so many rows a file is written while it is sent: sooner than a person would look for it."""
MOST = 1_000_000
"""Rows that a sheet holds (1,048,576 with its head)."""
LEASE = timedelta(minutes=15)
TRIES = 3
KEPT = timedelta(days=3)
OPEN = (ExportState.WAITING, ExportState.RUNNING)
FORMATS = ("xlsx", "csv")
LONGEST = 1000
FAILED = N_("The file could not be written. Ask for it again; if that fails too, tell the administrator.")


def order_export(work: Work, wanted: LedgerFilter, address: str, form: str, locale: str) -> Export:
    """Ask for the rows that a filter leaves, as a file; a large one is left to the worker.

    Order of effects: row, record (who, which filter, how many rows), call of the worker.

    :raises Refused: one of this person's is still being written, or more rows than a sheet holds.
    """
    own = Export.person_id == work.actor.person_id
    if work.session.scalar(select(Export.id).where(own, Export.state.in_(OPEN)).limit(1)) is not None:
        raise Refused(N_("A file of yours is still being written. Wait until it has come, then ask for the next one."))
    rows = count_lines(work.session, wanted, work.now, MOST + 1)
    if rows > MOST:
        raise Refused(N_("More rows than a sheet holds. Narrow the ledger first, to a year for instance."))
    direct = rows <= DIRECT
    row = Export(
        person_id=work.actor.person_id,
        format=form if form in FORMATS else FORMATS[0],
        address=address[:LONGEST],
        wanted=wanted.plain(),
        locale=locale,
        state=ExportState.DIRECT if direct else ExportState.WAITING,
        rows=rows,
        asked_at=work.now,
        due_at=work.now + KEPT if direct else work.now,
    )
    work.session.add(row)
    work.session.flush()
    record(work, Word.LEDGER_EXPORTED, row, rows=rows, format=row.format, filter=unquote_plus(address) or "-")
    if not direct:
        work.wake(TOPIC, row.id)
    return row


def claim_export(work: Work, export_id: int) -> bool:
    """Take an export that waits, or whose claim lapsed; False when it is not to be written."""
    statement = (
        update(Export)
        .where(Export.id == export_id, Export.state.in_(OPEN), Export.due_at <= work.now)
        .values(state=ExportState.RUNNING, due_at=work.now + LEASE, written=0, tries=Export.tries + 1)
    )
    result = work.session.execute(statement, execution_options={"synchronize_session": False})
    return isinstance(result, CursorResult) and result.rowcount == 1


def note_progress(work: Work, export_id: int, written: int) -> None:
    """Note how many rows stand in the file, and go on holding the claim."""
    going = (Export.id == export_id, Export.state == ExportState.RUNNING)
    work.session.execute(update(Export).where(*going).values(written=written, due_at=work.now + LEASE))


def settle_export(work: Work, export_id: int, written: int, sha256: str, size: int) -> None:
    """Note that the file lies in the store, to be fetched for some days."""
    row = work.session.get_one(Export, export_id, with_for_update=True, populate_existing=True)
    row.state, row.written, row.sha256, row.size = ExportState.READY, written, sha256, size
    row.done_at, row.due_at = work.now, work.now + KEPT


def fail_export(work: Work, export_id: int) -> None:
    """Let a failed one be tried again in a minute; after the last try it stays failed."""
    row = work.session.get_one(Export, export_id, with_for_update=True, populate_existing=True)
    row.due_at = work.now + timedelta(minutes=1)
    if row.tries >= TRIES:
        row.state, row.trouble, row.done_at = ExportState.FAILED, FAILED, work.now


def forget_file(work: Work, export_id: int) -> str | None:
    """Let an export's file go when its days are over; return its hash unless another export needs the same bytes."""
    row = work.session.get_one(Export, export_id, with_for_update=True, populate_existing=True)
    if row.state not in (ExportState.READY, ExportState.DIRECT) or row.due_at > work.now:
        return None
    sha256, row.sha256, row.state = row.sha256, None, ExportState.GONE
    if sha256 is None:
        return None
    work.session.flush()
    others = select(Export.id).where(Export.sha256 == sha256).limit(1)
    return None if work.session.scalar(others) is not None else sha256
