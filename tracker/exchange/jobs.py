"""Writing large exports in the background, and deleting their files when their days are over."""

import logging
import tempfile
from collections.abc import Iterable, Iterator

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from tracker.almanac.queries import calendar
from tracker.bulletins.queries.numbers import numbers
from tracker.exchange.models import Export
from tracker.exchange.operations.exports import (
    TOPIC,
    claim_export,
    fail_export,
    forget_file,
    note_progress,
    settle_export,
)
from tracker.exchange.operations.files import WRITERS
from tracker.exchange.queries.exports import due_rows
from tracker.exchange.queries.points import with_points
from tracker.files.place import exports
from tracker.kit.db import db
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.ledger.policy import Line
from tracker.ledger.queries import LedgerFilter, Moment, lines
from tracker.org.policy import SYSTEM

__all__ = ["TOPIC", "due_exports", "export_row"]
log = logging.getLogger(__name__)
TOLD_EVERY = 5000
"""Rows between two notes of progress."""


def due_exports() -> list[int]:
    """Return the ids of exports that wait, whose claim lapsed, or whose file has had its days."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return due_rows(work.session, work.now)


def export_row(export_id: int) -> None:
    """Write one export, or delete the file of one that is over; safe to run twice, since the row is claimed first.

    Order of effects: claim, file (read in one transaction, so that it is one moment's ledger), store, state.
    """
    with unit_of_work(SYSTEM, host().clock) as work:
        claimed = claim_export(work, export_id)
        gone = None if claimed else forget_file(work, export_id)
    if gone is not None:
        exports().delete(gone)
    if claimed:
        try:
            _write(export_id)
        except Exception:
            log.exception("export %s could not be written", export_id)
            with unit_of_work(SYSTEM, host().clock) as work:
                fail_export(work, export_id)


def _write(export_id: int) -> None:
    with tempfile.TemporaryDirectory(prefix="rectify-export-") as folder, open(f"{folder}/file", "w+b") as file:
        with Session(db.engine) as session:
            if db.engine.dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            row = session.get_one(Export, export_id)
            moment = Moment(host().clock.now(), calendar(session), numbers(session))
            found = _told(export_id, with_points(session, lines(session, LedgerFilter.of_plain(row.wanted), moment)))
            with force_locale(row.locale):
                written = WRITERS[row.format](file, found, gettext, folder)
        file.seek(0)
        sha256, size = exports().put(file)
    with unit_of_work(SYSTEM, host().clock) as work:
        settle_export(work, export_id, written, sha256, size)


def _told(export_id: int, found: Iterable[Line]) -> Iterator[Line]:
    """Yield lines, and note now and then how many there were; in transactions of their own beside the reading one."""
    for count, line in enumerate(found):
        if count and count % TOLD_EVERY == 0:
            with unit_of_work(SYSTEM, host().clock) as work:
                note_progress(work, export_id, count)
        yield line
