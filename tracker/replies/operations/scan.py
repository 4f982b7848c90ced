"""The signed and sealed scan: the slot that every reply must fill."""

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.models import StoredFile
from tracker.files.operations import SCANS, Source, keep
from tracker.notices.models import Assignment
from tracker.org.policy import Work
from tracker.replies.models import Reply
from tracker.replies.operations.readings import order_reading, stop_reading
from tracker.replies.operations.rounds import open_draft


def put_scan(work: Work, assignment: Assignment, source: Source, name: str) -> StoredFile:
    """Keep the scan and put it into the draft's slot; an earlier one stays stored and in the record.

    :raises NotInState: the unit may not write now.  :raises Refused: the file may not come in.
    """
    reply = open_draft(work, assignment)
    return take_scan(work, assignment, reply, source, name)


def take_scan(work: Work, assignment: Assignment, reply: Reply, source: Source, name: str) -> StoredFile:
    """Keep a scan and attach it to a draft that the caller may change.

    :raises Refused: the file may not come in.
    """
    return attach(work, assignment, reply, keep(work, source, name, SCANS))


def attach(work: Work, assignment: Assignment, reply: Reply, stored: StoredFile) -> StoredFile:
    """Put a kept file into the slot of a draft that the caller may change, record it, and have it read."""
    before, reply.scan = reply.scan, stored
    work.session.flush()
    if before is not None and before is not stored:
        stop_reading(work, before)
    order_reading(work, stored)
    case = f"assignment:{assignment.id}"
    record(work, Word.REPLY_SCANNED, reply, case=case, name=stored.name, sha256=stored.sha256, round=reply.round)
    return stored
