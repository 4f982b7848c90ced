"""What pages show of electronic signatures on a scan."""

from tracker.files.models import StoredFile
from tracker.notices.models import Assignment
from tracker.org.policy import Work
from tracker.org.queries import registered_fingerprints
from tracker.replies.models import ScanReading
from tracker.signatures.child import KINDS
from tracker.signatures.verdicts import Verdict, for_unit, from_json


def verdicts_on(work: Work, assignment: Assignment, scan: StoredFile, reading: ScanReading | None) -> list[Verdict]:
    """Return the verdicts on a scan's electronic signatures as they are for the assignment's unit; none of a picture.

    What the machine found is stored as of receipt; whether the certificate is the unit's follows from its list.
    """
    found = [from_json(each) for each in reading.electronic] if reading and scan.kind in KINDS else []
    if not any(each.fingerprint for each in found):
        return found
    return for_unit(found, registered_fingerprints(work.session, assignment.unit_id, scan.uploaded_at))
