"""Opening a self-inspection: sheets and questions of every asked unit, and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.indicators.models import Indicator
from tracker.indicators.policy import FINDABLE_LEVELS
from tracker.kit.errors import Invalid
from tracker.kit.words import N_
from tracker.org.models import Person, Role, RoleGrant
from tracker.org.policy import Permission, Work
from tracker.selfcheck.models import Line, SelfCheck, Sheet
from tracker.selfcheck.policy import MOST_INDICATORS, MOST_LINES, questions
from tracker.selfcheck.queries.overview import by_unit

PAST = N_("This day has passed; give the units some days.")
CHOOSE = N_("Choose at least one indicator.")
TOO_MANY = N_("At most %(most)s indicators: a longer list is not checked, only ticked.")
NOBODY = N_("Choose units that have a site or an account which the chosen indicators apply to.")
TOO_LONG = N_("These are %(n)s questions in all, at most %(most)s can be asked. Choose fewer indicators or units.")


@dataclass(frozen=True)
class Opening:
    """What the form says."""

    title: str
    period: str
    due_on: date
    note: str
    indicators: Sequence[int]
    units: Sequence[int]


def open_check(work: Work, wanted: Opening) -> SelfCheck:
    """Open a self-inspection. Order: choices checked, the check, a sheet per unit, its lines, the record.

    The contacts of the asked units find a message in their inbox: the record names them with the page that is theirs.

    :raises Invalid: names the fields that cannot be taken.
    """
    if wanted.due_on < work.today:
        raise Invalid({"due_on": PAST})
    chosen = _indicators(work, wanted.indicators)
    asked = [(unit.id, list(questions(subjects, chosen))) for unit, subjects in by_unit(work.session).items()]
    asked = [(id_, lines) for id_, lines in asked if id_ in set(wanted.units) and lines]
    total = sum(len(lines) for _unit, lines in asked)
    if not asked:
        raise Invalid({"units": NOBODY})
    if total > MOST_LINES:
        raise Invalid({"indicators": TOO_LONG}, n=total, most=MOST_LINES)
    check = SelfCheck(
        title=wanted.title,
        period=wanted.period,
        due_on=wanted.due_on,
        note=wanted.note,
        opened_by=work.actor.person_id,
        opened_name=work.actor.signature(Permission.FINDING_WRITE),
        opened_at=work.now,
    )
    work.session.add(check)
    work.session.flush()
    sheets = [Sheet(check_id=check.id, unit_id=unit_id) for unit_id, _lines in asked]
    work.session.add_all(sheets)
    work.session.flush()
    rows = [
        {"sheet_id": sheet.id, "subject_id": subject_id, "indicator_id": indicator_id, "text": ""}
        for sheet, (_unit, lines) in zip(sheets, asked, strict=True)
        for subject_id, indicator_id in lines
    ]
    work.session.execute(insert(Line), rows)
    people = {str(id_): f"/own-checks/{check.id}" for id_ in _contacts(work, [unit_id for unit_id, _lines in asked])}
    until = check.due_on
    record(work, Word.SELFCHECK_OPENED, check, title=check.title, until=until, units=len(asked), people=people)
    return check


def _indicators(work: Work, ids: Sequence[int]) -> list[Indicator]:
    if not ids:
        raise Invalid({"indicators": CHOOSE})
    if len(set(ids)) > MOST_INDICATORS:
        raise Invalid({"indicators": TOO_MANY}, most=MOST_INDICATORS)
    query = select(Indicator).where(Indicator.id.in_(set(ids)), Indicator.level.in_(FINDABLE_LEVELS))
    return list(work.session.scalars(query.order_by(Indicator.set_id, Indicator.id)))


def _contacts(work: Work, unit_ids: Sequence[int]) -> list[int]:
    query = select(Person.id).join(RoleGrant, RoleGrant.person_id == Person.id)
    query = query.where(RoleGrant.role == Role.CONTACT, RoleGrant.revoked_at.is_(None))
    query = query.where(Person.unit_id.in_(unit_ids), Person.active.is_(True))
    return list(work.session.scalars(query.distinct().order_by(Person.id)))
