"""The vocabulary of the record: every word `subject:action`, each with the sentence a reader sees."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from tracker.kit.clock import office_time
from tracker.kit.words import N_


class Word(StrEnum):
    """What can happen; the sentence beside it is filled from the event's detail."""

    SIGNED_IN = "session:signed-in"
    SIGN_IN_FAILED = "session:refused"
    SIGNED_OUT = "session:signed-out"
    SIGNED_OUT_EVERYWHERE = "session:signed-out-everywhere"
    PASSWORD_CHANGED = "person:password-changed"  # noqa: S105
    PASSWORD_RESET = "person:password-reset"  # noqa: S105
    PERSON_ADDED = "person:added"
    PERSON_CHANGED = "person:changed"
    PERSON_STOPPED = "person:stopped"
    PERSON_RESUMED = "person:resumed"
    ROLE_GRANTED = "role:granted"
    ROLE_REVOKED = "role:revoked"
    DELEGATED = "delegation:given"
    DELEGATION_ENDED = "delegation:ended"
    ACCESS_REFUSED = "access:refused"
    UNIT_ADDED = "unit:added"
    UNIT_CHANGED = "unit:changed"
    CERTIFICATE_REGISTERED = "certificate:registered"
    CERTIFICATE_RETIRED = "certificate:retired"
    SUBJECT_ADDED = "subject:added"
    SUBJECT_CHANGED = "subject:changed"
    INDICATORS_LOADED = "indicators:loaded"
    INSPECTION_OPENED = "inspection:opened"
    FINDING_ENTERED = "finding:entered"
    FINDING_CHANGED = "finding:changed"
    FINDING_DROPPED = "finding:dropped"
    FINDING_CLOSED = "finding:closed"
    BATCH_DRAFTED = "batch:drafted"
    LETTERS_DRAFTED = "letter:drafted"
    BATCH_CHANGED = "batch:changed"
    NOTICE_SUBMITTED = "notice:submitted"
    NOTICE_SENT_BACK = "notice:sent-back"
    NOTICE_SIGNED_OFF = "notice:signed-off"
    NOTICE_ISSUED = "notice:issued"
    NOTICE_DELIVERED = "notice:delivered"
    LETTER_DELIVERED = "letter:delivered"
    LETTER_VOIDED = "letter:voided"
    CORRECTION_DELIVERED = "correction:delivered"
    NOTICE_WITHDRAWN = "notice:withdrawn"
    NOTICE_VOIDED = "notice:voided"
    NOTICE_CLOSED = "notice:closed"
    NOTICE_REOPENED = "notice:reopened"
    PAPER_RENDERED = "paper:rendered"
    PAPER_SIGNED = "paper:signed"
    PAPER_FAILED = "paper:failed"
    LAYOUT_OVERRIDDEN = "paper:layout-overridden"
    ASSIGNMENT_ACKNOWLEDGED = "assignment:acknowledged"
    REPLY_SCANNED = "reply:scan-uploaded"
    REPLY_SUBMITTED = "reply:submitted"
    REPLY_TAKEN_IN = "reply:taken-in"
    REPLY_HELD = "reply:registration-begun"
    REPLY_LET_GO = "reply:registration-given-up"
    REPLY_REGISTERED = "reply:registered"
    REASONS_CHANGED = "reply:ready-reasons-changed"
    REPLY_RETURNED = "reply:returned"
    REPLY_ACCEPTED = "reply:accepted"
    ASSIGNMENT_CLOSED = "assignment:closed"
    ASSIGNMENT_REOPENED = "assignment:reopened"
    ASSIGNMENT_VOIDED = "assignment:voided"
    STACK_TAKEN_IN = "stack:taken-in"
    STACK_FILED = "stack:filed"
    FILE_KEPT = "file:kept"
    FILE_READ = "file:read"
    FILE_INFECTED = "file:infected"
    CALENDAR_STORED = "calendar:stored"
    USUAL_DEADLINE_SET = "deadline:usual-set"
    REMINDED = "reminder:sent"
    DELIVERY_FAILED = "delivery:failed"
    DEMO_LOADED = "demo:loaded"


SENTENCES: dict[Word, str] = {
    Word.SIGNED_IN: N_("signed in"),
    Word.SIGN_IN_FAILED: N_("sign-in as %(login)s was refused"),
    Word.SIGNED_OUT: N_("signed out"),
    Word.SIGNED_OUT_EVERYWHERE: N_("signed out on every device"),
    Word.PASSWORD_CHANGED: N_("changed the password"),
    Word.PASSWORD_RESET: N_("gave %(person)s a new first password"),
    Word.PERSON_ADDED: N_("added the account of %(person)s"),
    Word.PERSON_CHANGED: N_("changed the account of %(person)s"),
    Word.PERSON_STOPPED: N_("stopped the account of %(person)s"),
    Word.PERSON_RESUMED: N_("resumed the account of %(person)s"),
    Word.ROLE_GRANTED: N_("granted %(person)s the role %(role)s"),
    Word.ROLE_REVOKED: N_("took the role %(role)s from %(person)s"),
    Word.DELEGATED: N_("lets %(person)s act as %(role)s from %(starts_on)s to %(ends_on)s"),
    Word.DELEGATION_ENDED: N_("ended the delegation to %(person)s"),
    Word.ACCESS_REFUSED: N_("asked for %(path)s and was refused"),
    Word.UNIT_ADDED: N_("added the unit %(unit)s"),
    Word.UNIT_CHANGED: N_("changed the unit %(unit)s"),
    Word.CERTIFICATE_REGISTERED: N_(
        "registered the certificate of %(holder)s for %(unit)s (serial %(serial)s, SHA-256 %(sha256)s)"
    ),
    Word.CERTIFICATE_RETIRED: N_("retired the certificate of %(holder)s for %(unit)s (serial %(serial)s): %(reason)s"),
    Word.SUBJECT_ADDED: N_("registered %(subject)s"),
    Word.SUBJECT_CHANGED: N_("changed the registration of %(subject)s"),
    Word.INDICATORS_LOADED: N_("loaded the indicator set %(set)s with %(count)s indicators"),
    Word.INSPECTION_OPENED: N_("opened the inspection %(inspection)s"),
    Word.FINDING_ENTERED: N_("entered the finding %(finding)s"),
    Word.FINDING_CHANGED: N_("changed the finding %(finding)s"),
    Word.FINDING_DROPPED: N_("dropped the finding %(finding)s: %(reason)s"),
    Word.FINDING_CLOSED: N_("closed the finding %(finding)s"),
    Word.BATCH_DRAFTED: N_("drafted a batch of %(count)s notices"),
    Word.LETTERS_DRAFTED: N_("drafted %(count)s letters: %(kind)s"),
    Word.BATCH_CHANGED: N_("changed the draft batch"),
    Word.NOTICE_SUBMITTED: N_("submitted the notice to %(unit)s for sign-off"),
    Word.NOTICE_SENT_BACK: N_("sent the notice to %(unit)s back: %(reason)s"),
    Word.NOTICE_SIGNED_OFF: N_("signed off the notice to %(unit)s"),
    Word.NOTICE_ISSUED: N_("issued %(number)s to %(unit)s, due %(due)s"),
    Word.NOTICE_DELIVERED: N_("delivered %(number)s (SHA-256 %(sha256)s)"),
    Word.LETTER_DELIVERED: N_("delivered the %(kind)s %(number)s (SHA-256 %(sha256)s)"),
    Word.LETTER_VOIDED: N_("voided the %(kind)s %(number)s: %(reason)s"),
    Word.CORRECTION_DELIVERED: N_("delivered %(number)s, which corrects %(corrected)s (SHA-256 %(sha256)s)"),
    Word.NOTICE_WITHDRAWN: N_("withdrew the notice to %(unit)s: %(reason)s"),
    Word.NOTICE_VOIDED: N_("voided %(number)s: %(reason)s"),
    Word.NOTICE_CLOSED: N_("closed %(number)s"),
    Word.NOTICE_REOPENED: N_("opened %(number)s again"),
    Word.PAPER_RENDERED: N_("rendered the paper (%(pages)s pages, SHA-256 %(sha256)s)"),
    Word.PAPER_SIGNED: N_(
        "signed the paper of %(number)s electronically with the certificate of %(holder)s (serial %(serial)s)"
    ),
    Word.LAYOUT_OVERRIDDEN: N_("signed although the layout check fails at %(points)s: %(reason)s"),
    Word.PAPER_FAILED: N_("the paper could not be rendered: %(reason)s"),
    Word.ASSIGNMENT_ACKNOWLEDGED: N_("acknowledged receipt of %(number)s"),
    Word.REPLY_SCANNED: N_("uploaded the signed and sealed scan %(name)s (SHA-256 %(sha256)s)"),
    Word.REPLY_SUBMITTED: N_("submitted the reply, round %(round)s, receipt %(receipt)s"),
    Word.REPLY_TAKEN_IN: N_("took in a reply on paper for %(unit)s, which had not acknowledged receipt"),
    Word.REPLY_HELD: N_("began to register the reply that %(brought_by)s brought (arrived %(arrived)s)"),
    Word.REPLY_LET_GO: N_("gave up the registration; the unit writes this round itself"),
    Word.REPLY_REGISTERED: N_(
        "registered the reply for %(unit)s, round %(round)s, receipt %(receipt)s;"
        " brought by %(brought_by)s, arrived %(arrived)s"
    ),
    Word.REASONS_CHANGED: N_("changed the office's ready reasons for returning a reply"),
    Word.REPLY_RETURNED: N_("returned the reply, round %(round)s: %(reason)s"),
    Word.REPLY_ACCEPTED: N_("accepted the reply, round %(round)s"),
    Word.ASSIGNMENT_CLOSED: N_("closed the assignment of %(unit)s"),
    Word.ASSIGNMENT_REOPENED: N_("reopened the assignment of %(unit)s: %(reason)s"),
    Word.ASSIGNMENT_VOIDED: N_("the assignment of %(unit)s ended because %(number)s was voided"),
    Word.STACK_TAKEN_IN: N_("took in the scan %(name)s of several units' papers, %(pages)s pages (SHA-256 %(sha256)s)"),
    Word.STACK_FILED: N_("filed pages %(pages)s of the scan %(name)s (SHA-256 %(sha256)s) here as %(part)s"),
    Word.FILE_KEPT: N_("kept the file %(name)s (SHA-256 %(sha256)s)"),
    Word.FILE_READ: N_("opened the file %(name)s"),
    Word.FILE_INFECTED: N_("The virus scanner found %(virus)s in the file %(name)s (SHA-256 %(sha256)s)"),
    Word.CALENDAR_STORED: N_(
        "stored edition %(edition)s of the calendar, the list of %(year)s: %(days)s days, %(turned)s of them changed, "
        "%(affected)s open matters affected: %(reason)s"
    ),
    Word.USUAL_DEADLINE_SET: N_("set the usual deadline for “%(kind)s” to %(words)s"),
    Word.REMINDED: N_("reminded %(person)s (%(rung)s)"),
    Word.DELIVERY_FAILED: N_("could not reach %(person)s by %(channel)s: %(reason)s"),
    Word.DEMO_LOADED: N_("loaded the demonstration"),
}


CODED = frozenset({"role", "kind"})
"""Details that hold a msgid of ours; everything else is somebody's own words and is shown as it is."""


class _Told(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def spoken(word: str, detail: Mapping[str, Any], translate: Callable[[str], str]) -> str:
    """Return the sentence of an event, filled from its detail.

    A gap shows as "…", a word unknown to this version as itself. `translate` turns an English msgid into the
    reader's language and fills nothing in.
    """
    sentence = SENTENCES.get(Word(word)) if word in set(Word) else None
    if sentence is None:
        return word
    shown = {
        key: translate(value) if key in CODED and isinstance(value, str) and value else value
        for key, value in detail.items()
    }
    return translate(sentence) % _Told(shown)


def heading(word: Word, translate: Callable[[str], str]) -> str:
    """Return the sentence of a word with its gaps left open, for a list of choices."""
    return spoken(word, {}, translate)


def as_line(event: Any, translate: Callable[[str], str]) -> dict[str, Any]:
    """Return an event as one line of a timeline: when (office time), moment (ISO), who, sentence, machine."""
    return {
        "when": office_time(event.at).strftime("%m-%d %H:%M"),
        "moment": event.at.isoformat(timespec="seconds"),
        "who": event.actor_name,
        "sentence": spoken(event.word, {key: _short(key, each) for key, each in event.detail.items()}, translate),
        "machine": event.actor_id is None,
    }


def _short(key: str, value: Any) -> Any:
    """Return a hash as its beginning: the record and the receipt show all of it."""
    return f"{value[:12]}…" if key.endswith("sha256") and isinstance(value, str) else value
