"""What the machine saw on a scan, in sentences: for the unit before it submits, and beside the reviewer's ticks."""

from typing import Any

from flask_babel import gettext as _

from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.replies.models import ReadingState
from tracker.replies.operations.filing import Filing, listed
from tracker.replies.policy import machine_level
from tracker.scans import hints

DOUBTS = {
    "seal": N_(
        "The system did not find a seal on the scan. If it is sealed you may submit all the same; the office checks "
        "it by eye."
    ),
    "signature": N_(
        "The system did not find handwriting in the signature box. If it is signed you may submit all the same; the "
        "office checks it by eye."
    ),
}


def machine_shown(work: Work, filing: Filing) -> dict[str, Any]:
    """Return "lines" (state, text) of what was seen, and "doubts" (msgids): what to tell before submitting.

    Nothing before the scan is read, and nothing of a page that this person may not see. Where a good electronic
    signature stands for the ink, the page leaves the doubts out.
    """
    reading = filing.reading
    if reading is None or reading.state is not ReadingState.READY:
        return {"lines": [], "doubts": []}
    pages = [page for page in reading.pages if work.actor.is_office or not filing.withheld(page["n"])]
    lines = [{"state": line.state, "text": _said(line, len(pages))} for line in hints.lines(pages)]
    absent = [what for what in DOUBTS if machine_level(pages, what) == "absent"]
    return {"lines": lines, "doubts": [DOUBTS[what] for what in absent]}


def _said(line: hints.Line, of: int) -> str:
    if of == 1 or (line.state != "passed" and len(line.pages) == of):
        return str(_("The scan: %(what)s", what=_(line.msgid)))
    return str(_("Page %(pages)s: %(what)s", pages=listed(line.pages), what=_(line.msgid)))
