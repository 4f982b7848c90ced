"""On which notices and assignments a permission may be used."""

from sqlalchemy import ColumnElement, and_, false, true

from tracker.notices.models import Assignment, Batch
from tracker.org.policy import Identity, Permission, can, rule


@rule(Permission.NOTICE_SIGN)
def not_own_draft(identity: Identity, batch: Batch) -> bool:
    """Tell that drafter ≠ approver, also when a delegation is used: neither hand may be the drafter's."""
    return batch.drafted_by not in identity.hands(Permission.NOTICE_SIGN)


@rule(Permission.ASSIGNMENT_ACKNOWLEDGE)
@rule(Permission.REPLY_WRITE)
def addressed_to_own_unit(identity: Identity, assignment: Assignment) -> bool:
    """Tell whether the assignment is the own unit's: a unit's person answers for no other."""
    return assignment.unit_id == identity.unit_id and assignment.delivered_at is not None


def visible_to(identity: Identity) -> ColumnElement[bool]:
    """Return the condition on Assignment that scopes every query: the office all, a unit its own once delivered."""
    if identity.is_office and can(identity, Permission.ASSIGNMENT_READ):
        return true()
    if can(identity, Permission.ASSIGNMENT_READ):
        return and_(Assignment.unit_id == identity.unit_id, Assignment.delivered_at.is_not(None))
    return false()
