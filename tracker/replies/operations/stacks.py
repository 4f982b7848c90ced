"""扫描件归档: one scan of many units' papers is taken in, and its pages are filed to their assignments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.operations import Received, Source, enter, keep
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.kit.plain_text import one_line
from tracker.kit.words import N_
from tracker.notices.models import Assignment
from tracker.notices.queries import assignment_by_token, locked_assignment
from tracker.org.policy import Permission, Work, can
from tracker.replies.models import Reply, Stack, StackPart
from tracker.replies.operations.filing import listed
from tracker.replies.operations.readings import order_reading
from tracker.replies.operations.registering import Arrival, check_arrival, hold, register
from tracker.replies.operations.submission import content_digest
from tracker.replies.operations.survey import Group, Survey
from tracker.replies.policy import gaps

EVER = datetime.min.replace(tzinfo=UTC)
MOST = 60
"""Pages of one stack."""
TOO_LONG = N_("This scan has %(n)s pages; at most %(most)s can be filed at once. Scan the stack in parts.")
ONLY_PDF = N_("A stack is one PDF with all its pages. Scan it as PDF and upload that file.")
NOT_THERE = N_("Page %(n)s carries the code of another assignment, so it can be filed there only.")
CHANGED = N_("Something about %(unit)s changed since this page was opened. Nothing was filed: look again, then file.")
TOO_EARLY = N_(
    "%(unit)s: at the moment of arrival that you gave, its notice was not issued yet, or the round before was not"
    " decided. Nothing was filed: correct the moment, or leave this unit out."
)


@dataclass(frozen=True)
class Part:
    """What is filed to one assignment: pages of the stack in their order, and the file made of them."""

    token: str
    pages: tuple[int, ...]
    received: Received
    agreed: str = ""
    """What stood in the system (`as_it_stands`) when that was what the printed sheet says, so that its signature
    covers it; empty where it was something else."""


def take_in(work: Work, source: Source, name: str, arrival: Arrival) -> Stack:
    """Keep the scan of a stack as it came, and have its pages read.

    :raises Refused: it may not come in, is no PDF, or has too many pages.  :raises Missing: this person may not.
    :raises Invalid: who brought it, which way or when is missing.
    """
    if not can(work.actor, Permission.REPLY_REGISTER):
        raise Missing
    stack = Stack()
    _told(work, stack, arrival)
    stored = keep(work, source, name)
    if stored.kind != "pdf":
        raise Refused(ONLY_PDF)
    if stored.pages > MOST:
        raise Refused(TOO_LONG, n=stored.pages, most=MOST)
    person = work.actor.person_id
    if person is None:
        raise Missing
    stack.file, stack.made_by, stack.made_at = stored, person, work.now
    stack.made_name = work.actor.signature(Permission.REPLY_REGISTER)
    work.session.add(stack)
    work.session.flush()
    order_reading(work, stored)
    record(work, Word.STACK_TAKEN_IN, stack, name=stored.name, pages=stored.pages, sha256=stored.sha256)
    return stack


def chosen_pages(found: Survey, ticked: Sequence[str], by_hand: Mapping[int, str]) -> dict[str, tuple[int, ...]]:
    """Return which pages go to which assignment: a sheet's own in their order, then those given to it by hand.

    :raises Refused: a page with another case's code is given away.
    """
    loose = {each.n: each for each in found.loose}
    for n, token in by_hand.items():
        if n not in loose or loose[n].kind == "mixed":
            raise Refused(NOT_THERE, n=n)
        belongs = loose[n].belongs
        if belongs is not None and belongs.token != token:
            raise Refused(NOT_THERE, n=n)
    pages: dict[str, tuple[int, ...]] = {}
    for token in dict.fromkeys([*ticked, *by_hand.values()]):
        group = found.group(token)
        own = tuple(place.n for place in group.filed.own) if group and group.part is None else ()
        pages[token] = own + tuple(sorted(n for n, chosen in by_hand.items() if chosen == token))
    return {token: numbers for token, numbers in pages.items() if numbers}


def file_parts(work: Work, stack: Stack, parts: Sequence[Part], arrival: Arrival) -> list[StackPart]:
    """File pages to their assignments, each as its unit's paper reply; everything, or nothing.

    Order of effects, by assignment: row locked, round held, its file attached as the scan and to be read, the reply
    registered where the items are complete and as printed (otherwise it waits for a person), the part, the record.

    :raises Refused: a page was filed before, or a unit's state has changed.  :raises Missing: this person may not.
    :raises Invalid: who brought it, which way or when is missing.
    """
    _told(work, stack, arrival)
    taken = {n for part in stack.parts for n in part.pages}
    filed = []
    for part in sorted(parts, key=lambda each: each.token):  # one order for everybody: no two wait for each other
        locked_assignment(work, part.token)
        assignment = assignment_by_token(work, part.token)
        if taken & set(part.pages) or any(each.assignment_id == assignment.id for each in stack.parts):
            raise Refused(CHANGED, unit=assignment.unit_name)
        taken |= set(part.pages)
        filed.append(_file(work, stack, assignment, part, arrival))
    work.session.flush()
    return filed


def _file(work: Work, stack: Stack, assignment: Assignment, part: Part, arrival: Arrival) -> StackPart:
    stored = enter(work, part.received)
    try:
        reply = hold(work, assignment, arrival, stored)
    except Invalid as error:
        raise Refused(TOO_EARLY, unit=assignment.unit_name) from error
    if part.agreed == as_it_stands(reply) and not gaps(reply, work.today):
        register(work, assignment)
    row = StackPart(
        stack=stack,
        assignment_id=assignment.id,
        reply=reply,
        file=stored,
        pages=list(part.pages),
        filed_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    record(
        work,
        Word.STACK_FILED,
        stack,
        case=f"assignment:{assignment.id}",
        name=stack.file.name,
        pages=listed(part.pages),
        sha256=stack.file.sha256,
        part=stored.name,
    )
    return row


def as_it_stands(reply: Reply) -> str:
    """Return a text that differs whenever the round, or what its items say, is another."""
    return f"{reply.round}-{content_digest(reply)}"


def waits_for(work: Work, group: Group, *, as_printed: bool) -> str | None:
    """Return what filing this group's pages would leave to be done (msgid), or None: it would be registered at once."""
    if group.reply is None:
        return N_("The unit has filled in nothing; after filing, its items wait to be entered.")
    if any(gap.sequence is not None for gap in gaps(group.reply, work.today)):
        return N_("Items are not complete; after filing, they wait to be completed.")
    if not as_printed:
        return N_("What is filled in differs from the printed sheet; after filing, compare it with the paper.")
    return None


def is_waiting(reply: Reply) -> bool:
    """Tell whether a filed round has its sealed paper, but still waits for its items (已收到盖章件，待补全事项)."""
    return reply.submitted_at is None and reply.registered_by is not None


def _told(work: Work, stack: Stack, arrival: Arrival) -> None:
    """Note on the stack how it came.

    :raises Invalid: who brought it, which way or when is missing.
    """
    arrival = Arrival(one_line(arrival.brought_by), arrival.way, arrival.arrived_at)
    check_arrival(work, arrival, EVER)
    if arrival.way is not None and arrival.arrived_at is not None:
        stack.brought_by, stack.brought_way, stack.arrived_at = arrival.brought_by, arrival.way, arrival.arrived_at
