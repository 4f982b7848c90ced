"""The left rail: the places of the product, in the order of the work, and which of them a person sees."""

from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from tracker.org.policy import Identity, Permission, can

ON_A_PHONE = 3
"""Places that a phone's bar shows beside "More"."""
GROUPED_FROM = 9
"""So many places need lines between their groups; fewer are read at a glance."""


@dataclass(frozen=True)
class Place:
    """An entry of the left rail."""

    label: Any
    endpoint: str
    icon: str
    permission: Permission | None = None
    units_only: bool = False
    """The office has the same in another entry."""
    group: int = 0
    """What belongs together; a line stands between groups."""
    front: bool = False
    """What a person opens most: the first three of these stand in a phone's bar."""
    current: bool = False
    """The page that is shown belongs to it; true for one entry at most."""
    begins: bool = False
    """It is the first of its group that this person sees."""

    @property
    def url(self) -> str:
        """Return its address."""
        return url_for(self.endpoint)


PLACES = (
    Place(_l("Today"), "dashboard.home", "house", front=True),
    # What is found
    Place(_l("Findings"), "inspections.findings", "search", Permission.FINDING_READ, front=True, group=1),
    Place(_l("Self-inspection"), "selfcheck.checks", "inspection", Permission.FINDING_READ, group=1),
    Place(_l("Self-inspection"), "selfcheck.own_checks", "inspection", Permission.SELFCHECK_ANSWER, group=1),
    Place(_l("Re-inspection"), "followup.due", "history", Permission.FINDING_READ, group=1),
    Place(_l("Incoming"), "intake.reports", "download", Permission.BULLETIN_READ, group=1),
    # What is asked of units
    Place(_l("Notices"), "notices.batches", "file-earmark-text", Permission.NOTICE_READ, front=True, group=2),
    Place(_l("Replies"), "replies.queue", "inboxes", Permission.REPLY_REVIEW, front=True, group=2),
    Place(_l("Requests"), "requests.queue", "inboxes", Permission.REQUEST_READ, group=2),
    Place(_l("Assignments"), "replies.assignments", "card-checklist", Permission.ASSIGNMENT_READ, front=True, group=2),
    Place(_l("Change of contact"), "requests.contact_changes", "people", Permission.CONTACT_CHANGE, group=2),
    # What is told
    Place(_l("Bulletins"), "bulletins.bulletins", "bulletin", Permission.BULLETIN_READ, group=3),
    Place(_l("Bulletins issued"), "bulletins.issued", "bulletin", Permission.ASSIGNMENT_READ, units_only=True, group=3),
    Place(_l("Ledger of rectification"), "exchange.ledger", "ledger", Permission.FINDING_READ, group=3),
    Place(_l("Data"), "bulletins.data", "chart", Permission.BULLETIN_READ, group=3),
    Place(_l("Annual assessment"), "assessment.years", "sum", Permission.BULLETIN_READ, group=3),
    Place(_l("Our assessment"), "assessment.own_years", "sum", Permission.REQUEST_ASK, group=3),
    # What all rests on
    Place(_l("Registry"), "registry.subjects", "globe2", Permission.REGISTRY_READ, group=4),
    Place(_l("Working calendar"), "almanac.year", "calendar", Permission.FINDING_READ, group=4),
    Place(_l("Units and accounts"), "people.people", "people", Permission.ACCOUNTS_MANAGE, group=4),
    Place(_l("Roles"), "roles.roles", "key", Permission.ROLES_GRANT, group=4),
    Place(_l("Certificates"), "certificates.certificates", "seal", Permission.CERTIFICATES_MANAGE, group=4),
    Place(_l("Record"), "audit.events", "journal-check", Permission.RECORD_READ, group=4),
)


def places_for(person: Identity) -> list[Place]:
    """Return what somebody may open, marked: where the shown page belongs, where groups begin, what a phone shows."""
    known = current_app.view_functions
    seen = [
        each
        for each in PLACES
        if each.endpoint in known
        and (each.permission is None or can(person, each.permission))
        and not (each.units_only and person.is_office)
    ]
    front = ([each for each in seen if each.front] + [each for each in seen if not each.front])[:ON_A_PHONE]
    before = [0, *(each.group for each in seen)]
    grouped = len(seen) >= GROUPED_FROM
    marked = [
        replace(each, front=each in front, begins=grouped and each.group != last)
        for each, last in zip(seen, before, strict=False)
    ]
    return with_current(marked)


def with_current(places: list[Place]) -> list[Place]:
    """Return them with the one marked to which the shown page belongs.

    The page's address decides, so that an assignment's extension belongs to the assignments. A page under no entry's
    address (the intake of stacks) goes to the last entry of its room: what waits is filed there.
    """
    room = (request.endpoint or "").split(".")[0]
    of_room = [each for each in places if each.endpoint.split(".")[0] == room]
    path = request.script_root + request.path
    named = [each for each in places if path == each.url or path.startswith(each.url + "/")]
    here = (named or of_room)[-1:]
    return [replace(each, current=True) if each in here else each for each in places]
