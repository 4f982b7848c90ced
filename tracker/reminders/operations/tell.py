"""Telling people what the record says has happened."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tracker.almanac.queries import calendar
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.kit.clock import office_date
from tracker.notices.models import Assignment, Batch, Notice
from tracker.org.models import Person, Role
from tracker.org.policy import Work
from tracker.reminders.models import Cursor
from tracker.reminders.operations.everybody import to_everybody
from tracker.reminders.operations.write import Saying, insert_new, write
from tracker.reminders.policy.telling import (
    ALSO_TOLD,
    BATCH_PATH,
    BUT_FOR_THE_ACTOR,
    OFFICE,
    PAGE,
    PER_BATCH,
    READER,
    TOLD,
    WANTED,
    Audience,
    Telling,
)
from tracker.reminders.queries import holders, people_by_unit
from tracker.replies.models import Reply
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import brief, explain

ById = dict[int, Assignment]
ByNotice = dict[int, list[Assignment]]
NAMES = ("person", "former", "unit", "from_on", "title", "until")
"""Details of an event that the texts for people it names may hold."""
CASE = re.compile(r"(assignment|batch):(\d+)")


@dataclass(frozen=True)
class Progress:
    """How many messages were written, and whether the record has more to read."""

    written: int
    more: bool


def tell(work: Work, size: int = PAGE) -> Progress:
    """Read on in the record and write what it has to tell, at most `size` telling events at once.

    Order of effects: lock the cursor (a second reader waits here), read the events after it in the order of commits,
    write messages, move the cursor. All in one transaction: an event is told exactly once.
    """
    cursor = _locked_cursor(work.session)
    # Asked first: an event that is committed while we read belongs to the next round.
    newest = work.session.scalar(select(func.max(Event.id))) or 0
    query = select(Event).where(Event.id > cursor.last_event, Event.id <= newest, Event.word.in_(list(TOLD)))
    events = list(work.session.scalars(query.order_by(Event.id).limit(size)))
    more = len(events) == size
    told = write(work, _sayings(work, events))
    cursor.last_event = events[-1].id if more else newest
    work.session.flush()
    return Progress(sum(map(len, told.values())), more)


def _locked_cursor(session: Session) -> Cursor:
    query = select(Cursor).where(Cursor.name == READER).with_for_update().execution_options(populate_existing=True)
    session.execute(insert_new(session, Cursor).values(name=READER, last_event=0))
    return session.scalars(query).one()


def _sayings(work: Work, events: list[Event]) -> list[Saying]:
    on_people = [event for event in events if TOLD[event.word].audience is Audience.NAMED]
    to_all = [event for event in events if TOLD[event.word].audience is Audience.EVERYBODY]
    events = [event for event in events if event not in on_people and event not in to_all]
    on_assignments = [event for event in events if TOLD[event.word].audience not in PER_BATCH]
    on_batches = [event for event in events if TOLD[event.word].audience in PER_BATCH]
    told = _to_units_and_reviewers(work, on_assignments) + _to_drafters_and_directors(work, on_batches)
    return told + _to_the_named(work, on_people) + to_everybody(work, to_all)


def _to_the_named(work: Work, events: list[Event]) -> list[Saying]:
    """Return what is said to people whom an event names by their ids, each with the address that is theirs."""
    ids = {int(id_) for event in events for id_ in event.detail.get("people", {})}
    query = select(Person).where(Person.id.in_(ids), Person.active.is_(True))
    people = {person.id: person for person in work.session.scalars(query)} if ids else {}
    return [
        Saying(
            cause=f"event:{event.id}",
            kind=TOLD[event.word].kind,
            people=[people[int(id_)]],
            link=link,
            context={key: event.detail.get(key, "") for key in NAMES},
        )
        for event in events
        for id_, link in event.detail.get("people", {}).items()
        if int(id_) in people
    ]


def _to_units_and_reviewers(work: Work, events: list[Event]) -> list[Saying]:
    cases = _assignments(work.session, events)
    units = {assignment.unit_id for found in cases.values() for assignment in found}
    units |= {unit_id for event in events if (unit_id := below(event))}
    people = people_by_unit(work.session, units, (Role.CONTACT, Role.LEADER)) if units else {}
    asked = {telling.audience for event in events for telling in _tellings(event)}
    office = {who: holders(work.session, role, work.today) for who, role in OFFICE.items() if who in asked}
    days = calendar(work.session) if any(event.word == Word.NOTICE_DELIVERED for event in events) else None
    return [
        Saying(
            cause=f"event:{event.id}:{assignment.id}",
            kind=telling.kind,
            people=_audience(
                telling.audience, people.get(below(event) or assignment.unit_id, {}), office, event.actor_id
            ),
            link=telling.path.format(token=assignment.token, transfer=event.detail.get("transfer", "")),
            context={
                "number": assignment.notice.number or "",
                "unit": assignment.unit_name,
                "due": (assignment.due_on, assignment.due_time),
                "by": event.actor_name,
                "receipt": event.detail.get("receipt", ""),
                "called": event.detail.get("kind", ""),
                **{key: event.detail.get(key, "") for key in ("letter", "corrected")},
                **(counting(assignment, days) if days and event.word == Word.NOTICE_DELIVERED else {}),
            },
            assignment_id=assignment.id,
        )
        for event in events
        for assignment in cases[event.id]
        for telling in _tellings(event)
    ]


def below(event: Event) -> int | None:
    """Return the id of the unit below that an event is told to; None for the unit of its assignment."""
    told = TOLD[event.word].audience is Audience.BELOW
    return int(event.detail.get("unit_id") or 0) or None if told else None


def counting(assignment: Assignment, days: Calendar) -> dict[str, Any]:
    """Return how the deadline is counted, in short, and until when receipt is to be acknowledged."""
    rows = explain(office_date(assignment.issued_at), assignment.due_on, days)
    return {"counted": brief(rows) if rows else None, "receipt_due": assignment.receipt_words}


def _tellings(event: Event) -> list[Telling]:
    also = ALSO_TOLD.get(event.word)
    return [TOLD[event.word], *([also] if also else [])]


def _audience(
    audience: Audience, unit: dict[Person, set[Role]], office: dict[Audience, list[Person]], actor: int | None
) -> list[Person]:
    if audience in OFFICE:
        return office.get(audience, [])
    wanted = WANTED.get(audience, {Role.CONTACT, Role.LEADER})
    told = [person for person, roles in unit.items() if roles & wanted]
    return [person for person in told if audience not in BUT_FOR_THE_ACTOR or person.id != actor]


def _assignments(session: Session, events: list[Event]) -> dict[int, list[Assignment]]:
    """Return the assignments each event is about, in three queries however many events there are."""
    reply_ids = [event.subject_id for event in events if event.subject_type == "reply"]
    of_reply: dict[int | None, int] = {}
    if reply_ids:
        replies = session.execute(select(Reply.id, Reply.assignment_id).where(Reply.id.in_(reply_ids)))
        of_reply = {row.id: row.assignment_id for row in replies}
    named = {event.id: of_reply.get(event.subject_id) or _named(event, "assignment") for event in events}
    notice_ids = {event.subject_id for event in events if event.subject_type == "notice" and not named[event.id]}
    by_id, by_notice = _loaded(session, set(filter(None, named.values())), set(filter(None, notice_ids)))
    return {event.id: _about(event, named[event.id], by_id, by_notice) for event in events}


def _loaded(session: Session, ids: set[int], notice_ids: set[int]) -> tuple[ById, ByNotice]:
    query = select(Assignment).options(joinedload(Assignment.notice)).order_by(Assignment.id)
    query = query.where(Assignment.id.in_(ids) | Assignment.notice_id.in_(notice_ids))
    by_id: ById = {}
    by_notice: ByNotice = {}
    for assignment in session.scalars(query) if ids or notice_ids else ():
        by_id[assignment.id] = assignment
        by_notice.setdefault(assignment.notice_id, []).append(assignment)
    return by_id, by_notice


def _about(event: Event, named: int | None, by_id: ById, by_notice: ByNotice) -> list[Assignment]:
    if named is not None:
        return [by_id[named]] if named in by_id else []
    return by_notice.get(event.subject_id or 0, []) if event.subject_type == "notice" else []


def _named(event: Event, kind: str) -> int | None:
    """Return the id of the assignment or batch that an event is about, by its subject or by its case."""
    if event.subject_type == kind:
        return event.subject_id
    found = CASE.fullmatch(event.case or "")
    return int(found[2]) if found and found[1] == kind else None


def _to_drafters_and_directors(work: Work, events: list[Event]) -> list[Saying]:
    batches = _batches(work.session, events)
    directors = holders(work.session, Role.DIRECTOR, work.today) if events else []
    sayings: dict[str, Saying] = {}
    for event in events:
        batch, telling = batches.get(event.id), TOLD[event.word]
        if batch is not None:
            # All events of one act carry one moment: thirty notices of a batch make one message.
            cause = f"{telling.kind}:{batch.id}:{event.at.timestamp():.6f}"
            people = _office(telling.audience, batch, directors)
            sayings[cause] = Saying(cause, telling.kind, people, link=BATCH_PATH.format(id=batch.id))
    return list(sayings.values())


def _office(audience: Audience, batch: Batch, directors: list[Person]) -> list[Person]:
    if audience is Audience.DRAFTER:
        return [batch.drafter] if batch.drafter.active else []
    return [person for person in directors if person.id != batch.drafted_by]  # nobody signs off their own draft


def _batches(session: Session, events: list[Event]) -> dict[int, Batch]:
    notice_ids = [event.subject_id for event in events if event.subject_type == "notice"]
    of_notice: dict[int | None, int] = {}
    if notice_ids:
        notices = session.execute(select(Notice.id, Notice.batch_id).where(Notice.id.in_(notice_ids)))
        of_notice = {row.id: row.batch_id for row in notices}
    named = {event.id: of_notice.get(event.subject_id) or _named(event, "batch") for event in events}
    query = select(Batch).options(joinedload(Batch.drafter)).where(Batch.id.in_(filter(None, named.values())))
    found = {batch.id: batch for batch in session.scalars(query)} if events else {}
    return {event_id: found[batch_id] for event_id, batch_id in named.items() if batch_id in found}
