"""Gathering a bulletin's facts: every figure by a query over the rows that its link opens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.bulletins.models import Bulletin
from tracker.bulletins.policy.annexes import LEDGER, annex_numbers
from tracker.bulletins.policy.comparison import counted, points
from tracker.bulletins.policy.facts import Demand, Facts, Figure, Percentages, Problem
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries import counts
from tracker.bulletins.queries.ledger_annex import count_ledger
from tracker.bulletins.queries.months import months
from tracker.bulletins.queries.names import asked, renamed
from tracker.bulletins.queries.population import Population, population, usual_until
from tracker.bulletins.queries.problems import count_problems, problems
from tracker.bulletins.queries.unanswered import owed, to_name, were_owed
from tracker.kit.clock import OFFICE
from tracker.kit.words import N_
from tracker.org.queries import names_on
from tracker.workdays.deadlines import words_for


@dataclass(frozen=True)
class Settings:
    """What a bulletin says that no row holds."""

    issuer: str
    basis: str = ""
    due_words: str = ""
    percentages: Percentages = field(default_factory=Percentages)
    requirements: Sequence[Mapping[str, Any]] = ()
    """The next steps as the bulletin stores them; those with a day and units ask for an answer of their own."""
    ledger: bool = False
    charts: bool = False
    notice_id: int | None = None
    """The document the bulletin became."""


def gather(session: Session, period: Period, until: date, settings: Settings, asked_at: datetime) -> Facts:
    """Return everything the bulletin of a period is made from, counted up to a day (included).

    A constant number of statements, however many rows. `asked_at` is the moment for which "not answered" is true.
    """
    end = datetime.combine(until, time.max, OFFICE)
    names = names_on(session, until)
    people = population(session, period, until)
    found = problems(session, period, until, names)
    waiting = owed(session, period, min(end, asked_at), names)
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
        annexed={LEDGER: count_ledger(session, period, until)} if settings.ledger else {},
        namings=tuple(to_name(session, period, settings.notice_id, names)),
        demands=tuple(_demands(session, settings, names, until)),
        renamed=renamed(session, until, names),
        months=tuple(months(session, period, until, settings.percentages)),
        ledger=settings.ledger,
        charts=settings.charts,
        reports_from=counts.forwarder(session, period, until),
        publisher=counts.publisher(session, period),
    )
    drafted = session.scalar(select(Bulletin.until).where(Bulletin.period == period.before.code))
    last = drafted or usual_until(session, period.before)  # as the bulletin before counted, not as it looks from here
    facts = replace(facts, before=_before(session, facts, last, settings), before_until=last)
    return replace(facts, figures={figure.key: figure for figure in _figures(facts, people, settings)})


def _demands(session: Session, settings: Settings, names: Mapping[int, str], until: date) -> Iterator[Demand]:
    for row in settings.requirements:
        if row.get("due_on") and row.get("units"):
            due = words_for(date.fromisoformat(row["due_on"]), None, until)
            yield Demand(row["key"], asked(session, row["units"], names), due)


def _before(session: Session, facts: Facts, until: date, settings: Settings) -> dict[str, str]:
    """Return what is said of the period before; nothing when no inspection of it was counted."""
    period, words, write = facts.period.before, facts.period.last_words, settings.percentages.write
    last = population(session, period, until)
    said: dict[str, str] = {}
    for kind in ("sites", "accounts"):
        now, then = facts.counts[f"{kind}.checked"], last.counts[f"{kind}.checked"]
        if now and then:
            rate, was = (write(n - held[f"{kind}.failed"], n) for n, held in ((now, facts.counts), (then, last.counts)))
            said[f"{kind}.rate"] = points(rate, was, words)
    if last.counted:
        total = sum(problem.findings for problem in facts.problems)
        said["problems"] = counted(total, count_problems(session, period, until), "个", words)
        end = datetime.combine(until, time.max, OFFICE)
        owed_then = were_owed(session, period, end)
        if facts.owed or owed_then:
            said["owed"] = counted(len(facts.owed), owed_then, "份", words)
    return said


def _figures(facts: Facts, people: Population, settings: Settings) -> Iterator[Figure]:
    yield from _names(facts)
    for key, name, rows in _COUNTED:
        yield Figure(key, str(facts.counts[key]), name, _rows(rows, facts, people))
    yield from _rates(facts, settings.percentages, people)
    for key, shown in facts.before.items():
        yield Figure(f"before.{key}", shown, N_("The period before"), _before_rows(key, facts))
    for key, number in annex_numbers(facts).items():
        yield Figure(f"{key}.annex", number, N_("The number of the annex"))
    yield from _others(facts)
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
    ("sites.checked", N_("Websites inspected"), "/bulletins/subjects?which=checked&kind=site&{span}"),
    ("accounts.checked", N_("Accounts inspected"), "/bulletins/subjects?which=checked&kind=account&{span}"),
    ("notices.sent", N_("Rectification notices issued"), "/notices?kind=rectification&state=valid&{days}"),
    (
        "notices.done",
        N_("Rectification notices closed"),
        "/notices?kind=rectification&state=closed&ended={until}&{days}",
    ),
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
    until = facts.until.isoformat()
    span = urlencode({"period": facts.period.code, "until": until})
    return template.format(
        days=days, span=span, until=until, period=facts.period.code, snapshot=people.snapshot_id or ""
    )


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
            rows = _rows(f"/bulletins/subjects?which=failed&kind={kind[:-1]}&{{span}}", facts, people)
            yield Figure(f"{kind}.rate", write.write(checked - counts_[f"{kind}.failed"], checked), name, rows)


def _others(facts: Facts) -> Iterator[Figure]:
    """Yield the figures of what units owe, of namings, of the next steps and of the ledger."""
    span = urlencode({"period": facts.period.code, "until": facts.until.isoformat()})
    told, units = sum(problem.findings for problem in facts.problems), len({each.unit for each in facts.owed})
    waiting = f"/bulletins/unanswered?{span}"
    yield Figure("problems.total", str(told), N_("Problems told"), f"/bulletins/problems?{span}")
    yield Figure("owed.total", str(len(facts.owed)), N_("What was not answered"), waiting)
    yield Figure("owed.units", str(units), N_("Units that have not answered"), waiting)
    if LEDGER in facts.annexed:
        rows = str(facts.annexed[LEDGER])
        yield Figure("ledger.rows", rows, N_("Rows of the ledger"), f"/ledger?rectified=counted&{span}")
    for each in facts.namings:
        said = {"unit": each.unit, "quarter": each.quarter, "times": str(len(each.late))}
        for name, shown in (said | {"what": "、".join(dict.fromkeys(each.late))}).items():
            yield Figure(f"{each.key}.{name}", shown, N_("An accepted naming"), each.rows)
    for demand in facts.demands:
        yield Figure(f"{demand.key}.units", demand.units, N_("Who must answer this requirement"))
        yield Figure(f"{demand.key}.due", demand.due, N_("The requirement's own day"))


def _before_rows(key: str, facts: Facts) -> str:
    """Return the page of what the period before is said to have had."""
    span = urlencode({"period": facts.period.before.code, "until": facts.before_until})
    what, _dot, _rate = key.partition(".")
    if what in ("sites", "accounts"):
        return f"/bulletins/subjects?which=failed&kind={what[:-1]}&{span}"
    return f"/bulletins/{'problems' if what == 'problems' else 'unanswered'}?{span}"


def _of_problem(problem: Problem) -> Iterator[Figure]:
    said = {
        "title": problem.title,
        "text": problem.text,
        "subjects": str(problem.subjects),
        "count": str(len(problem.units)),
        "units": "、".join(problem.units),
        "again": problem.recurring,
    }
    for name, shown in said.items():
        yield Figure(f"{problem.key}.{name}", shown, N_("Findings of this problem"), problem.rows)
