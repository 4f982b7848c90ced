"""Who is told of what the record says."""

from dataclasses import dataclass
from enum import StrEnum

from tracker.audit.policy import Word
from tracker.org.models import Role

READER = "messages"
"""Name of the cursor that says how far the record has been told."""
PAGE = 500
"""Most events or assignments of one transaction."""
ASSIGNMENT_PATH = "/assignments/{token}"
BATCH_PATH = "/batches/{id}"
EXTENSION_PATH = ASSIGNMENT_PATH + "/extension"
DISPUTES_PATH = ASSIGNMENT_PATH + "/disputes"
ISSUED_PATH = "/bulletins/issued/{notice}"
TRANSFER_PATH = "/transfers/{transfer}"


class Audience(StrEnum):
    """Whom an event concerns."""

    UNIT = "contacts of the unit"
    UNIT_AND_LEADERS = "contacts and leaders of the unit"
    REST_OF_UNIT = "contacts and leaders of the unit but for who did it"
    BELOW = "contacts of the unit below to which it was handed down"
    LEADERS = "leaders of the unit but for who did it"
    REVIEWERS = "reviewers"
    CLERKS = "clerks"
    DECIDERS = "directors, about an assignment"
    DIRECTORS = "directors other than the drafter"
    DRAFTER = "the drafter"
    NAMED = "the people whom the event names"
    EVERYBODY = "contacts and leaders of the units of which the document asks nothing"


@dataclass(frozen=True)
class Telling:
    """What an event of the record makes us say (folder of templates/messages), and to whom."""

    kind: str
    audience: Audience
    path: str = ASSIGNMENT_PATH


TOLD: dict[str, Telling] = {
    Word.NOTICE_SUBMITTED: Telling("notice_submitted", Audience.DIRECTORS),
    Word.NOTICE_SENT_BACK: Telling("notice_sent_back", Audience.DRAFTER),
    Word.NOTICE_DELIVERED: Telling("notice_delivered", Audience.UNIT_AND_LEADERS),
    Word.BULLETIN_DELIVERED: Telling("bulletin_delivered", Audience.EVERYBODY, ISSUED_PATH),
    Word.LETTER_DELIVERED: Telling("letter_delivered", Audience.UNIT_AND_LEADERS),
    Word.LETTER_VOIDED: Telling("letter_voided", Audience.UNIT_AND_LEADERS),
    Word.CORRECTION_DELIVERED: Telling("correction_delivered", Audience.UNIT_AND_LEADERS),
    Word.REPLY_SUBMITTED: Telling("reply_submitted", Audience.REVIEWERS),
    Word.REPLY_REGISTERED: Telling("reply_submitted", Audience.REVIEWERS),
    Word.REPLY_RETURNED: Telling("reply_returned", Audience.UNIT),
    Word.ASSIGNMENT_CLOSED: Telling("assignment_closed", Audience.UNIT),
    Word.ASSIGNMENT_REOPENED: Telling("assignment_reopened", Audience.UNIT),
    Word.ASSIGNMENT_VOIDED: Telling("assignment_voided", Audience.UNIT),
    Word.EXTENSION_ASKED: Telling("extension_asked", Audience.LEADERS, EXTENSION_PATH),
    Word.EXTENSION_AGREED: Telling("extension_waiting", Audience.CLERKS, EXTENSION_PATH),
    Word.EXTENSION_DECLINED: Telling("extension_declined", Audience.UNIT, EXTENSION_PATH),
    Word.EXTENSION_RECOMMENDED: Telling("extension_waiting", Audience.DECIDERS, EXTENSION_PATH),
    Word.EXTENSION_GRANTED: Telling("extension_granted", Audience.UNIT_AND_LEADERS, EXTENSION_PATH),
    Word.EXTENSION_REFUSED: Telling("extension_refused", Audience.UNIT_AND_LEADERS, EXTENSION_PATH),
    Word.CONTACT_NAMED: Telling("contact_named", Audience.NAMED),
    Word.CONTACT_CHANGED: Telling("contact_changed", Audience.NAMED),
    Word.SELFCHECK_OPENED: Telling("self_inspection_opened", Audience.NAMED),
    Word.TRANSFERRED: Telling("transfer_made", Audience.BELOW, TRANSFER_PATH),
    Word.TRANSFER_ANSWERED: Telling("transfer_answered", Audience.UNIT, TRANSFER_PATH),
    Word.TRANSFER_RETURNED: Telling("transfer_returned", Audience.BELOW, TRANSFER_PATH),
    Word.TRANSFER_WITHDRAWN: Telling("transfer_withdrawn", Audience.BELOW, TRANSFER_PATH),
    Word.DISPUTE_RAISED: Telling("dispute_waiting", Audience.CLERKS, DISPUTES_PATH),
    Word.DISPUTE_RECOMMENDED: Telling("dispute_waiting", Audience.DECIDERS, DISPUTES_PATH),
    Word.DISPUTE_UPHELD: Telling("dispute_upheld", Audience.UNIT_AND_LEADERS, DISPUTES_PATH),
    Word.DISPUTE_REFUSED: Telling("dispute_refused", Audience.UNIT_AND_LEADERS, DISPUTES_PATH),
}
ALSO_TOLD: dict[str, Telling] = {
    Word.REPLY_SUBMITTED: Telling("reply_handed_in", Audience.REST_OF_UNIT),
    Word.REPLY_REGISTERED: Telling("reply_registered", Audience.REST_OF_UNIT),
}
"""What the same event says to the other side: nobody's reply leaves the unit without its colleagues knowing."""
OFFICE = {Audience.REVIEWERS: Role.REVIEWER, Audience.CLERKS: Role.CLERK, Audience.DECIDERS: Role.DIRECTOR}
"""People of the office who are told of what happens to an assignment."""
WANTED = {Audience.UNIT: {Role.CONTACT}, Audience.BELOW: {Role.CONTACT}, Audience.LEADERS: {Role.LEADER}}
"""Roles of the unit, where not both."""
BUT_FOR_THE_ACTOR = frozenset({Audience.REST_OF_UNIT, Audience.LEADERS})
PER_BATCH = frozenset({Audience.DIRECTORS, Audience.DRAFTER})
"""These are told once per act on a batch, however many notices it holds."""
