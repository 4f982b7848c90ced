"""What is known of one problem: for its page, and before it is entered."""

from tracker.followup.models import Outcome, Recheck
from tracker.followup.policy import OUTCOME_NAMES
from tracker.followup.queries.due import is_due, looks_at, origin_of
from tracker.followup.queries.told import known, told_before
from tracker.inspections.models import Finding
from tracker.inspections.policy import ABOUT, BEFORE, Known, Sought, sought
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work, can

FROM_BEFORE = N_("Finding #%(id)s came back: seen at its re-inspection on %(day)s.")
CAME_BACK = N_(
    "Re-inspection of %(day)s (%(days)s days after closing), %(name)s: %(kind)s; new finding #%(id)s. %(note)s"
)
SEEN = N_("Re-inspection of %(day)s (%(days)s days after closing), %(name)s: %(kind)s. %(note)s")
DUE = N_("Re-inspection due since %(day)s (%(days)s days after closing).")


def before(work: Work, wanted: Sought) -> list[Known]:
    """Return what was told before of a problem that is being entered."""
    found = told_before(work.session, [wanted]).get(wanted)
    return [known(found, work.today.year)] if found else []


def about(work: Work, finding: Finding) -> list[Known]:
    """Return where a finding came from, what was told before, each look at it, and the look that is due."""
    origin = origin_of(work.session, finding.id)
    lines = [] if origin is None else [_from(origin.finding_id, str(origin.on))]
    lines += before(work, sought(finding))
    lines += [_seen(look) for look in looks_at(work.session, finding.id)]
    due = is_due(work, finding)
    if due is not None:
        url = f"/again/{finding.id}" if can(work.actor, Permission.FINDING_WRITE) else ""
        lines.append(Known(DUE, {"day": str(due.due_on), "days": due.days}, url))
    return lines


def _from(finding_id: int, day: str) -> Known:
    return Known(FROM_BEFORE, {"id": finding_id, "day": day}, f"/findings/{finding_id}")


def _seen(look: Recheck) -> Known:
    told = {"day": str(look.on), "days": look.days, "name": look.person_name, "note": look.note}
    told["kind"] = OUTCOME_NAMES[look.outcome]
    if look.outcome is Outcome.RECURRED:
        return Known(CAME_BACK, told | {"id": look.new_finding_id}, f"/findings/{look.new_finding_id}")
    return Known(SEEN, told, f"/again/results/{look.id}/picture" if look.evidence_id else "")


BEFORE.append(before)
ABOUT.append(about)
