"""Figures over months against the plain count of made-up months, and how long they take over many findings."""

from collections.abc import Iterator, Sequence
from time import perf_counter

from tracker.bulletins.policy.facts import Percentages
from tracker.bulletins.policy.figures import on_paper
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries.series import Asked, Made, Span, counting, figures
from tracker.charts.drawing import draw
from tracker.cli.bench.figures import Figure
from tracker.cli.bench.months.ledgers import Month
from tracker.escalation.policy import Month as Place
from tracker.org.policy import Work

LOOKED = 20
"""Spans of three years that are compared; each holds 36 made-up months."""


def over_months(work: Work, made: Sequence[Month], many: int, largest: str) -> Iterator[Figure]:
    """Yield how many figures differ from the months' own count, and the time of all figures beside many findings."""
    wrong = compared = 0
    known = {month.period: month for month in made}
    spans = [_span(each.period) for each in made[:: max(1, len(made) // LOOKED)]]
    for span in spans:
        found = {each.figure.key: each for each in _made(work, span)}
        for place, code in enumerate(span.codes):
            if code in known:
                differ = _differ(found, place, known[code])
                wrong, compared = wrong + sum(differ), compared + len(differ)
    yield Figure("figures over months compared with a plain count", compared, digits=0)
    yield Figure("of them different", wrong, "", 0, 0)
    started = perf_counter()
    drawn = [draw(each.figure, 352) for each in _made(work, _span(largest)) if not each.figure.empty]
    seconds = perf_counter() - started
    yield Figure(f"{len(drawn)} figures over 36 months and {many:,} findings, drawn", seconds, "s", 2, 2)


def _span(code: str) -> Span:
    return Span.ending(Place.parse(Period.parse(code).months[-1]), 36)


def _made(work: Work, span: Span) -> list[Made]:
    return figures(work.session, Asked(span, counting(work.session, span), None, work.now), on_paper)


def _differ(found: dict[str, Made], place: int, month: Month) -> list[bool]:
    """Return for each figure of a month whether it differs."""
    truth, write = month.truth(), Percentages().write
    rates = found["rates"].figure
    differ = []
    for part, kind in enumerate(("sites", "accounts")):
        checked = truth[f"{kind}.checked"]
        rate = write(checked - truth[f"{kind}.failed"], checked) if checked else ""
        differ.append(rates.series[part].shown[place] != rate)
    received = sum(int(each.values[place] or 0) for each in found["reports"].figure.series)
    differ.append(received != truth["reports.received"])
    for part, kind in enumerate(("texts", "pictures", "videos")):
        differ.append(int(found["published"].figure.series[part].values[place] or 0) != truth[f"published.{kind}"])
    told = sum(int(each.values[place] or 0) for each in found["levels"].figure.series[:2])
    return [*differ, told != sum(month.by_unit().values())]
