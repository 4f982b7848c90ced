"""The figures of `flask bench bulletins`."""

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import perf_counter

from sqlalchemy import insert, select

from tracker.bulletins.operations.draft import unsaved
from tracker.bulletins.policy.binding import compose, rebind, stored
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.layout import Line, text_of
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries import facts_of, flags_of, lines_of
from tracker.bulletins.queries.problems import UNANSWERED
from tracker.cli.bench.figures import Figure
from tracker.cli.bench.months.ledgers import Month, ground, months, store
from tracker.cli.bench.months.over_months import over_months
from tracker.cli.bench.world import Bare
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding
from tracker.org.policy import Work

ISSUER = "市政府办公室"
NUMERAL = re.compile(r"\d+(?:\.\d+)?")
LEDGERS, MANY = 1000, 100_000
LARGEST = "2098-01"
"""The month of the many findings."""


def figures(folder: Path, seed: int, ledgers: int = LEDGERS, many: int = MANY) -> Iterator[Figure]:
    """Yield counts of wrong figures over made-up ledgers, of alterations missed, and the time of a large draft."""
    dice = random.Random(seed)  # noqa: S311  (made-up data)
    world = Bare(folder)
    with world.working() as work:
        ground(work)
        known = select(Indicator.id).where(Indicator.code != UNANSWERED).order_by(Indicator.id).limit(6)
        indicators = list(work.session.scalars(known))
        made = list(months(dice, ledgers, indicators))
        for n, month in enumerate(made, 1):
            store(work, n, month)
        yield Figure("made-up ledgers", len(made), digits=0)
        done = [row["done_on"] for month in made for row in month.rows["change"]]
        wrong = sum(_wrong(work, month, done) for month in made)
        yield Figure("figures that differ from a plain count", wrong, "", 0, 0)
        yield from _alterations(work, made)
        yield from _large(work, many, indicators)
        yield from over_months(work, made, many, LARGEST)


def _draft(work: Work, month: Month) -> tuple[Facts, list[Line]]:
    bulletin = unsaved(work, Period.parse(month.period))
    facts = facts_of(work, bulletin, ISSUER)
    return facts, lines_of(bulletin, facts)


def _wrong(work: Work, month: Month, done: list[date]) -> int:
    """Return how many figures of a month's draft are not what its rows say; `done` are all months' change requests."""
    facts, lines = _draft(work, month)
    truth = month.truth() | {"changes.done": sum(month.first <= day <= month.until for day in done)}
    wrong = sum(facts.counts[key] != value for key, value in truth.items())
    told = sum(problem.findings for problem in facts.problems)
    wrong += told != sum(month.by_unit().values())
    text = text_of(lines, facts.shown)
    wrong += f"政府网站{truth['sites.total']}家" not in text
    wrong += bool(truth["reports.received"]) and f"留言{truth['reports.received']}条" not in text
    return wrong


def _alterations(work: Work, made: list[Month]) -> Iterator[Figure]:
    """Alter every single figure of five bulletins of different shapes by one, and see whether it is flagged."""
    tried = missed = false = 0
    for month in _different(made):
        bulletin = unsaved(work, Period.parse(month.period))
        facts = facts_of(work, bulletin, ISSUER)
        lines = lines_of(bulletin, facts)
        false += len(flags_of(bulletin, lines, facts))
        for line in lines:
            text = compose(line.pieces, facts.shown)
            for match in NUMERAL.finditer(text):
                changed = text[: match.start()] + one_more(match[0]) + text[match.end() :]
                bulletin.edits = {line.key: {"pieces": stored(rebind(line.pieces, facts.shown, changed))}}
                tried += 1
                missed += not flags_of(bulletin, lines_of(bulletin, facts), facts)
    yield Figure("figures of five bulletins altered by one", tried, digits=0)
    yield Figure("alterations that were not flagged", missed, "", 0, 0)
    yield Figure("flags on the unaltered five", false, "", 0, 0)


def _different(made: list[Month]) -> list[Month]:
    """Return five months of different shapes: no findings, no reports, a sample, many findings, and any."""
    shapes = (
        lambda month: not month.rows["finding"],
        lambda month: not month.rows["report"] and month.rows["finding"],
        lambda month: month.sample is not None and month.rows["report"],
        lambda month: len(month.rows["finding"]) > 50,
        lambda month: bool(month.rows["publication"] and month.rows["change"]),
    )
    return [next(month for month in made if shape(month)) for shape in shapes]


def one_more(figure: str) -> str:
    """Return a figure altered by one in its last place."""
    whole, dot, rest = figure.partition(".")
    return f"{whole}.{(int(rest) + 1) % 10 ** len(rest):0{len(rest)}}" if dot else str(int(whole) + 1)


def _large(work: Work, many: int, indicators: list[int]) -> Iterator[Figure]:
    """Draft a bulletin over so many findings."""
    dice = random.Random(many)  # noqa: S311
    month = next(iter(months(dice, 1, indicators, 2098)))
    month.rows["finding"] = []
    id_ = 99_999
    store(work, id_, month)
    subjects = list(month.kinds)
    for start in range(0, many, 10_000):
        work.session.execute(
            insert(Finding), [_plain(id_, month, subjects, indicators, start + n) for n in range(10_000)]
        )
    started = perf_counter()
    facts, lines = _draft(work, month)
    text_of(lines, facts.shown)
    yield Figure(f"drafting a bulletin over {many:,} findings", perf_counter() - started, "s", 2, 2)


def _plain(id_: int, month: Month, subjects: list[int], indicators: list[int], n: int) -> dict[str, object]:
    return {
        "inspection_id": id_,
        "unit_id": 2 + n % 12,
        "subject_id": subjects[n % len(subjects)],
        "indicator_id": indicators[n % len(indicators)],
        "level": ("veto", "deduct")[n % 2],
        "description": f"问题{n}。",
        "found_on": month.first,
        "fingerprint": f"large-{n}",
        "entered_at": month.entered,
    }
