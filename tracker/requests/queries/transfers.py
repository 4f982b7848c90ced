"""Reading what was handed down: for the unit above, the unit below, and the office; units beside see nothing."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from tracker.files.models import StoredFile
from tracker.inspections.models import Finding
from tracker.kit.errors import Missing
from tracker.notices.lifecycle import OWED
from tracker.notices.models import Assignment, Item
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.org.queries import units
from tracker.requests.lifecycle import TransferState
from tracker.requests.models import Transfer, TransferFile, TransferLine
from tracker.requests.policy import seen_by


def visible_transfers(work: Work) -> Select[Transfer]:
    """Return the query of the transfers that may be seen, with everything in them."""
    finding = joinedload(TransferLine.item).joinedload(Item.finding)
    return (
        select(Transfer)
        .join(Transfer.assignment)
        .options(
            contains_eager(Transfer.assignment).options(joinedload(Assignment.notice), joinedload(Assignment.unit)),
            joinedload(Transfer.unit),
            selectinload(Transfer.lines).options(
                finding.options(joinedload(Finding.subject), joinedload(Finding.indicator)),
                selectinload(TransferLine.files).joinedload(TransferFile.file),
            ),
        )
        .where(seen_by(work.actor))
    )


def transfer_by_token(work: Work, token: str) -> Transfer:
    """Return the visible transfer of that token.

    :raises Missing: there is none for this person.
    """
    found = work.session.scalar(visible_transfers(work).where(Transfer.token == token))
    if found is None:
        raise Missing
    return found


def locked_transfer(work: Work, token: str) -> Transfer:
    """Return the visible transfer of that token, its assignment's row and its own held until the transaction ends.

    :raises Missing: there is none for this person.
    """
    seen = transfer_by_token(work, token)
    upper = select(Assignment.id).where(Assignment.id == seen.assignment_id).with_for_update()
    work.session.execute(upper)
    own = select(Transfer).where(Transfer.id == seen.id).with_for_update(of=Transfer)
    work.session.execute(own.execution_options(populate_existing=True))
    work.session.expire(seen.assignment)
    return seen


def transfers_of(work: Work, assignment: Assignment) -> list[Transfer]:
    """Return what was handed down of an assignment, oldest first, with everything in it."""
    query = visible_transfers(work).where(Transfer.assignment_id == assignment.id).order_by(Transfer.id)
    return list(work.session.scalars(query))


def handed_to(work: Work) -> Select[Transfer]:
    """Return the query of what the own unit owes the unit above, oldest inner deadline first."""
    waiting = (Transfer.state.in_((TransferState.HANDED, TransferState.RETURNED)), Assignment.state.in_(OWED))
    query = visible_transfers(work).where(Transfer.unit_id == work.actor.unit_id, *waiting)
    return query.order_by(Transfer.due_at, Transfer.id)


def units_below(work: Work) -> list[Unit]:
    """Return the units directly below the own one, in protocol order."""
    return list(work.session.scalars(units().where(Unit.parent_id == work.actor.unit_id)))


def transfer_file(transfer: Transfer, token: str) -> StoredFile:
    """Return a file of a transfer that was found visible.

    :raises Missing: there is none of that name.
    """
    for line in transfer.lines:
        for each in line.files:
            if each.file.token == token:
                return each.file
    raise Missing
