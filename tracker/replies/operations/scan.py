"""The signed and sealed scan: the slot that every reply must fill."""

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.models import StoredFile
from tracker.files.operations import Source, keep
from tracker.notices.models import Assignment
from tracker.org.policy import Work
from tracker.replies.operations.rounds import open_draft


def put_scan(work: Work, assignment: Assignment, source: Source, name: str) -> StoredFile:
    """Keep the scan and put it into the draft's slot; an earlier one stays stored and in the record.

    :raises NotInState: the unit may not write now.  :raises Refused: the file may not come in.
    """
    reply = open_draft(work, assignment)
    stored = keep(work, source, name)
    reply.scan = stored
    work.session.flush()
    case = f"assignment:{assignment.id}"
    record(work, Word.REPLY_SCANNED, reply, case=case, name=stored.name, sha256=stored.sha256, round=reply.round)
    return stored
