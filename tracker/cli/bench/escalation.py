"""Proposals over a whole ledger: seconds and statements of deriving, storing and showing them, and of the burden."""

from collections.abc import Iterator
from time import perf_counter

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.world import MOMENT, World
from tracker.escalation.operations.morning import morning
from tracker.escalation.policy import Month
from tracker.escalation.queries.burden import burden
from tracker.escalation.queries.ledger import cases
from tracker.escalation.queries.proposals import proposed
from tracker.kit.clock import office_date

ADDRESS = "/escalation"


def escalation_figures(small: World, large: World) -> Iterator[Figure]:
    """Yield the figures of the larger ledger, and that the smaller one needs as many statements."""
    with large.working() as work:
        found, rows = len(proposed(work)), len(cases(work.session, work.now))
    yield Figure(f"cases among {large.notices:,} assignments", rows)
    yield Figure("proposals from them", found)
    seconds, count = _derived(large)
    yield Figure("deriving all proposals", seconds, "s", 5, 2)
    yield Figure("statements for it", count, "", _derived(small)[1])
    started = perf_counter()
    with large.working() as work:
        morning(work)
    yield Figure("the morning: deriving and storing them", perf_counter() - started, "s", 30, 1)
    started = perf_counter()
    with large.working() as work:
        burden(work.session, Month.of(office_date(MOMENT)))
    yield Figure("the burden of a month, all units", perf_counter() - started, "s", 5, 2)
    clerk = large.browser("clerk")
    for url in (ADDRESS, "/burden", "/"):
        clerk.get(url)
        yield Figure(f"page {url} for the clerk", clerk.seconds(url), "s", 5, 2)


def _derived(world: World) -> tuple[float, int]:
    with world.working() as work, world.statements() as seen:
        started = perf_counter()
        proposed(work)
        return perf_counter() - started, len(seen)
