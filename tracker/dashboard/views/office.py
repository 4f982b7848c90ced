"""The lists of the office's people."""

from dataclasses import replace
from datetime import date

from flask import url_for
from flask_babel import gettext
from flask_babel import gettext as _

from tracker.almanac.queries import calendar as calendar_of
from tracker.almanac.queries import year_to_enter
from tracker.dashboard import queries
from tracker.dashboard.queries import MOST
from tracker.dashboard.views.parts import Entry, Section, entry_of, listed
from tracker.escalation.models import Proposal
from tracker.escalation.policy import STEP_NAMES, Quarter
from tracker.escalation.queries.proposals import waiting as proposals_waiting
from tracker.followup.queries.due import due_count, first_due
from tracker.kit.clock import office_date, office_time
from tracker.kit.host import host
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Batch, NoticeKind
from tracker.notices.queries import asked_by_day, spans
from tracker.notices.views.asking import asking_words
from tracker.org.policy import Permission, Work, can
from tracker.reminders.channels import address_columns
from tracker.requests.queries import waiting_for
from tracker.requests.queries.handovers import changes_to_carry_out


def calendar(work: Work) -> Section:
    """Return the reminder that next year's list is missing, from December until it is in."""
    year = year_to_enter(work.today, calendar_of(work.session))
    row = Entry(
        what=_("The working calendar of %(year)s is not entered yet", year=year),
        url=url_for("almanac.enter_list", year=year),
        line=_("Deadlines in %(year)s are counted provisionally until the State Council's list is in.", year=year),
        action=_("Enter the list of %(year)s", year=year),
    )
    phrase = _("the calendar of %(year)s to enter", year=year)
    return Section(_("Working calendar"), "1", [row] if year else [], phrase=phrase, count=1 if year else 0)


def batches(work: Work, title: str, batches: list[Batch], action: str, phrase: str) -> Section:
    """Return batches that wait for this person, under a title, each with the same next act."""
    asked = asked_by_day(work.session, [n.id for b in batches for n in b.notices if n.kind is NoticeKind.BULLETIN])
    rows = [
        Entry(
            what=batch.title,
            url=url_for("notices.batch", batch_id=batch.id),
            line=_line(work, batch, asked),
            when=batch.due_words,
            action=action,
        )
        for batch in batches
    ]
    return Section(title, str(len(batches)), rows, phrase=phrase % {"n": len(batches)}, count=len(batches))


def _line(work: Work, batch: Batch, asked: dict[int, dict[date | None, list[str]]]) -> str:
    """Return why a batch was sent back, or for whom it is."""
    returned = next((n.reason for n in batch.notices if n.state is NoticeState.RETURNED), "")
    if returned:
        return str(_("Sent back: %(reason)s", reason=returned[:60]))
    bulletin = next((n for n in batch.notices if n.id in asked), None)
    if bulletin:
        return asking_words(asked[bulletin.id], batch.due_words, work.today)
    names = "、".join(notice.unit.name for notice in batch.notices[:6])
    return str(_("%(n)s units: %(names)s", n=len(batch.notices), names=names))


def to_review(work: Work) -> Section:
    """Return the replies that wait for a decision, oldest deadline first."""
    found = queries.to_review(work)
    return listed(
        work,
        found,
        _("Replies to review"),
        url=url_for("replies.queue"),
        phrase=_("%(n)s replies to review"),
        endpoint="replies.review",
        action=_("Review"),
    )


def requests(work: Work) -> Section:
    """Return the extensions and disputes whose next step is this person's, oldest deadline first."""
    extensions, disputes = waiting_for(work, MOST + 1)
    found = [(row.assignment, "requests.extension", _("Extension")) for row in extensions]
    found += [(row, "requests.disputes", _("Dispute")) for row in disputes]
    found.sort(key=lambda each: (each[0].due_at, each[0].id))
    days, count = calendar_of(work.session), len(found)
    rows = [
        replace(entry_of(work, row, days, endpoint, _("Look at it"), unit=True), line=what)
        for row, endpoint, what in found[: queries.ROWS]
    ]
    figure = f"{MOST}+" if count > MOST else str(count)
    url = url_for("requests.queue") if work.actor.is_office else ""
    return Section(
        _("Requests of units"), figure, rows, url, phrase=_("%(n)s requests of units", n=figure), count=count
    )


def contact_changes(work: Work) -> Section:
    """Return the changes of contact whose day has come, for who moves the role: names only."""
    found = changes_to_carry_out(work) if can(work.actor, Permission.ROLES_GRANT) else []
    ready = [row for row in found if row.from_on <= work.today]
    url = url_for("requests.changes_waiting")
    rows = [
        Entry(
            what=row.unit.name,
            url=url,
            line=_("%(former)s hands over to %(new)s", former=row.former.name, new=row.successor),
            when=f"{row.from_on:%Y-%m-%d}",
            action=_("Carry out"),
        )
        for row in ready[: queries.ROWS]
    ]
    phrase = _("%(n)s changes of contact to carry out", n=len(ready))
    return Section(_("Change of contact"), str(len(ready)), rows, url, phrase=phrase, count=len(ready))


def on_paper(work: Work) -> list[Section]:
    """Return what came on paper and waits for the office."""
    return [_stacks(work), _to_register(work)] if can(work.actor, Permission.REPLY_REGISTER) else []


def _stacks(work: Work) -> Section:
    found = queries.stacks_to_file(work)
    rows = [
        Entry(
            what=stack.file.name,
            url=url_for("replies.stack", token=stack.token),
            line=_("%(all)s pages, none filed yet", all=stack.file.pages),
            when=f"{office_time(stack.made_at):%m-%d %H:%M}",
            action=_("File its pages"),
        )
        for stack in found.rows
    ]
    phrase = _("%(n)s stacks to file", n=found.figure)
    return Section(_("Stacks to file"), found.figure, rows, url_for("replies.stacks"), phrase=phrase, count=found.count)


def _to_register(work: Work) -> Section:
    return listed(
        work,
        queries.to_register(work),
        _("Paper replies to complete"),
        url=url_for("replies.assignments"),
        phrase=_("%(n)s paper replies to complete"),
        endpoint="replies.registering",
        action=_("Complete"),
    )


def overdue(work: Work) -> Section:
    """Return what is past its deadline without an answer."""
    phrase = _("%(n)s overdue") if can(work.actor, Permission.NOTICE_DRAFT) else ""
    return listed(
        work, queries.overdue(work), _("Overdue"), url=url_for("replies.assignments"), phrase=phrase, late=True
    )


def unacknowledged(work: Work) -> Section:
    """Return the notices whose receipt nobody acknowledged yet."""
    return listed(
        work,
        queries.unacknowledged(work),
        _("Not acknowledged yet"),
        url=url_for("replies.assignments", state="issued"),
    )


def findings(work: Work) -> Section:
    """Return the findings that no notice holds yet."""
    found = queries.findings_to_pick(work)
    rows = [
        Entry(
            what=f"{row.unit.name}　{row.subject.name if row.subject else ''}",
            url=url_for("inspections.finding", finding_id=row.id),
            line=row.description[:60],
            when=str(row.found_on),
        )
        for row in found.rows
    ]
    url = url_for("inspections.findings")
    return Section(
        _("Findings without a notice"),
        found.figure,
        rows,
        url,
        phrase=_("%(n)s findings to put on notices", n=found.figure),
        count=found.count,
    )


def to_look_at_again(work: Work) -> Section:
    """Return the closed problems that are due to be looked at again (回头看), the longest closed first."""
    count = due_count(work)
    rows = [
        Entry(
            what=f"{due.finding.unit.name}　{due.finding.subject.name if due.finding.subject else ''}",
            url=url_for("followup.look", finding_id=due.finding.id),
            line=due.finding.description[:60],
            when=str(due.due_on),
            action=_("Note what was seen"),
        )
        for due in (first_due(work, queries.ROWS) if count else [])
    ]
    figure = f"{MOST}+" if count > MOST else str(count)
    phrase = _("%(n)s closed problems to look at again", n=figure)
    return Section(_("To look at again"), figure, rows, url_for("followup.due"), phrase=phrase, count=count)


def proposals(work: Work) -> Section:
    """Return what the system proposes against overdue answers, as this morning stored it and as it still stands."""
    count, found = proposals_waiting(work, MOST) if can(work.actor, Permission.ESCALATION_DECIDE) else (0, [])
    rows = [
        Entry(
            what=f"{proposal.unit.name}　{gettext(STEP_NAMES[proposal.step])}",
            url=url_for("escalation.proposal", key=proposal.key),
            line=_about(proposal),
            action=_("Facts and decision"),
        )
        for proposal in found
    ]
    figure = f"{MOST}+" if count > MOST else str(count)
    phrase = _("%(n)s escalation proposals", n=figure)
    return Section(_("Escalation"), figure, rows, url_for("escalation.proposals"), phrase=phrase, count=count)


def _about(proposal: Proposal) -> str:
    if proposal.assignment is None:
        return Quarter.parse(proposal.quarter).words
    return f"{proposal.assignment.notice.number} {proposal.assignment.due_words}"


def unreached(work: Work) -> Section:
    """Return the contacts whom no channel reaches; in a house without any channel one line says so of everybody."""
    columns = address_columns(host().settings)
    if columns is not None and not columns:
        return _unreachable()
    found = queries.unreached(work, columns)
    rows = [
        Entry(
            what=f"{person.unit.name}　{person.name}",
            url=url_for("reminders.roster", unit=person.unit_id, late="all"),
            line=_("Telephone: %(phone)s", phone=person.phone or "—"),
            action=_("Telephone them"),
        )
        for person in found.rows
    ]
    return Section(
        _("Contacts whom nothing reaches"),
        found.figure,
        rows,
        url_for("reminders.unreached"),
        phrase=_("%(n)s contacts whom nothing reaches", n=found.figure),
        count=found.count,
    )


def _unreachable() -> Section:
    row = Entry(
        what=_("No way of telling anybody is set up"),
        url=url_for("reminders.roster"),
        line=_("Units learn of their matters only when they sign in. Print the roster and telephone them."),
        action=_("Open the roster"),
    )
    return Section(_("Contacts whom nothing reaches"), "", [row], url_for("reminders.unreached"))


def failed(work: Work) -> Section:
    """Return the papers that could not be printed, with the reason."""
    papers = queries.failed_papers(work)
    rows = [
        Entry(
            what=_("Paper of notice %(id)s", id=paper.content.get("number") or paper.owner_id),
            url=url_for("notices.notice", notice_id=paper.owner_id),
            line=gettext(paper.trouble, **paper.trouble_params),
            when=str(office_date(paper.ordered_at)),
            action=_("Look at it"),
        )
        for paper in papers
    ]
    return Section(
        _("Papers that could not be printed"),
        str(len(rows)),
        rows,
        late=True,
        phrase=_("%(n)s papers not printed", n=len(rows)),
        count=len(rows),
    )


def latest(work: Work) -> Section:
    """Return the newest batches, whatever their state."""
    batches = queries.latest_batches(work)
    told = spans(work.session, [batch.id for batch in batches])
    rows = [
        Entry(
            what=batch.title,
            url=url_for("notices.batch", batch_id=batch.id),
            line=" · ".join(each for each in (told[batch.id].numbers, batch.drafter.name) if each),
            when=batch.due_words,
        )
        for batch in batches
    ]
    return Section(_("Latest batches"), str(len(rows)), rows, url_for("notices.batches"))
