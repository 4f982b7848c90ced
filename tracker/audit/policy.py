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
    REGISTRY_IMPORTED = "registry:imported"
    REPORT_ENTERED = "report:entered"
    REPORT_CHANGED = "report:changed"
    REPORT_VERIFIED = "report:verified"
    REPORT_EXTENDED = "report:limit-lengthened"
    REPORT_ANSWERED = "report:answered"
    REPORT_CLOSED = "report:closed"
    CHANGE_ENTERED = "change-request:entered"
    CHANGE_CHANGED = "change-request:changed"
    CHANGE_DONE = "change-request:done"
    PUBLICATION_SET = "publication:set"
    LINE_SET = "work-line:set"
    LEDGER_EXPORTED = "ledger:exported"
    INTAKE_IMPORTED = "intake:imported"
    ASSESSMENT_WEIGHTS_SET = "assessment:weights-set"
    ASSESSMENT_ADJUSTED = "assessment:adjusted"
    ASSESSMENT_ADJUSTMENT_WITHDRAWN = "assessment:adjustment-withdrawn"
    ASSESSMENT_OFFERED = "assessment:offered"
    ASSESSMENT_OBJECTED = "assessment:objected"
    ASSESSMENT_AGREED = "assessment:agreed"
    ASSESSMENT_OBJECTION_UPHELD = "assessment:objection-upheld"
    ASSESSMENT_OBJECTION_REFUSED = "assessment:objection-refused"
    ASSESSMENT_SIGNED = "assessment:signed"
    INDICATORS_LOADED = "indicators:loaded"
    INSPECTION_OPENED = "inspection:opened"
    SAMPLE_CHOSEN = "inspection:sample-chosen"
    FINDINGS_IMPORTED = "inspection:findings-imported"
    FINDING_ENTERED = "finding:entered"
    FINDING_CHANGED = "finding:changed"
    FINDING_DROPPED = "finding:dropped"
    FINDING_CLOSED = "finding:closed"
    LOOKED_AGAIN = "finding:looked-at-again"
    CAME_BACK = "finding:came-back"
    FOLLOWUP_TERMS_SET = "finding:follow-up-days-set"
    SELFCHECK_OPENED = "self-inspection:opened"
    SELFCHECK_HANDED_IN = "self-inspection:handed-in"
    SELFCHECK_TAKEN = "self-inspection:taken-over"
    BATCH_DRAFTED = "batch:drafted"
    LETTERS_DRAFTED = "letter:drafted"
    BULLETIN_DRAFTED = "bulletin:drafted"
    BULLETIN_CHANGED = "bulletin:changed"
    BULLETIN_EXPLAINED = "bulletin:explained"
    BULLETIN_HANDED_IN = "bulletin:handed-in"
    BULLETIN_DELIVERED = "bulletin:delivered"
    BATCH_CHANGED = "batch:changed"
    EDITION_STARTED = "public-edition:started"
    EDITION_CHANGED = "public-edition:changed"
    EDITION_HANDED_IN = "public-edition:handed-in"
    EDITION_CHECKED = "public-edition:checked"
    EDITION_TRACED = "public-edition:traced"
    EDITION_SENT_BACK = "public-edition:sent-back"
    EDITION_WITHDRAWN = "public-edition:withdrawn"
    EDITION_RELEASED = "public-edition:released"
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
    EXTENSION_ASKED = "extension:asked"
    EXTENSION_AGREED = "extension:agreed"
    EXTENSION_DECLINED = "extension:declined"
    EXTENSION_RECOMMENDED = "extension:recommended"
    EXTENSION_GRANTED = "extension:granted"
    EXTENSION_REFUSED = "extension:refused"
    EXTENSION_WITHDRAWN = "extension:withdrawn"
    DISPUTE_RAISED = "dispute:raised"
    DISPUTE_RECOMMENDED = "dispute:recommended"
    DISPUTE_UPHELD = "dispute:upheld"
    DISPUTE_REFUSED = "dispute:refused"
    DISPUTE_WITHDRAWN = "dispute:withdrawn"
    TRANSFERRED = "transfer:made"
    TRANSFER_ANSWERED = "transfer:answered"
    TRANSFER_RETURNED = "transfer:returned"
    TRANSFER_TAKEN = "transfer:taken-over"
    TRANSFER_WITHDRAWN = "transfer:withdrawn"
    CONTACT_NAMED = "contact:successor-named"
    CONTACT_CHANGED = "contact:changed"
    CONTACT_KEPT = "contact:change-taken-back"
    STACK_TAKEN_IN = "stack:taken-in"
    STACK_FILED = "stack:filed"
    FILE_KEPT = "file:kept"
    FILE_READ = "file:read"
    FILE_INFECTED = "file:infected"
    ESCALATION_PROPOSED = "escalation:proposed"
    ESCALATION_DRAFTED = "escalation:drafted"
    ESCALATION_ACCEPTED = "escalation:taken-up"
    ESCALATION_PUT_OFF = "escalation:put-off"
    ESCALATION_DECLINED = "escalation:turned-down"
    ESCALATION_TAKEN_BACK = "escalation:taken-back"
    ESCALATION_TERMS_SET = "escalation:terms-set"
    TALK_NOTED = "talk:noted"
    CALENDAR_STORED = "calendar:stored"
    USUAL_DEADLINE_SET = "deadline:usual-set"
    REMINDED = "reminder:sent"
    LADDER_SET = "ladder:set"
    NUDGED = "reminder:nudged"
    DELIVERY_FAILED = "delivery:failed"
    FEED_RENEWED = "feed:renewed"
    FEED_REVOKED = "feed:revoked"
    DELIVERIES_RETRIED = "delivery:retried"
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
    Word.REGISTRY_IMPORTED: N_("imported the registry from %(file)s: %(new)s new, %(changed)s changed"),
    Word.REPORT_ENTERED: N_("entered the error report %(number)s, to be answered by %(due)s"),
    Word.REPORT_CHANGED: N_("changed the error report %(number)s"),
    Word.REPORT_VERIFIED: N_("verified the error report %(number)s: %(kind)s"),
    Word.REPORT_EXTENDED: N_("gave the error report %(number)s the longer limit, until %(due)s: %(reason)s"),
    Word.REPORT_ANSWERED: N_("noted the answer of %(on)s to the error report %(number)s"),
    Word.REPORT_CLOSED: N_("closed the error report %(number)s (done on %(on)s)"),
    Word.CHANGE_ENTERED: N_("entered the change request %(number)s"),
    Word.CHANGE_CHANGED: N_("changed the change request %(number)s"),
    Word.CHANGE_DONE: N_("noted the change request %(number)s as done on %(on)s"),
    Word.PUBLICATION_SET: N_("set the publication figures of %(source)s for %(period)s: %(total)s items"),
    Word.INTAKE_IMPORTED: N_("imported the sheet %(file)s: %(rows)s new rows"),
    Word.LEDGER_EXPORTED: N_("exported %(rows)s rows of the ledger as %(format)s, filter: %(filter)s"),
    Word.LINE_SET: N_("set a line of work for %(period)s: %(heading)s"),
    Word.ASSESSMENT_WEIGHTS_SET: N_("set edition %(edition)s of the weights of %(year)s (%(reason)s): %(words)s"),
    Word.ASSESSMENT_ADJUSTED: N_("moved “%(line)s” of %(unit)s for %(year)s by %(points)s: %(reason)s"),
    Word.ASSESSMENT_ADJUSTMENT_WITHDRAWN: N_("took back what was moved of %(line)s of %(unit)s for %(year)s"),
    Word.ASSESSMENT_OFFERED: N_("opened the sheet of %(unit)s for %(year)s to it, objections until %(until)s"),
    Word.ASSESSMENT_OBJECTED: N_("objected to “%(line)s” on the sheet of %(unit)s for %(year)s"),
    Word.ASSESSMENT_AGREED: N_("agreed to the sheet of %(unit)s for %(year)s"),
    Word.ASSESSMENT_OBJECTION_UPHELD: N_("upheld the objection of %(unit)s to %(line)s for %(year)s"),
    Word.ASSESSMENT_OBJECTION_REFUSED: N_("did not uphold the objection of %(unit)s to %(line)s for %(year)s"),
    Word.ASSESSMENT_SIGNED: N_("signed the sheet of %(unit)s for %(year)s: %(total)s, %(verdict)s"),
    Word.INDICATORS_LOADED: N_("loaded the indicator set %(set)s with %(count)s indicators"),
    Word.INSPECTION_OPENED: N_("opened the inspection %(inspection)s"),
    Word.SAMPLE_CHOSEN: N_("chose what the inspection %(inspection)s looks at: %(size)s of %(of)s"),
    Word.FINDINGS_IMPORTED: N_("imported %(count)s findings of a monitor into the inspection %(inspection)s"),
    Word.FINDING_ENTERED: N_("entered the finding %(finding)s"),
    Word.FINDING_CHANGED: N_("changed the finding %(finding)s"),
    Word.FINDING_DROPPED: N_("dropped the finding %(finding)s: %(reason)s"),
    Word.FINDING_CLOSED: N_("closed the finding %(finding)s"),
    Word.LOOKED_AGAIN: N_(
        "looked at problem %(item)s (%(finding)s) again on %(on)s, %(days)s days after closing: %(kind)s. %(note)s"
    ),
    Word.CAME_BACK: N_(
        "looked at problem %(item)s (%(finding)s) again on %(on)s, %(days)s days after closing: %(kind)s,"
        " entered as %(new)s. %(note)s"
    ),
    Word.FOLLOWUP_TERMS_SET: N_("set the days of re-inspection: %(words)s"),
    Word.SELFCHECK_OPENED: N_("opened the self-inspection “%(title)s” for %(units)s units, due on %(until)s"),
    Word.SELFCHECK_HANDED_IN: N_("%(unit)s handed in its self-inspection “%(title)s”: %(problems)s problems found"),
    Word.SELFCHECK_TAKEN: N_("took over what %(unit)s found itself in “%(title)s” as finding %(finding)s"),
    Word.BULLETIN_DRAFTED: N_("began the bulletin %(bulletin)s"),
    Word.BULLETIN_CHANGED: N_("changed the bulletin %(bulletin)s %(line)s"),
    Word.BULLETIN_HANDED_IN: N_("made a draft document of the bulletin %(bulletin)s"),
    Word.BULLETIN_DELIVERED: N_("sent the bulletin %(number)s to all units"),
    Word.BULLETIN_EXPLAINED: N_("let a remark on %(bulletin)s stand: %(reason)s"),
    Word.BATCH_DRAFTED: N_("drafted a batch of %(count)s notices"),
    Word.LETTERS_DRAFTED: N_("drafted %(count)s letters: %(kind)s"),
    Word.BATCH_CHANGED: N_("changed the draft batch"),
    Word.EDITION_STARTED: N_("began public edition %(edition)s of %(number)s, %(count)s strings proposed"),
    Word.EDITION_CHANGED: N_("changed public edition %(edition)s of %(number)s"),
    Word.EDITION_HANDED_IN: N_("handed in public edition %(edition)s of %(number)s, %(count)s places deleted"),
    Word.EDITION_CHECKED: N_(
        "found no deleted string in the files of public edition %(edition)s of %(number)s (SHA-256 of the PDF "
        "%(pdf_sha256)s, of the HTML file %(html_sha256)s)"
    ),
    Word.EDITION_TRACED: N_(
        "found deleted strings in the files of public edition %(edition)s of %(number)s, %(count)s places"
    ),
    Word.EDITION_SENT_BACK: N_("sent public edition %(edition)s of %(number)s back"),
    Word.EDITION_WITHDRAWN: N_("withdrew public edition %(edition)s of %(number)s"),
    Word.EDITION_RELEASED: N_(
        "released public edition %(edition)s of %(number)s, %(count)s places deleted (SHA-256 of the PDF "
        "%(pdf_sha256)s, of the HTML file %(html_sha256)s)"
    ),
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
    Word.EXTENSION_ASKED: N_("asked for an extension from %(due)s to %(wanted)s: %(reason)s"),
    Word.EXTENSION_AGREED: N_(
        "passed the request on to the office: %(leader)s agreed for the unit to the extension until %(wanted)s"
    ),
    Word.EXTENSION_DECLINED: N_("did not agree for the unit to the extension until %(wanted)s: %(reason)s"),
    Word.EXTENSION_RECOMMENDED: N_("gave an opinion on the extension that %(unit)s asked for until %(wanted)s"),
    Word.EXTENSION_GRANTED: N_("granted an extension: instead of %(due)s now %(granted)s"),
    Word.EXTENSION_REFUSED: N_("refused the extension until %(wanted)s, the deadline stays %(due)s: %(reason)s"),
    Word.EXTENSION_WITHDRAWN: N_("took back the request for an extension until %(wanted)s"),
    Word.DISPUTE_RAISED: N_("disputed the items %(items)s (%(kind)s): %(reason)s"),
    Word.DISPUTE_RECOMMENDED: N_("gave an opinion on the dispute of %(unit)s about the items %(items)s"),
    Word.DISPUTE_UPHELD: N_("upheld the dispute about the items %(items)s (%(kind)s): they need no answer. %(reason)s"),
    Word.DISPUTE_REFUSED: N_("did not uphold the dispute about the items %(items)s (%(kind)s): %(reason)s"),
    Word.DISPUTE_WITHDRAWN: N_("took back the dispute about the items %(items)s"),
    Word.TRANSFERRED: N_("handed the items %(items)s down to %(unit)s, to be answered by %(due)s"),
    Word.TRANSFER_ANSWERED: N_("%(unit)s handed in its part: items %(items)s"),
    Word.TRANSFER_RETURNED: N_("returned the items %(items)s to %(unit)s: %(reason)s"),
    Word.TRANSFER_TAKEN: N_("took over what %(unit)s wrote of the items %(items)s"),
    Word.TRANSFER_WITHDRAWN: N_("withdrew the items %(items)s from %(unit)s: %(reason)s"),
    Word.CONTACT_NAMED: N_(
        "named %(person)s to take over from %(former)s as contact of %(unit)s on %(from_on)s: %(reason)s"
    ),
    Word.CONTACT_CHANGED: N_("made %(person)s contact of %(unit)s in place of %(former)s"),
    Word.CONTACT_KEPT: N_("took back that %(person)s takes over from %(former)s as contact of %(unit)s"),
    Word.STACK_TAKEN_IN: N_("took in the scan %(name)s of several units' papers, %(pages)s pages (SHA-256 %(sha256)s)"),
    Word.STACK_FILED: N_(
        "filed pages %(pages)s of a scan of several units' papers (SHA-256 %(sha256)s) here as %(part)s"
    ),
    Word.FILE_KEPT: N_("kept the file %(name)s (SHA-256 %(sha256)s)"),
    Word.FILE_READ: N_("opened the file %(name)s"),
    Word.FILE_INFECTED: N_("The virus scanner found %(virus)s in the file %(name)s (SHA-256 %(sha256)s)"),
    Word.ESCALATION_PROPOSED: N_(
        "proposed %(count)s steps against overdue answers; %(overtaken)s earlier ones were overtaken"
    ),
    Word.ESCALATION_DRAFTED: N_("drafted as proposed: %(kind)s, %(unit)s, %(about)s"),
    Word.ESCALATION_ACCEPTED: N_("took up the proposal: %(kind)s, %(unit)s, %(about)s"),
    Word.ESCALATION_PUT_OFF: N_("put the proposal off until %(until)s: %(kind)s, %(unit)s, %(about)s: %(reason)s"),
    Word.ESCALATION_DECLINED: N_("turned the proposal down: %(kind)s, %(unit)s, %(about)s: %(reason)s"),
    Word.ESCALATION_TAKEN_BACK: N_("took back the decision on: %(kind)s, %(unit)s, %(about)s: %(reason)s"),
    Word.ESCALATION_TERMS_SET: N_("set the terms of escalation: %(words)s"),
    Word.TALK_NOTED: N_("noted the outcome of the talk of %(held_on)s with %(unit)s (%(about)s)"),
    Word.CALENDAR_STORED: N_(
        "stored edition %(edition)s of the calendar, the list of %(year)s: %(days)s days, %(turned)s of them changed, "
        "%(affected)s open matters affected: %(reason)s"
    ),
    Word.USUAL_DEADLINE_SET: N_("set the usual deadline for “%(kind)s” to %(words)s"),
    Word.REMINDED: N_("reminded %(person)s (%(rung)s)"),
    Word.LADDER_SET: N_("set the reminders for “%(kind)s”: %(rungs)s"),
    Word.NUDGED: N_("had %(person)s of %(unit)s reminded: %(reason)s"),
    Word.DELIVERY_FAILED: N_("could not reach %(person)s by %(channel)s: %(reason)s"),
    Word.FEED_RENEWED: N_("made a new address of the calendar feed of %(person)s"),
    Word.FEED_REVOKED: N_("ended the calendar feed of %(person)s"),
    Word.DELIVERIES_RETRIED: N_("had %(n)s letters that were given up sent once more"),
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
