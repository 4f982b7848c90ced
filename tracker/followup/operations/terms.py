"""Setting the office's days for following up."""

from dataclasses import asdict

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.followup.models import FollowupTerm
from tracker.followup.policy import Terms
from tracker.followup.queries.terms import term_rows, terms
from tracker.kit.errors import Invalid, Stale
from tracker.kit.words import N_
from tracker.org.policy import Work

CHANGED = N_("Somebody else changed these days after you opened them. Look at the present ones and set yours again.")
LATER = N_("The second look comes after the first: give it more days, or 0 for no second look.")


def set_terms(work: Work, wanted: Terms, seen: Terms) -> None:
    """Set the days; what is due follows them from now on, what was noted stays as it is.

    :raises Stale: they are not what was seen any more.  :raises Invalid: the second look would come first.
    """
    now = terms(work.session)
    if now != seen:
        raise Stale(CHANGED)
    if 0 < wanted.second_days <= wanted.first_days:
        raise Invalid({"second_days": LATER})
    rows, before = term_rows(work.session), asdict(now)
    changed = {name: value for name, value in asdict(wanted).items() if value != before[name]}
    for name, value in changed.items():
        if name in rows:
            rows[name].value = value
        else:
            work.session.add(FollowupTerm(name=name, value=value))
    if changed:
        words = ", ".join(f"{name} {before[name]} → {value}" for name, value in changed.items())
        record(work, Word.FOLLOWUP_TERMS_SET, words=words)
