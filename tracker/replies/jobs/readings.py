"""Reading the scans that come back: a few pages at a time, so that a long stack keeps nobody's single page waiting."""

import logging
import threading
from typing import Any

from tracker.files.models import StoredFile
from tracker.files.place import derived, originals
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM
from tracker.replies.operations import readings
from tracker.replies.operations.readings import READABLE, due_readings
from tracker.scans import crops
from tracker.scans.read import AT_ONCE, Seen, read
from tracker.signatures.child import verify_file

log = logging.getLogger(__name__)
_one_reader = threading.Lock()
"""One scan per worker process is read at a time: papers and messages keep the other processor."""


def due_scans() -> list[int]:
    """Return the ids of readings that are due and that nobody is at."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return due_readings(work)


def read_scan(reading_id: int) -> None:
    """Read the next pages of this scan, then of every other that is due, until none is; safe to run twice.

    While another thread of this process reads, nothing is done here: that thread comes to this scan by itself.
    """
    if not _one_reader.acquire(blocking=False):
        return
    try:
        due = [reading_id]
        while due:
            read_some(due[0])
            due = due_scans()
    finally:
        _one_reader.release()


def read_some(reading_id: int) -> bool:
    """Claim a reading, read at most six pages outside any transaction, keep them; tell whether anything was to do."""
    with unit_of_work(SYSTEM, host().clock) as work:
        claimed = readings.claim(work, reading_id)
        if claimed is None:
            return False
        begun, stored = len(claimed.pages), claimed.file
        work.session.expunge(stored)
    try:
        seen, electronic = _next_pages(stored, begun), None
        if begun + len(seen.pages) >= _all_pages(stored):
            electronic = _electronic(stored)
    except Exception:
        log.exception("scan %s could not be read", reading_id)
        with unit_of_work(SYSTEM, host().clock) as work:
            readings.fail(work, reading_id)
        return True
    with unit_of_work(SYSTEM, host().clock) as work:
        if readings.note_pages(work, reading_id, begun, seen.pages) and electronic is not None:
            readings.finish(work, reading_id, electronic)
    return True


def _all_pages(stored: StoredFile) -> int:
    return stored.pages if stored.kind in READABLE else 0


def _next_pages(stored: StoredFile, begun: int) -> Seen:
    """Read on after the first `begun` pages and keep the small pictures (files first, then the row)."""
    last = min(begun + AT_ONCE, _all_pages(stored))
    if last <= begun:
        return Seen()
    with originals().open(stored.sha256) as file:
        seen = read(file, stored.kind, begun + 1, last)
    for (page, name), picture in seen.crops.items():
        crops.keep(crops.place(derived(), stored.sha256, page, name), picture)
    return seen


def _electronic(stored: StoredFile) -> list[dict[str, Any]]:
    """Return the verdicts on the file's electronic signatures and seals, as of the moment when it was received."""
    with originals().open(stored.sha256) as file:
        verdicts = verify_file(file, stored.kind, stored.uploaded_at, host().settings.trust)
    return [verdict.as_json() for verdict in verdicts]
