"""转办: items handed down to a unit below, answered there, taken over above; the upper unit answers to the office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.operations import Source, keep
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.kit.plain_text import clean, one_line
from tracker.kit.words import N_
from tracker.notices.lifecycle import OWED
from tracker.notices.models import Assignment, Item
from tracker.notices.operations.steps import TELL
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work, can
from tracker.requests.lifecycle import TRANSFER, TransferState
from tracker.requests.models import Outcome, Transfer, TransferFile, TransferLine
from tracker.requests.policy import NAME, TEXT, line_gaps
from tracker.requests.queries.transfers import transfers_of, units_below
from tracker.workdays.deadlines import Deadline, words_for

MEASURE, MOST_FILES = 2000, 20
NOT_OWED = N_("No answer is owed to the office at the moment, so nothing can be handed down.")
ANSWERED = N_("The unit above has answered the office already: nothing more is needed of this.")
CHANGED = N_("Somebody else has changed this since you opened it. Nothing of yours was stored: look again.")
TAKEN_ALREADY = N_("Item %(n)s is handed down already. Withdraw that first.")
TOO_MANY = N_("One item holds at most %(n)s files. Take some away, or put several pages into one PDF.")
NEEDS_REASON = N_("Write the reason: the unit below sees this sentence.")
NO_LINE = N_("Choose at least one item to take over.")


@dataclass(frozen=True)
class Order:
    """What a unit hands down: to whom, which items (by their numbers), until when, and a word with it."""

    unit_id: int | None
    numbers: Sequence[int]
    due_on: date | None
    note: str = ""


class Incomplete(Refused):
    """The part cannot be handed in yet; `gaps` say why."""

    status = 422

    def __init__(self, transfer: Transfer, today: date) -> None:
        super().__init__(N_("Not everything is filled in yet; nothing was handed in."))
        self.gaps = [gap for line in in_order(transfer) for gap in line_gaps(line, today)]


def in_order(transfer: Transfer) -> list[TransferLine]:
    """Return the lines in the order of the notice."""
    return sorted(transfer.lines, key=lambda line: line.item.sequence)


def hand_down(work: Work, assignment: Assignment, order: Order) -> Transfer:
    """Hand items down to a unit below; the assignment's row must be held. The upper unit stays answerable.

    :raises Missing: this person may not.  :raises Refused: no answer is owed now.
    :raises Invalid: no such unit below, no item, an item that is handed down already, or an unfit day.
    """
    if not can(work.actor, Permission.TRANSFER_MAKE, assignment):
        raise Missing
    if assignment.state not in OWED:
        raise Refused(NOT_OWED)
    unit, items, due = _checked(work, assignment, order)
    row = Transfer(
        assignment=assignment,
        unit=unit,
        due_on=due.on,
        due_at=due.ends_at,
        note=clean(order.note),
        made_by=work.actor.person_id,
        made_name=work.actor.name,
        made_at=work.now,
        lines=[TransferLine(item=item) for item in items],
    )
    work.session.add(row)
    work.session.flush()
    _note(work, Word.TRANSFERRED, row, due=due.words)
    return row


def _checked(work: Work, assignment: Assignment, order: Order) -> tuple[Unit, list[Item], Deadline]:
    below = {unit.id: unit for unit in units_below(work)}
    open_rows = [row for row in transfers_of(work, assignment) if row.ended_at is None]
    handed = {line.item_id for row in open_rows for line in row.lines}
    items = [each for each in assignment.items if each.sequence in set(order.numbers) and not each.withdrawn_at]
    problems: dict[str, str] = {}
    if order.unit_id not in below:
        problems["unit"] = N_("Choose one of the units directly below yours.")
    elif any(row.unit_id == order.unit_id for row in open_rows):
        problems["unit"] = N_("This unit has a part of this notice already. Withdraw that first.")
    if not items:
        problems["items"] = N_("Choose at least one item.")
    if len(clean(order.note)) > TEXT:
        problems["note"] = N_("At most 1,000 characters.")
    if order.due_on is None or not work.today <= order.due_on <= assignment.due_on:
        problems["due_on"] = N_("Choose a day from today until the deadline of your own reply, %(due)s.")
    if problems or order.due_on is None or order.unit_id is None:
        raise Invalid(problems, due=assignment.due_words)
    twice = next((each for each in items if each.id in handed), None)
    if twice is not None:
        raise Invalid({"items": TAKEN_ALREADY}, n=twice.sequence)
    at = assignment.due_time if order.due_on == assignment.due_on else None
    return below[order.unit_id], items, Deadline(order.due_on, at, words_for(order.due_on, at, work.today))


@dataclass(frozen=True)
class Text:
    """What the unit below writes of one item."""

    outcome: Outcome | None
    measure: str
    finished_on: date | None
    responsible: str
    files: Sequence[tuple[Source, str]] = ()
    dropped: frozenset[int] = field(default_factory=frozenset)
    """Ids of files to take off."""


def write_line(work: Work, transfer: Transfer, n: int, text: Text, version: int | None = None) -> TransferLine:
    """Store what was written of one item, complete or not; files are kept first.

    :raises Missing: this person may not, or no such item.  :raises Refused: nothing is owed, or a file is refused.
    :raises Invalid: a text is too long.  :raises Stale: the line was changed since.
    """
    line = line_of(transfer, n)
    _require_writable(work, transfer)
    if version is not None and version != line.version:
        raise Stale(CHANGED)
    measure, responsible = clean(text.measure), one_line(text.responsible)
    problems: dict[str, str] = {}
    if len(measure) > MEASURE:
        problems["measure"] = N_("At most 2,000 characters fit on the reply sheet. Put the rest into an evidence file.")
    if len(responsible) > NAME:
        problems["responsible"] = N_("A name has at most 60 characters.")
    if len(line.files) + len(text.files) > MOST_FILES:
        problems["evidence"] = N_(
            "One item holds at most %(n)s files. Take some away, or put several pages into one PDF."
        )
    if problems:
        raise Invalid(problems, n=MOST_FILES)
    line.outcome, line.measure = text.outcome, measure
    line.finished_on, line.responsible = text.finished_on, responsible
    for each in [each for each in line.files if each.id in text.dropped]:
        line.files.remove(each)
        work.session.delete(each)
    for source, name in text.files:
        stored = keep(work, source, name)
        line.files.append(TransferFile(file=stored))
        record(work, Word.FILE_KEPT, stored, name=stored.name, sha256=stored.sha256)
    work.session.flush()
    return line


def line_of(transfer: Transfer, n: int) -> TransferLine:
    """Return the line of the item with that number.

    :raises Missing: it was not handed down here.
    """
    for line in transfer.lines:
        if line.item.sequence == n:
            return line
    raise Missing(f"item {n}")


def _require_writable(work: Work, transfer: Transfer) -> None:
    if not can(work.actor, Permission.TRANSFER_ANSWER, transfer):
        raise Missing
    TRANSFER.step("answer", transfer.state)
    if transfer.assignment.state not in OWED:
        raise Refused(ANSWERED)


def answer(work: Work, transfer: Transfer, version: int | None = None) -> None:
    """Hand the part in to the unit above.

    :raises Incomplete: something is missing.  Others as `write_line`.
    """
    _require_writable(work, transfer)
    if any(line_gaps(line, work.today) for line in transfer.lines):
        raise Incomplete(transfer, work.today)
    _step(work, transfer, "answer", version)
    transfer.answered_name, transfer.answered_at = work.actor.name, work.now
    work.session.flush()
    _note(work, Word.TRANSFER_ANSWERED, transfer)


def send_back(work: Work, transfer: Transfer, reason: str, version: int | None = None) -> None:
    """Return the part to the unit below with a reason.

    :raises Missing: this person may not.  :raises NotInState: nothing was handed in.
    :raises Stale: it was changed since.  :raises Invalid: the reason is missing or too long.
    """
    transfer.reason = _step(work, transfer, "return", version, reason)
    work.session.flush()
    _note(work, Word.TRANSFER_RETURNED, transfer, reason=transfer.reason)


def withdraw(work: Work, transfer: Transfer, reason: str, version: int | None = None) -> None:
    """Withdraw what was handed down; the unit below still sees that and why. Raises as `send_back`."""
    transfer.reason = _step(work, transfer, "withdraw", version, reason)
    transfer.ended_at = work.now
    work.session.flush()
    _note(work, Word.TRANSFER_WITHDRAWN, transfer, reason=transfer.reason)


def taken_over(work: Work, transfer: Transfer, numbers: Sequence[int], version: int | None = None) -> None:
    """Note whose texts went into the upper unit's reply; the room of replies has written them there.

    :raises Invalid: no item was chosen.  Others as `send_back`.
    """
    lines = [line for line in transfer.lines if line.item.sequence in set(numbers)]
    if not lines:
        raise Invalid({"lines": NO_LINE})
    _step(work, transfer, "take_over", version)
    transfer.ended_at = work.now
    for line in lines:
        line.taken_at = work.now
    work.session.flush()
    _note(work, Word.TRANSFER_TAKEN, transfer, items="、".join(str(line.item.sequence) for line in lines))


def _step(work: Work, transfer: Transfer, name: str, version: int | None, reason: str = "") -> str:
    transition = TRANSFER[name]
    if not can(work.actor, transition.permission, transfer):
        raise Missing
    if version is not None and version != transfer.version:
        raise Stale(CHANGED)
    TRANSFER.step(name, transfer.state)
    reason = clean(reason)
    if "reason" in transition.requires and not reason:
        raise Invalid({"reason": NEEDS_REASON})
    if len(reason) > TEXT:
        raise Invalid({"reason": N_("A reason has at most 1,000 characters.")})
    transfer.state = TransferState(transition.target)
    return reason


def _note(work: Work, word: Word, transfer: Transfer, **detail: str) -> None:
    told: Mapping[str, object] = {
        "unit": transfer.unit.name,
        "unit_id": transfer.unit_id,
        "transfer": transfer.token,
        "number": transfer.assignment.notice.number or "",
        "items": "、".join(str(line.item.sequence) for line in in_order(transfer)),
    }
    work.wake(TELL, 0)
    # What passes between the two units stays between them; the office sees what was handed down and what came of it.
    inner = word in (Word.TRANSFER_ANSWERED, Word.TRANSFER_RETURNED)
    case = None if inner else f"assignment:{transfer.assignment_id}"
    record(work, word, transfer.assignment, case=case, by="", **{**told, **detail})
