"""The figures of 数据展示: numbers from the ledger, put over months or problems."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.bulletins.policy.facts import Percentages
from tracker.bulletins.policy.figures import (
    ANSWERED,
    CHECKED,
    FAILED,
    OTHERS,
    PLANS,
    SHARE,
    SHARE_DONE,
    TOTAL,
    Plan,
    Say,
)
from tracker.bulletins.queries.series.months import Span
from tracker.bulletins.queries.series.rates import Rates, rates
from tracker.bulletins.queries.series.rows import Asked, Counts, counts, waits
from tracker.charts.figure import Column, Figure, Number, Place, Series
from tracker.escalation.policy import Month
from tracker.indicators.models import Indicator
from tracker.intake.models import Publication
from tracker.kit.clock import OFFICE

MOST_KINDS = 10
"""Problems that are drawn one by one; the others are one bar."""
OTHER = "other"


_SHARES = {
    "answers": (SHARE, "in_time", "waiting"),
    "reports": (SHARE, "in_time", "waiting"),
    "items": (SHARE_DONE, "done", "other"),
}
"""Which part makes a figure's share of the whole, and which part belongs to no whole."""


@dataclass(frozen=True)
class Made:
    """A figure, and the names of its places in addresses."""

    figure: Figure
    spots: tuple[str, ...]
    parts: tuple[str, ...]
    snapshots: dict[tuple[str, int], int] = field(default_factory=dict)
    """Of 合格率, by part and place: the snapshot of the registry that was counted in."""


def figures(session: Session, asked: Asked, say: Say, keys: Sequence[str] = tuple(PLANS)) -> list[Made]:
    """Return these figures; a number of statements that depends on nothing but the keys."""
    made = []
    for key in keys:
        plan = PLANS[key]
        if asked.unit_id is None or plan.by_unit:
            made.append(_MAKERS.get(key, _counted)(session, plan, asked, say))
    return made


def places(span: Span, say: Say) -> tuple[Place, ...]:
    """Return the months as places: 2021年12月 on paper, 2021-12 where months are not written in Chinese."""
    if say(PLANS["rates"].head) == "月份":
        return tuple(Place(month.words, f"{month.number}月", f"{month.year}年") for month in span.months)
    return tuple(Place(month.code, f"{month.number:02}", str(month.year)) for month in span.months)


def _figure(
    plan: Plan, say: Say, at: tuple[Place, ...], series: Sequence[Series], columns: Sequence[Column] = ()
) -> Figure:
    return Figure(
        plan.key,
        plan.kind,
        say(plan.title),
        say(plan.head),
        say(plan.measure),
        at,
        tuple(series),
        tuple(columns),
        say(plan.note) if plan.note else "",
    )


def _counted(session: Session, plan: Plan, asked: Asked, say: Say) -> Made:
    """Return a figure of counts by month; a month in which there was nothing to count is a zero."""
    found = counts(session, plan.key, asked)
    codes = asked.span.codes
    # Nothing found in a month is a zero; nobody having looked is a gap.
    looked = asked.count.inspected if plan.key == "levels" else codes
    series = [
        Series.counted(
            say(part.said),
            tuple(found.get((code, part.name), 0) if code in looked else None for code in codes),
            part.tone,
        )
        for part in plan.parts
    ]
    figure = _figure(plan, say, places(asked.span, say), series, _columns(plan, found, asked, say))
    return Made(figure, tuple(codes), tuple(part.name for part in plan.parts))


def _columns(plan: Plan, found: Counts, asked: Asked, say: Say) -> list[Column]:
    codes = asked.span.codes
    sums = [sum(found.get((code, part.name), 0) for part in plan.parts) for code in codes]
    looked = asked.count.inspected if plan.key == "levels" else codes
    totals = tuple(str(total) if code in looked else "" for code, total in zip(codes, sums, strict=True))
    columns = [Column(say(TOTAL), totals)] if len(plan.parts) > 1 else []
    if plan.key in _SHARES:
        said, part, apart = _SHARES[plan.key]
        of = [total - found.get((code, apart), 0) for code, total in zip(codes, sums, strict=True)]
        parts = [found.get((code, part), 0) for code in codes]
        shares = [Percentages().write(n, whole) if whole else "" for n, whole in zip(parts, of, strict=True)]
        columns.append(Column(say(said), tuple(shares)))
    return columns


def _rates(session: Session, plan: Plan, asked: Asked, say: Say) -> Made:
    found = rates(session, asked.span, asked.count, asked.unit_id)
    codes = asked.span.codes
    series, columns = [], []
    for part in plan.parts:
        name = say(part.said)
        series.append(_rate(name, part.name, codes, found, asked))
        for said, numbers in ((CHECKED, "checked"), (FAILED, "failed")):
            cells = tuple(_cell(found, code, part.name, numbers) for code in codes)
            columns.append(Column(say(said) % {"what": name}, cells))
    figure = _figure(plan, say, places(asked.span, say), series, columns)
    snapshots = {(part, codes.index(code)): rate.snapshot_id for (code, part), rate in found.items()}
    return Made(figure, tuple(codes), tuple(part.name for part in plan.parts), snapshots)


def _rate(name: str, part: str, codes: list[str], found: Rates, asked: Asked) -> Series:
    values: list[Number | None] = []
    shown = []
    for code in codes:
        rate = found.get((code, part))
        passed = rate.checked - len(rate.failed) if rate else 0
        values.append(round(100 * passed / rate.checked, 4) if rate else None)
        shown.append(asked.count.writing[code].write(passed, rate.checked) if rate else "")
    return Series(name, tuple(values), tuple(shown))


def _cell(found: Rates, code: str, part: str, numbers: str) -> str:
    rate = found.get((code, part))
    return "" if rate is None else str(rate.checked if numbers == "checked" else len(rate.failed))


def _problems(session: Session, plan: Plan, asked: Asked, say: Say) -> Made:
    """Return the problems by kind: the most frequent first within each gravity, the rest as one."""
    found = counts(session, plan.key, asked)
    titles = dict(session.execute(select(Indicator.id, Indicator.title)).all())
    names = [part.name for part in plan.parts]
    order = sorted({spot for spot, _part in found}, key=lambda spot: _gravity(found, spot, names))
    drawn, rest = order[:MOST_KINDS], order[MOST_KINDS:]
    at = [Place(titles[int(spot)]) for spot in drawn]
    table = {name: [found.get((spot, name), 0) for spot in drawn] for name in names}
    if rest:
        at.append(Place(say(OTHERS) % {"count": len(rest)}))
        for name in names:
            table[name].append(sum(found.get((spot, name), 0) for spot in rest))
    series = [Series.counted(say(part.said), tuple(table[part.name]), part.tone) for part in plan.parts]
    sums = tuple(str(sum(column)) for column in zip(*table.values(), strict=True))
    figure = _figure(plan, say, tuple(at), series, [Column(say(TOTAL), sums)])
    return Made(figure, (*drawn, *([OTHER] if rest else ())), tuple(names))


def _gravity(found: Counts, spot: str, names: list[str]) -> tuple[int, ...]:
    numbers = [found.get((spot, name), 0) for name in names]
    return next(n for n, number in enumerate(numbers) if number), -sum(numbers), int(spot)


def _days(session: Session, plan: Plan, asked: Asked, say: Say) -> Made:
    """Return the median of days from issue to first report, by month of the deadline; a month without one is a gap."""
    # The zone has known no summer time since 1991: one shift for all, since asking it for each row takes a second.
    shift = asked.now.astimezone(OFFICE).utcoffset() or timedelta()
    taken: dict[str, list[int]] = defaultdict(list)
    for place, issued, answered in session.execute(waits(asked)):
        taken[place].append(max((answered + shift).toordinal() - (issued + shift).toordinal(), 0))
    codes = asked.span.codes
    values = tuple(median(taken[code]) if code in taken else None for code in codes)
    shown = tuple("" if value is None else f"{value:g}" for value in values)
    series = [Series(say(plan.parts[0].said), values, shown)]
    told = Column(say(ANSWERED), tuple(str(len(taken.get(code, ()))) for code in codes))
    return Made(_figure(plan, say, places(asked.span, say), series, [told]), tuple(codes), ("",))


def _published(session: Session, plan: Plan, asked: Asked, say: Say) -> Made:
    """Return the sums of publication figures by month; a month for which nobody entered any is a gap."""
    sums: Any = [func.sum(getattr(Publication, part.name)) for part in plan.parts]
    query = select(Publication.period, *sums).where(Publication.period.in_(asked.span.codes))
    found = {row[0]: row[1:] for row in session.execute(query.group_by(Publication.period))}
    codes = asked.span.codes
    series = [
        Series.counted(say(part.said), tuple(int(found[c][n]) if c in found else None for c in codes), part.tone)
        for n, part in enumerate(plan.parts)
    ]
    total = Column(say(TOTAL), tuple(str(sum(map(int, found[code]))) if code in found else "" for code in codes))
    figure = _figure(plan, say, places(asked.span, say), series, [total])
    return Made(figure, tuple(codes), tuple(part.name for part in plan.parts))


_MAKERS = {"rates": _rates, "problems": _problems, "days": _days, "published": _published}


def place_name(session: Session, key: str, spot: str, say: Say) -> str:
    """Return how a place of a figure is called: its month, or its indicator; "" when there is none such."""
    if key == "problems":
        return session.scalar(select(Indicator.title).where(Indicator.id == int(spot))) or ""
    try:
        return places(Span((Month.parse(spot),)), say)[0].label
    except ValueError:
        return ""
