"""Having scans read: a row per file, claimed by one reader at a time, a few pages each time."""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from tracker.files.models import StoredFile
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.replies.models import ReadingState, Reply, ScanReading

TOPIC = "scan"
LEASE = timedelta(minutes=2)
"""A claim older than this belonged to a reader that died; the pages are read again."""
PAUSES = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10))
"""Before the second, third … try of the same pages; after the last the reading is failed."""
NOT_READ = N_("This scan could not be read by the machine. Look at its pages yourself.")
READABLE = frozenset({"pdf", "jpeg", "png"})
"""Kinds with pages that are pictures, or can be drawn."""


def order_reading(work: Work, stored: StoredFile) -> ScanReading:
    """Have a scan read in the background; a file is read once, however often that is asked for."""
    known = work.session.scalar(select(ScanReading).where(ScanReading.file_id == stored.id))
    if known is not None:
        return known
    reading = ScanReading(file_id=stored.id, due_at=work.now, ordered_at=work.now)
    work.session.add(reading)
    work.session.flush()  # the worker is called by the row's id
    work.wake(TOPIC, reading.id)
    return reading


def stop_reading(work: Work, stored: StoredFile) -> None:
    """Read no further in a scan that another one replaced: whoever uploads often keeps nobody else's waiting."""
    held = select(Reply.id).where(Reply.scan_id == stored.id)
    if work.session.scalars(held.limit(1)).first() is not None:
        return
    open_ends = ScanReading.state.in_([ReadingState.WAITING, ReadingState.READING])
    mine = update(ScanReading).where(ScanReading.file_id == stored.id, open_ends)
    work.session.execute(mine.values(state=ReadingState.FAILED))


def due_readings(work: Work, limit: int = 100) -> list[int]:
    """Return the ids of readings that are due, or whose claim lapsed, longest waiting first."""
    open_ends = ScanReading.state.in_([ReadingState.WAITING, ReadingState.READING])
    query = select(ScanReading.id).where(open_ends, ScanReading.due_at <= work.now)
    return list(work.session.scalars(query.order_by(ScanReading.due_at, ScanReading.id).limit(limit)))


def claim(work: Work, reading_id: int) -> ScanReading | None:
    """Claim a reading that is due, by a conditional update; None when another reader has it, or it is done."""
    statement = (
        update(ScanReading)
        .where(
            ScanReading.id == reading_id,
            ScanReading.due_at <= work.now,
            or_(ScanReading.state == ReadingState.WAITING, ScanReading.state == ReadingState.READING),
        )
        .values(state=ReadingState.READING, tries=ScanReading.tries + 1, due_at=work.now + LEASE)
        .execution_options(synchronize_session=False)
    )
    claimed: int = work.session.execute(statement).rowcount  # type: ignore[attr-defined]
    return work.session.get(ScanReading, reading_id, populate_existing=True) if claimed == 1 else None


def note_pages(work: Work, reading_id: int, begun: int, pages: list[dict[str, Any]]) -> bool:
    """Add pages that were read after the first `begun`; False when another reader was quicker: nothing changes then."""
    reading = _locked(work, reading_id)
    if reading.state != ReadingState.READING or len(reading.pages) != begun:
        return False
    reading.pages = [*reading.pages, *pages]
    reading.state, reading.tries, reading.due_at, reading.trouble = ReadingState.WAITING, 0, work.now, ""
    return True


def finish(work: Work, reading_id: int, electronic: list[dict[str, Any]]) -> None:
    """Note that everything was read, and what was found of electronic signatures."""
    reading = _locked(work, reading_id)
    if reading.state != ReadingState.READY:
        reading.state, reading.ready_at, reading.electronic = ReadingState.READY, work.now, electronic


def fail(work: Work, reading_id: int) -> None:
    """Note a failed try: the next one after a pause, or none after the last."""
    reading = _locked(work, reading_id)
    if reading.state != ReadingState.READING:
        return
    last = reading.tries > len(PAUSES)
    reading.trouble = NOT_READ
    reading.state = ReadingState.FAILED if last else ReadingState.WAITING
    reading.due_at = work.now + (timedelta() if last else PAUSES[reading.tries - 1])


def _locked(work: Work, reading_id: int) -> ScanReading:
    query = select(ScanReading).where(ScanReading.id == reading_id).with_for_update()
    return work.session.execute(query.execution_options(populate_existing=True)).scalar_one()
