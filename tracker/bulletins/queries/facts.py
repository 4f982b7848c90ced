"""Gathering a bulletin's facts: every figure by a query over the rows that its link opens."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from tracker.bulletins.policy.facts import Facts, Figure, Percentages, Problem
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries import counts
from tracker.bulletins.queries.population import Population, population
from tracker.bulletins.queries.problems import owed, problems
from tracker.kit.clock import OFFICE
from tracker.kit.words import N_


@dataclass(frozen=True)
class Settings:
    """What a bulletin says that no row holds."""

    issuer: str
    basis: str = ""
    due_words: str = ""
    percentages: Percentages = field(default_factory=Percentages)


def gather(session: Session, period: Period, until: date, settings: Settings, asked_at: datetime) -> Facts:
    """Return everything the bulletin of a period is made from, counted up to a day (included).

    A constant number of statements, however many rows. `asked_at` is the moment for which "not answered" is true.
    """
    end = datetime.combine(until, time.max, OFFICE)
    people = population(session, period, until)
    found = problems(session, period, until)
    waiting = owed(session, period, min(end, asked_at))
    numbers = people.counts | counts.streams(session, period, until) | counts.notices(session, period, end)
    works = counts.works(session, period)
    facts = Facts(
        period=period,
        issuer=settings.issuer,
        basis=settings.basis,
        until=until,
        due_words=settings.due_words,
        counts=numbers,
        figures={},
        problems=tuple(found),
        owed=tuple(waiting),
        works=tuple(works),
        annexes=tuple(problem.key for problem in found if problem.annexed),
        reports_from=counts.forwarder(session, period, until),
        publisher=counts.publisher(session, period),
        before=_before(session, period, settings),
    )
    return replace(facts, figures={figure.key: figure for figure in _figures(facts, people, settings)})


def _before(session: Session, period: Period, settings: Settings) -> dict[str, str]:
    """Return the comparable figures of the period before; nothing when no inspection of it was counted."""
    last = population(session, period.before, period.before.ends_on)
    checked = last.counts["accounts.checked"]
    if not last.counted or not checked:
        return {}
    return {"accounts.rate": settings.percentages.write(checked - last.counts["accounts.failed"], checked)}


def _figures(facts: Facts, people: Population, settings: Settings) -> Iterator[Figure]:
    yield from _names(facts)
    for key, name, rows in _COUNTED:
        yield Figure(key, str(facts.counts[key]), name, _rows(rows, facts, people))
    yield from _rates(facts, settings.percentages, people)
    for key, shown in facts.before.items():
        yield Figure(f"before.{key}", shown, N_("The period before"))
    for problem in facts.problems:
        yield from _of_problem(problem)
    for each in facts.owed:
        yield Figure(f"{each.key}.unit", each.unit, N_("Unit"), each.rows)
        yield Figure(f"{each.key}.what", each.what, N_("What was not answered"), each.rows)
    for work in facts.works:
        rows = f"/intake/lines?period={facts.period.code}"
        yield Figure(f"{work.key}.heading", work.heading, N_("Line of work"), rows)
        yield Figure(f"{work.key}.text", work.text, N_("Line of work"), rows)


def _names(facts: Facts) -> Iterator[Figure]:
    said = {
        "office": facts.issuer,
        "basis": facts.basis,
        "due": facts.due_words,
        "period": facts.period.words,
        "period.full": facts.period.full_words,
        "period.noun": facts.period.noun,
        "reports.from": facts.reports_from,
        "publisher": facts.publisher,
    }
    for key, shown in said.items():
        yield Figure(key, shown, N_("As entered"))


_COUNTED = (
    ("sites.total", N_("Websites in the registry of that day"), "/registry?kind=site&snapshot={snapshot}"),
    ("accounts.total", N_("Accounts in the registry of that day"), "/registry?kind=account&snapshot={snapshot}"),
    ("sites.checked", N_("Websites inspected"), "/registry?kind=site&snapshot={snapshot}"),
    ("accounts.checked", N_("Accounts inspected"), "/registry?kind=account&snapshot={snapshot}"),
    ("notices.sent", N_("Rectification notices issued"), "/notices?{days}"),
    ("notices.done", N_("Rectification notices closed"), "/notices?state=closed&{days}"),
    ("reports.received", N_("Error reports received"), "/intake/reports?{days}"),
    ("reports.true", N_("Error reports that were true"), "/intake/reports?truth=true&{days}"),
    ("reports.closed", N_("Error reports closed"), "/intake/reports?state=closed&{days}"),
    ("changes.done", N_("Change requests done"), "/intake/changes?{days}"),
    ("published.total", N_("Items published"), "/intake/publications?period={period}"),
    ("published.texts", N_("Texts published"), "/intake/publications?period={period}"),
    ("published.pictures", N_("Pictures published"), "/intake/publications?period={period}"),
    ("published.videos", N_("Videos published"), "/intake/publications?period={period}"),
)
"""Counted figures: key, name, and the page of their rows."""


def _rows(template: str, facts: Facts, people: Population) -> str:
    days = urlencode({"from": facts.period.starts_on.isoformat(), "until": facts.until.isoformat()})
    return template.format(days=days, period=facts.period.code, snapshot=people.snapshot_id or "")


def _rates(facts: Facts, write: Percentages, people: Population) -> Iterator[Figure]:
    counts_ = facts.counts
    total = counts_["sites.total"] + counts_["accounts.total"]
    if total:
        checked = counts_["sites.checked"] + counts_["accounts.checked"]
        rows = _rows("/registry?snapshot={snapshot}", facts, people)
        yield Figure("coverage", write.write(checked, total), N_("Inspected, of all"), rows)
    for kind, name in (("sites", N_("Websites without a veto")), ("accounts", N_("Accounts without a veto"))):
        checked = counts_[f"{kind}.checked"]
        if checked:
            rows = "/findings?standing=&level=veto"
            yield Figure(f"{kind}.rate", write.write(checked - counts_[f"{kind}.failed"], checked), name, rows)


def _of_problem(problem: Problem) -> Iterator[Figure]:
    said = {
        "title": problem.title,
        "text": problem.text,
        "subjects": str(problem.subjects),
        "count": str(len(problem.units)),
        "units": "、".join(problem.units),
    }
    for name, shown in said.items():
        yield Figure(f"{problem.key}.{name}", shown, N_("Findings of this problem"), problem.rows)
