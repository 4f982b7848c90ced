"""Setting what a year's lines cost."""

import hashlib
import json

from sqlalchemy.dialects import postgresql, sqlite

from tracker.assessment.models import WeightEdition
from tracker.assessment.operations.sheets import no_longer_agreed
from tracker.assessment.policy import Weights, changes
from tracker.assessment.queries.sheets import ground, would_change
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.plain_text import clean
from tracker.kit.words import N_
from tracker.org.policy import Work

SAME = N_("These are the weights in force. Change one, then look at what it would alter.")
NOT_SEEN = N_("Look at what the change would alter, then store it. Nothing was stored.")
CHANGED = N_("Somebody else set the weights of this year meanwhile. Look at them and set yours again.")
NEEDS_REASON = N_("Write the reason: it stands in the record.")
ORDER = N_("The line of the middle level lies above the line of failing.")


def digest(weights: Weights, edition: int) -> str:
    """Return the key of a preview: of these weights, against that edition."""
    text = json.dumps([weights.plain(), edition], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def check(wanted: Weights) -> None:
    """Refuse a scheme whose lines stand in the wrong order.

    :raises Invalid: the middle level would begin below the failing one.
    """
    middle = wanted.scheme.middle_below
    if middle is not None and middle <= wanted.scheme.fail_below:
        raise Invalid({"middle_below": ORDER})


def set_weights(work: Work, year: int, wanted: Weights, reason: str, seen: str, edition: int) -> WeightEdition:
    """Store weights that were looked at, as the year's next edition; signed sheets keep their figures.

    Order of effects: agreements of units whose figures it alters are gone, the edition, one line in the record with
    each value before and after.

    :raises Refused: nothing differs, or it was not looked at.  :raises Stale: another edition came meanwhile.
    :raises Invalid: no reason, or lines in the wrong order.
    """
    check(wanted)
    known = ground(work.session, year)
    if known.weights.number != edition:
        raise Stale(CHANGED)
    found = changes(known.weights, wanted, known.rules)
    if not found:
        raise Refused(SAME)
    if not clean(reason):
        raise Invalid({"reason": NEEDS_REASON})
    if seen != digest(wanted, edition):
        raise Refused(NOT_SEEN)
    for sheet, _after in would_change(work.session, known, wanted, work.now):
        if sheet.row is not None:
            no_longer_agreed(sheet.row)
    made = {"made_by": work.actor.person_id, "made_name": work.actor.name, "made_at": work.now}
    values = {"year": year, "number": edition + 1, "weights": wanted.plain(), "changes": found, "reason": clean(reason)}
    insert = postgresql.insert if work.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(WeightEdition).values(values | made).on_conflict_do_nothing(index_elements=["year", "number"])
    id_ = work.session.scalar(statement.returning(WeightEdition.id))
    if id_ is None:
        raise Stale(CHANGED)
    row = work.session.get_one(WeightEdition, id_)
    words = "；".join(f"{each['what']}：{each['before']} → {each['after']}" for each in found)
    record(work, Word.ASSESSMENT_WEIGHTS_SET, row, year=year, edition=row.number, words=words, reason=row.reason)
    return row
