"""Starting a bulletin of a period, and changing its frame: title, basis, last day counted, deadline, percentages."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.almanac.queries import calendar as calendar_of
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.bulletins.models import Bulletin
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.population import usual_until
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.words import N_
from tracker.notices.lifecycle import NoticeState
from tracker.notices.operations.drafts import CHANGEABLE
from tracker.org.policy import Work
from tracker.workdays.deadlines import words_for

SHIPPED = Path(__file__).parents[1] / "data" / "requirements.yaml"
DUE_DAY = 10
"""Day of the month after the period until which reports are asked for, unless the clerk says otherwise."""
EXISTS = N_("There is a bulletin of this period already. Open it from the list.")
HANDED_IN = N_("This bulletin was handed in for sign-off: its text is fixed. Have it sent back first.")
CHANGED = N_("Somebody else changed this bulletin after you opened it. Compare, then enter your change again.")
NO_SUCH_PERIOD = N_("Write the period as 2021-12 (a month), 2021-H2 (a half-year) or 2021 (a year).")
UNTIL_OUTSIDE = N_("The last day counted lies outside the period %(period)s.")

DUE_TOO_EARLY = N_("The day must lie after the last day counted.")


@dataclass(frozen=True)
class Frame:
    """What stands around the text."""

    title: str
    until: date
    basis: str = ""
    due_on: date | None = None
    places: int = 2
    cut: bool = False
    with_ledger: bool = False
    with_charts: bool = False


def usual_title(period: Period) -> str:
    """Return the title an office gives such a bulletin."""
    return f"关于{period.full_words}政府网站与政务新媒体检查情况的通报"


def usual_due(session: Session, period: Period) -> date | None:
    """Return the tenth of the month after, or the working day that follows it; none for a half-year or a year.

    What those sum up was asked for by the months' own bulletins.
    """
    if period.several:
        return None
    day = date(period.year + period.last // 12, period.last % 12 + 1, DUE_DAY)
    calendar = calendar_of(session)
    while not calendar.works(day):
        day = date.fromordinal(day.toordinal() + 1)
    return day


@cache
def _shipped() -> tuple[str, ...]:
    return tuple(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def first_requirements(session: Session) -> list[dict[str, Any]]:
    """Return the next steps a new draft proposes: those of the newest bulletin, or the shipped ones; without days."""
    last = session.scalars(select(Bulletin.requirements).order_by(Bulletin.id.desc()).limit(1)).first()
    texts = [str(row["text"]) for row in last] if last else list(_shipped())
    return [{"key": f"step-{n}", "text": text} for n, text in enumerate(texts, 1)]


def usual_frame(session: Session, period: Period) -> Frame:
    """Return the frame a new draft proposes."""
    return Frame(usual_title(period), usual_until(session, period), due_on=usual_due(session, period))


def unsaved(work: Work, period: Period) -> Bulletin:
    """Return the bulletin of a period as it would begin, belonging to no session."""
    bulletin = Bulletin(period=period.code, requirements=first_requirements(work.session), edits={}, reasons={})
    _frame(bulletin, usual_frame(work.session, period))
    return bulletin


def start(work: Work, period: Period, frame: Frame) -> Bulletin:
    """Start the bulletin of a period and record it.

    :raises Refused: there is one already.
    :raises Invalid: the last day counted lies outside the period.
    """
    if work.session.scalars(select(Bulletin.id).where(Bulletin.period == period.code)).first():
        raise Refused(EXISTS)
    bulletin = Bulletin(
        period=period.code,
        requirements=first_requirements(work.session),
        drafted_by=work.actor.person_id,
        drafted_at=work.now,
    )
    _frame(bulletin, frame)
    work.session.add(bulletin)
    work.session.flush()
    record(work, Word.BULLETIN_DRAFTED, bulletin, bulletin=bulletin.title)
    return bulletin


def change_frame(work: Work, bulletin: Bulletin, frame: Frame, seen_version: int) -> None:
    """Change what frames the text and record it.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed it meanwhile.
    :raises Invalid: the last day counted lies outside the period.
    """
    require_open(bulletin, seen_version)
    _frame(bulletin, frame)
    work.session.flush()
    record(work, Word.BULLETIN_CHANGED, bulletin, bulletin=bulletin.title, line="")


def _frame(bulletin: Bulletin, frame: Frame) -> None:
    period = Period.parse(bulletin.period)
    if not period.starts_on <= frame.until <= period.ends_on:
        raise Invalid({"until": UNTIL_OUTSIDE}, period=period.full_words)
    if frame.due_on is not None and frame.due_on <= frame.until:
        raise Invalid({"due_on": DUE_TOO_EARLY})
    bulletin.title, bulletin.basis, bulletin.until = frame.title, frame.basis, frame.until
    bulletin.due_on = frame.due_on
    bulletin.due_words = words_for(frame.due_on, None, frame.until) if frame.due_on else ""
    bulletin.places, bulletin.cut, bulletin.with_ledger = frame.places, frame.cut, frame.with_ledger
    bulletin.with_charts = frame.with_charts


def is_open(bulletin: Bulletin) -> bool:
    """Tell whether the text may still change: no document was made of it, or that one is back with the clerk."""
    return bulletin.notice is None or bulletin.notice.state in (*CHANGEABLE, NoticeState.WITHDRAWN)


def require_open(bulletin: Bulletin, seen_version: int) -> None:
    """Let only a draft be changed that is as the person saw it.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed it meanwhile.
    """
    if not is_open(bulletin):
        raise Refused(HANDED_IN)
    if bulletin.version != seen_version:
        raise Stale(CHANGED, {}, {})
