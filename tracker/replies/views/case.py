"""What several pages show of an assignment: its deadline, its steps, its timeline, its paper."""

from datetime import date
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from tracker.audit.policy import as_line
from tracker.audit.queries import timeline
from tracker.files.models import StoredFile
from tracker.kit.clock import office_date
from tracker.kit.host import host
from tracker.notices.lifecycle import AssignmentState
from tracker.notices.models import Assignment
from tracker.org.policy import Work
from tracker.replies.models import Reply
from tracker.replies.operations.filing import Filing, file_scan, remarks
from tracker.replies.operations.rounds import open_draft
from tracker.replies.paper import sheet_content
from tracker.replies.policy import (
    in_order,
    is_locked,
    is_open_for_answer,
    item_gaps,
)
from tracker.replies.queries import own_assignment, submitted_round
from tracker.replies.views.electronic import verdicts_on
from tracker.replies.views.machine_words import machine_shown
from tracker.signatures.verdicts import seals_whole_file
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Counted, explain


def explanation(assignment: Assignment, calendar: Calendar) -> list[Counted]:
    """Return the days from issue to deadline, each counted or not, with the reason."""
    return explain(office_date(assignment.issued_at), assignment.due_on, calendar)


def may_write(work: Work, token: str, **_others: Any) -> None:
    """Refuse an upload before it is looked at: not one's own assignment, or nothing to write now.

    :raises Missing: it is not this unit's.  :raises NotInState: it is not open for an answer.
    """
    open_draft(work, own_assignment(work, token))


def told(work: Work, assignment: Assignment) -> list[dict[str, Any]]:
    """Return the case's timeline, newest first, as the component reads it."""
    return [as_line(event, _) for event in reversed(timeline(work.session, f"assignment:{assignment.id}"))]


def content_of(work: Work, reply: Reply) -> dict[str, object]:
    """Return what the sheet would say now."""
    settings = host().settings
    return sheet_content(reply, issuer=settings.office_name, url_base=settings.public_url, today=work.today)


def notice_pages(assignment: Assignment) -> list[dict[str, str]]:
    """Return the addresses of the notice's page pictures; none while the paper is not ready."""
    if "notices.page_image" not in current_app.view_functions:
        return []
    count = assignment.notice.paper_pages or 0
    alt = _("Notice %(number)s", number=assignment.notice.number or "")
    return [
        {"url": url_for("notices.page_image", token=assignment.token, n=n), "alt": f"{alt} {n}/{count}"}
        for n in range(1, count + 1)
    ]


def notice_pdf(assignment: Assignment) -> str | None:
    """Return the address of the notice's PDF, or None while there is none."""
    known = "notices.paper_pdf" in current_app.view_functions and assignment.notice.paper_sha256
    return url_for("notices.paper_pdf", token=assignment.token) if known else None


def file_pages(assignment: Assignment, stored: Any) -> list[dict[str, str]]:
    """Return the addresses of an uploaded file's page pictures."""
    return [
        {
            "url": url_for("replies.file_page", token=assignment.token, file_token=stored.token, n=n),
            "alt": _("%(name)s, page %(n)s", name=stored.name, n=n),
        }
        for n in range(1, stored.pictures + 1)
    ]


def earlier_round(work: Work, assignment: Assignment, reply: Reply) -> Reply | None:
    """Return the round before this one; None for the first."""
    return submitted_round(work, assignment, reply.round - 1) if reply.round > 1 else None


def scan_shown(work: Work, assignment: Assignment, reply: Reply) -> dict[str, Any]:
    """Return what a page shows of a round's scan: its pages (in the sheet's order) and what is said of it.

    A crop (url, kind, n) is what stands in the box of seal or signature on page n. `electronic` are the verdicts on
    electronic signatures, for this assignment's unit; with `sealed` a wet seal need not be looked for. Nobody of the
    unit is shown a page that holds another unit's sheet, nor any page before that is known.
    """
    if reply.scan is None:
        return {
            "pages": [],
            "remarks": [],
            "machine": {},
            "reading": None,
            "pending": False,
            "crops": [],
            "electronic": [],
            "sealed": False,
        }
    filing = file_scan(work, assignment, reply.scan, reply.round)
    lines = [{"state": each.state, "text": _(each.msgid, **each.params)} for each in remarks(filing)]
    pages = _in_order(work, filing, file_pages(assignment, reply.scan))
    electronic = verdicts_on(work, assignment, reply.scan, filing.reading)
    shown: dict[str, Any] = {"pages": pages, "remarks": lines, "reading": filing.reading, "pending": filing.pending}
    shown |= {"electronic": electronic, "sealed": seals_whole_file(electronic)}
    return shown | {"crops": _crops(work, assignment, reply.scan, filing), "machine": machine_shown(work, filing)}


def _crops(work: Work, assignment: Assignment, stored: StoredFile, filing: Filing) -> list[dict[str, Any]]:
    boxes = [
        (page["n"], kind)
        for page in (filing.reading.pages if filing.reading else [])
        for kind in ("signature", "seal")
        if (page[kind] or {}).get("box") and (work.actor.is_office or not filing.withheld(page["n"]))
    ]
    return [{"n": n, "kind": kind, "url": _part_url(assignment, stored, n, kind)} for n, kind in boxes]


def _part_url(assignment: Assignment, stored: StoredFile, n: int, kind: str) -> str:
    return url_for("replies.file_part", token=assignment.token, file_token=stored.token, n=n, part=kind)


def _in_order(work: Work, filing: Filing, pages: list[dict[str, str]]) -> list[dict[str, str]]:
    known = [n for n in filing.filed.order() if n <= len(pages)]
    order = known + [n for n in range(1, len(pages) + 1) if n not in known]
    return [pages[n - 1] for n in order if work.actor.is_office or not filing.withheld(n)]


def steps(work: Work, assignment: Assignment, reply: Reply | None, printed: bool) -> list[dict[str, Any]]:
    """Return the five steps with how far each is; the first that is not done is the current one."""
    token = assignment.token
    complete = _complete(reply, work.today)
    total = len(reply.items) if reply else sum(item.withdrawn_at is None for item in assignment.items)
    handed_in = reply is not None and reply.submitted_at is not None
    scanned = reply is not None and reply.scan_id is not None
    filled = total > 0 and complete == total
    signed, first = printed or scanned, _first(reply, work.today)
    rows = [
        (_("Acknowledge receipt"), assignment.acknowledged_at is not None, None, None),
        (_("Fill in item by item"), filled, url_for("replies.item", token=token, n=first), f"{complete}/{total}"),
        (_("Print the reply sheet, have it signed and sealed"), signed, url_for("replies.sheet", token=token), None),
        (_("Upload the signed and sealed scan"), scanned, url_for("replies.scan", token=token), None),
        (_("Check and submit"), handed_in, url_for("replies.check", token=token), None),
    ]
    writing = is_open_for_answer(assignment) and not handed_in
    found: list[dict[str, Any]] = []
    for number, (label, done, url, note) in enumerate(rows):
        state = "done" if done or handed_in else _undone(found, assignment, number)
        found.append({"label": label, "state": state, "url": url if writing else None, "note": note})
    return found


def _undone(before: list[dict[str, Any]], assignment: Assignment, number: int) -> str:
    if assignment.state == AssignmentState.VOIDED or (assignment.state == AssignmentState.ISSUED and number > 0):
        return "locked"
    return "todo" if any(step["state"] == "current" for step in before) else "current"


def _complete(reply: Reply | None, today: date) -> int:
    return sum(not item_gaps(line, today) for line in reply.items) if reply else 0


def _first(reply: Reply | None, today: date) -> int:
    """Return the number of the first item that still lacks something, else of the first that can be changed."""
    lines = in_order(reply) if reply else []
    for line in lines:
        if item_gaps(line, today):
            return line.item.sequence
    return next((line.item.sequence for line in lines if not is_locked(line)), 1)
