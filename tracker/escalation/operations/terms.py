"""Setting the office's terms of escalation and burden."""

from dataclasses import asdict

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.escalation.models import EscalationTerm
from tracker.escalation.policy import Terms
from tracker.escalation.queries.terms import term_rows, terms
from tracker.kit.errors import Invalid, Stale
from tracker.kit.words import N_
from tracker.org.policy import Work

CHANGED = N_("Somebody else changed these terms after you opened them. Look at the present ones and set yours again.")
LATER_STEP = N_("The supervision letter comes after the urging letter: give it more working days.")
LATER_COUNT = N_("The talk comes after the naming: give it more late replies.")


def set_terms(work: Work, wanted: Terms, seen: Terms) -> None:
    """Set the terms; proposals are derived by them from now on, decisions stay.

    :raises Stale: they are not what was seen any more.  :raises Invalid: the sterner step would come first.
    """
    now = terms(work.session)
    if now != seen:
        raise Stale(CHANGED)
    problems = {}
    if wanted.supervision_days <= wanted.urge_days:
        problems["supervision_days"] = LATER_STEP
    if wanted.talk_count <= wanted.naming_count:
        problems["talk_count"] = LATER_COUNT
    if problems:
        raise Invalid(problems)
    rows, before = term_rows(work.session), asdict(now)
    changed = {name: value for name, value in asdict(wanted).items() if value != before[name]}
    for name, value in changed.items():
        if name in rows:
            rows[name].value = value
        else:
            work.session.add(EscalationTerm(name=name, value=value))
    if changed:
        words = ", ".join(f"{name} {before[name]} → {value}" for name, value in changed.items())
        record(work, Word.ESCALATION_TERMS_SET, words=words)
