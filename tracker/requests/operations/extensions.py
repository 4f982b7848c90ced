"""延期: asked before the due moment, agreed in the unit, recommended, decided; the first deadline is never lost."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.almanac.queries import calendar
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.clock import office_date
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.kit.plain_text import clean, one_line
from tracker.kit.words import N_
from tracker.notices.lifecycle import OWED
from tracker.notices.models import Assignment
from tracker.notices.operations.steps import TELL
from tracker.notices.policy import deadline_of
from tracker.org.policy import Permission, Work, can
from tracker.requests.lifecycle import RequestState
from tracker.requests.models import Extension
from tracker.requests.operations.steps import agree_for_unit, end, opine, step
from tracker.requests.policy import NAME, TEXT, extension_hindrance, new_day_concerns, new_day_problem
from tracker.requests.queries import leaders_of, pending_extension
from tracker.workdays.deadlines import Concern, Deadline, words_for

ANSWERED = N_(
    "%(unit)s has answered meanwhile, so its deadline stays as it is."
    " Should the reply be returned, this request waits for a decision again."
)
VOUCH = N_("Tick that the leader of your unit in charge agreed, and write the name.")


@dataclass(frozen=True)
class Wish:
    """What a contact asks for."""

    reason: str
    progress: str
    wanted_on: date | None
    vouched_name: str = ""
    """Name of the unit's leader who agreed, as the contact vouches; asked for where no leader has a login."""
    sure: bool = False
    """The contact has seen the concerns about the day and keeps it."""


class Doubtful(Invalid):
    """The day can be asked for, but should be thought over first; `concerns` say why."""

    def __init__(self, concerns: list[Concern]) -> None:
        super().__init__({"sure": N_("Look at the new day once more. If it is right, tick this and send again.")})
        self.concerns = concerns


def ask(work: Work, assignment: Assignment, wish: Wish) -> Extension:
    """Ask for an extension; the assignment's row must be held. It goes to the unit's leader, or to the office at once.

    :raises Missing: this person may not.  :raises Refused: nothing is owed, the deadline has passed, or one waits.
    :raises Invalid: a text is missing or too long, the day cannot be one, nobody vouches for the unit's leader.
    :raises Doubtful: the day is a day off or far away, and that was not confirmed.
    """
    if not can(work.actor, Permission.REQUEST_ASK, assignment):
        raise Missing
    hindrance = extension_hindrance(assignment, pending_extension(work.session, assignment), work.now)
    if hindrance is not None:
        raise Refused(hindrance.msgid, **hindrance.params)
    leaders = leaders_of(work, assignment.unit_id)
    wanted_on = _checked(work, assignment, wish, vouch=not leaders)
    row = Extension(
        assignment=assignment,
        state=RequestState.ASKED,
        asked_by=work.actor.person_id,
        asked_name=work.actor.name,
        asked_at=work.now,
        reason=clean(wish.reason),
        progress=clean(wish.progress),
        due_on=assignment.due_on,
        due_words=assignment.due_words,
        wanted_on=wanted_on,
    )
    if not leaders or work.actor.person_id in leaders:
        row.state = RequestState.WITH_OFFICE
        by = work.actor.person_id if leaders else None
        agree_for_unit(work, row, work.actor.name if leaders else one_line(wish.vouched_name), by)
    work.session.add(row)
    work.session.flush()
    work.wake(TELL, 0)
    _note(work, Word.EXTENSION_ASKED, row, reason=row.reason)
    if row.agreed_at is not None:
        _note(work, Word.EXTENSION_AGREED, row, leader=row.agreed_name)
    return row


def _checked(work: Work, assignment: Assignment, wish: Wish, *, vouch: bool) -> date:
    problems: dict[str, str] = {}
    for name, text in (("reason", clean(wish.reason)), ("progress", clean(wish.progress))):
        if not text:
            problems[name] = N_("Please fill this in.")
        elif len(text) > TEXT:
            problems[name] = N_("At most 1,000 characters.")
    if vouch and not one_line(wish.vouched_name):
        problems["vouched_name"] = VOUCH
    elif len(one_line(wish.vouched_name)) > NAME:
        problems["vouched_name"] = N_("A name has at most 60 characters.")
    if wish.wanted_on is None:
        problems["wanted_on"] = N_("Write the day until which the unit needs.")
    if problems or wish.wanted_on is None:
        raise Invalid(problems)
    return _sound_day(work, assignment, wish.wanted_on, "wanted_on", sure=wish.sure)


def _sound_day(work: Work, assignment: Assignment, on: date, name: str, *, sure: bool) -> date:
    problem = new_day_problem(assignment, on, work.now)
    if problem is not None:
        raise Invalid({name: problem.msgid}, **problem.params)
    concerns = new_day_concerns(assignment, on, calendar(work.session))
    if concerns and not sure:
        raise Doubtful(concerns)
    return on


def agree(work: Work, row: Extension, version: int | None = None) -> None:
    """Agree for the unit, as its leader: the request goes to the office.

    :raises Missing: this person may not.  :raises Stale: it changed since.  :raises NotInState: it does not wait here.
    """
    step(work, row, "agree", version)
    agree_for_unit(work, row, work.actor.name, work.actor.person_id)
    work.session.flush()
    _note(work, Word.EXTENSION_AGREED, row, leader=row.agreed_name)


def decline(work: Work, row: Extension, reason: str, version: int | None = None) -> None:
    """Do not agree, as the unit's leader: the request ends inside the unit, the deadline stays.

    :raises Invalid: no reason is given.  Others as `agree`.
    """
    answer = step(work, row, "decline", version, reason)
    end(work, row, "decline", answer)
    work.session.flush()
    _note(work, Word.EXTENSION_DECLINED, row, reason=answer)


def withdraw(work: Work, row: Extension, version: int | None = None) -> None:
    """Take the request back; another one can be asked for until the deadline. Raises as `agree`."""
    step(work, row, "withdraw", version)
    end(work, row, "withdraw", "")
    work.session.flush()
    _note(work, Word.EXTENSION_WITHDRAWN, row)


def recommend(
    work: Work, row: Extension, *, favour: bool, on: date | None, opinion: str, version: int | None = None
) -> None:
    """Give the clerk's opinion: for it (until which day), or against it.

    :raises Invalid: the day cannot be one, or an opinion against it gives no reason.  Others as `agree`.
    """
    _still_owed(row)
    if favour:
        on = _sound_day(work, row.assignment, on or row.wanted_on, "on", sure=True)
    elif not clean(opinion):
        raise Invalid({"opinion": N_("Say why the extension should not be granted.")})
    opinion = step(work, row, "recommend", version, opinion)
    opine(work, row, favour=favour, opinion=opinion)
    row.recommended_on = on if favour else None
    work.session.flush()
    # About the assignment, yet on no timeline: the unit does not read the office's inner opinion.
    record(work, Word.EXTENSION_RECOMMENDED, row.assignment, by=row.recommended_name, **_told(row), favour=favour)


def grant(work: Work, row: Extension, on: date | None, answer: str = "", version: int | None = None) -> None:
    """Grant an extension until `on`: the assignment's deadline moves, its first one stays beside it.

    The assignment's row must be held. Order of effects: the request's step, the original kept once, the new deadline.

    :raises Refused: the unit has answered meanwhile.  :raises Invalid: the day cannot be a deadline.
    Others as `agree`.
    """
    _still_owed(row)
    assignment = row.assignment
    on = _sound_day(work, assignment, on or row.recommended_on or row.wanted_on, "on", sure=True)
    answer = step(work, row, "grant", version, answer)
    end(work, row, "grant", answer)
    before = assignment.due_words
    if assignment.original_on is None:
        old = deadline_of(assignment)
        assignment.original_on, assignment.original_words, assignment.original_at = old.on, old.words, assignment.due_at
    words = words_for(on, assignment.due_time, office_date(assignment.issued_at))
    due = Deadline(on, assignment.due_time, words)
    assignment.due_on, assignment.due_words, assignment.due_at = due.on, due.words, due.ends_at
    row.granted_on, row.granted_words = on, words
    work.session.flush()
    _note(work, Word.EXTENSION_GRANTED, row, due=before, granted=words, reason=answer)


def refuse(work: Work, row: Extension, reason: str, version: int | None = None) -> None:
    """Refuse an extension with a reason that the unit reads; the deadline stays.

    :raises Invalid: no reason is given.  Others as `agree`.
    """
    answer = step(work, row, "refuse", version, reason)
    end(work, row, "refuse", answer)
    work.session.flush()
    _note(work, Word.EXTENSION_REFUSED, row, reason=answer)


def _still_owed(row: Extension) -> None:
    if row.assignment.state not in OWED:
        raise Refused(ANSWERED, unit=row.assignment.unit_name)


def _note(work: Work, word: Word, row: Extension, **detail: Any) -> None:
    by = row.ended_name or work.actor.name
    record(work, word, row, case=f"assignment:{row.assignment_id}", by=by, **(_told(row) | detail))


def _told(row: Extension) -> dict[str, Any]:
    assignment = row.assignment
    return {
        "unit": assignment.unit_name,
        "number": assignment.notice.number or "",
        "due": row.due_words,
        "wanted": row.wanted_on.isoformat(),
    }
