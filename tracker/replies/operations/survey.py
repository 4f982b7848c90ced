"""What a stack holds: per assignment its pages, what is missing, what filing them would do; and the pages left over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from tracker.documents.models import Paper, PaperState
from tracker.files.models import StoredFile
from tracker.inspections.models import Finding
from tracker.kit.errors import Missing
from tracker.kit.paging import Page, fetch_page
from tracker.kit.words import N_
from tracker.notices.lifecycle import OWED, AssignmentState
from tracker.notices.models import Assignment, Item
from tracker.notices.queries import visible_assignments
from tracker.org.policy import Work
from tracker.replies.models import Evidence, Reply, ReplyItem, ScanReading, Stack, StackPart
from tracker.replies.operations.sheet import OWNER, PURPOSE
from tracker.scans.filing import Filed, sort_pages
from tracker.scans.read import PageReading

OFFERED = 200
"""Assignments that a page without a code can be given to by hand, nearest deadline first."""
NOT_OPEN = {
    AssignmentState.SUBMITTED: N_("Its reply is in and waits for review; nothing can be filed to it now."),
    AssignmentState.ACCEPTED: N_("Its reply has been accepted; nothing can be filed to it."),
    AssignmentState.CLOSED: N_("It is closed; nothing can be filed to it."),
    AssignmentState.VOIDED: N_("Its notice was voided; nothing can be filed to it."),
}
NOT_DELIVERED = N_("Its notice has not reached the unit yet; nothing can be filed to it.")


@dataclass(frozen=True)
class Group:
    """One assignment's pages in the stack; `part` where they were filed before."""

    assignment: Assignment
    reply: Reply | None
    """The newest round; None before the receipt was acknowledged."""
    filed: Filed
    part: StackPart | None = None

    @property
    def version(self) -> int:
        """Return the version of the sheet that is in force."""
        return self.reply.round if self.reply else 1

    @property
    def obstacle(self) -> str | None:
        """Return why nothing can be filed to it (msgid), or None."""
        if self.assignment.delivered_at is None:
            return NOT_DELIVERED
        return NOT_OPEN.get(self.assignment.state)

    @property
    def whole(self) -> bool:
        """Tell whether its sheet is complete and nothing was filed yet, so that filing it needs no second thought."""
        return bool(self.filed.own) and not self.filed.missing and self.part is None and self.obstacle is None


@dataclass(frozen=True)
class Loose:
    """A page that no code files: without one, of an older version, a second copy, unreadable, of two cases."""

    n: int
    kind: str
    """uncoded, unreadable, unknown (code of no case here), outdated, double, mixed."""
    belongs: Assignment | None = None
    """Whose code it carries: by hand it can be filed there only."""
    version: int = 0


@dataclass(frozen=True)
class Survey:
    """A stack as it stands: groups in the order of the scan, then what is left for a person."""

    groups: list[Group] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    turns: dict[int, int] = field(default_factory=dict)

    def group(self, token: str) -> Group | None:
        """Return the group of the assignment with that token."""
        return next((group for group in self.groups if group.assignment.token == token), None)


def stack_by_token(work: Work, token: str, *, lock: bool = False) -> Stack:
    """Return a stack with its file and parts; `lock` holds its row until the transaction ends.

    :raises Missing: there is none.
    """
    if lock:
        work.session.execute(select(Stack.id).where(Stack.token == token).with_for_update())
    parts = selectinload(Stack.parts).joinedload(StackPart.assignment).joinedload(Assignment.notice)
    replies = selectinload(Stack.parts).joinedload(StackPart.reply)
    query = select(Stack).where(Stack.token == token).options(joinedload(Stack.file), parts, replies)
    found = work.session.scalar(query)
    if found is None:
        raise Missing(token)
    return found


def reading_of(work: Work, stored: StoredFile) -> ScanReading | None:
    """Return what the machine saw on a file's pages."""
    return work.session.scalar(select(ScanReading).where(ScanReading.file_id == stored.id))


def survey(work: Work, stack: Stack, pages: Sequence[PageReading]) -> Survey:
    """Sort the pages that were read so far; pages filed before are in no group's hands any more."""
    tokens = {code["token"] for page in pages for code in page["codes"]}
    known = {each.token: each for each in _visible(work, tokens)}
    mixed = {page["n"] for page in pages if len({c["token"] for c in page["codes"] if c["token"] in known}) > 1}
    sortable = [page for page in pages if page["n"] not in mixed]
    newest = newest_rounds(work, known.values())
    parts = {part.assignment_id: part for part in stack.parts}
    groups, loose = [], [Loose(n, "mixed") for n in mixed]
    for token in dict.fromkeys(code["token"] for page in sortable for code in page["codes"]):
        if token not in known:
            continue
        reply, part = newest.get(known[token].id), parts.get(known[token].id)
        round_ = part.reply.round if part else reply.round if reply else 1
        filed = sort_pages([page for page in sortable if _of(page, token)], token, round_)
        groups.append(Group(known[token], reply, filed, part))
        loose += _left_over(groups[-1])
    loose += [Loose(page["n"], _why(page)) for page in sortable if not any(c["token"] in known for c in page["codes"])]
    taken = {n for part in stack.parts for n in part.pages}
    left = sorted((each for each in loose if each.n not in taken), key=lambda each: each.n)
    return Survey(groups, left, {page["n"]: page["turn"] for page in pages})


def _of(page: PageReading, token: str) -> bool:
    return any(code["token"] == token for code in page["codes"])


def _left_over(group: Group) -> list[Loose]:
    old = [Loose(place.n, "outdated", group.assignment, place.version) for place in group.filed.outdated]
    return old + [Loose(n, "double", group.assignment) for n in group.filed.uncoded]


def _why(page: PageReading) -> str:
    return "unreadable" if page.get("unreadable") else "unknown" if page["codes"] else "uncoded"


def _visible(work: Work, tokens: Iterable[str]) -> list[Assignment]:
    items = selectinload(Assignment.items)
    return list(
        work.session.scalars(visible_assignments(work.actor).where(Assignment.token.in_(tokens)).options(items))
    )


def newest_rounds(work: Work, assignments: Iterable[Assignment]) -> dict[int, Reply]:
    """Return the newest round of each assignment, by the assignment's id, with everything a sheet tells."""
    finding = selectinload(Reply.items).joinedload(ReplyItem.item).joinedload(Item.finding)
    query = (
        select(Reply)
        .where(Reply.assignment_id.in_([each.id for each in assignments]))
        .order_by(Reply.round)
        .options(
            joinedload(Reply.scan),
            joinedload(Reply.assignment).joinedload(Assignment.unit),
            joinedload(Reply.assignment).joinedload(Assignment.notice),
            selectinload(Reply.items).selectinload(ReplyItem.evidence).joinedload(Evidence.file),
            finding.joinedload(Finding.subject),
            finding.joinedload(Finding.indicator),
        )
    )
    return {reply.assignment_id: reply for reply in work.session.scalars(query)}


def offered(work: Work) -> list[Assignment]:
    """Return the assignments that still owe an answer, nearest deadline first, for a page that is filed by hand."""
    query = visible_assignments(work.actor).where(Assignment.state.in_(OWED), Assignment.delivered_at.is_not(None))
    return list(work.session.scalars(query.order_by(Assignment.due_at, Assignment.id).limit(OFFERED)))


def printed_sheets(work: Work, replies: Iterable[Reply]) -> dict[int, Paper]:
    """Return the newest printed sheet of each round, by the round's id."""
    query = select(Paper).where(
        Paper.owner_type == OWNER,
        Paper.purpose == PURPOSE,
        Paper.owner_id.in_([reply.id for reply in replies]),
        Paper.state == PaperState.READY,
    )
    return {paper.owner_id: paper for paper in work.session.scalars(query.order_by(Paper.id))}


def stacks(work: Work, after: str | None, size: int = 30) -> Page[Stack]:
    """Return a page of the stacks, newest first, with their files and parts."""
    query = select(Stack).options(joinedload(Stack.file), selectinload(Stack.parts).joinedload(StackPart.reply))
    return fetch_page(work.session, query, (Stack.id,), after, size, newest_first=True)
