"""The ledger at a hundred thousand rows: page, filters and search beside the floor; workbook and CSV; memory."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select, text, update
from werkzeug.test import Client

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.floor import floor
from tracker.cli.bench.world import Browser, World, apart
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding, FindingWord
from tracker.kit.pairs import pairs
from tracker.org.models import Unit
from tracker.org.policy import Work
from tracker.registry.models import Subject

FLOORS = 3.0
WARM_UP = 3
RARE_EVERY = 20_000
RARE = "咨询信件超期未答复"
PER_NOTICE = 4 / 3
"""Findings on a notice of the made-up ledger, on average."""
PAGES = (
    ("ledger", ""),
    ("ledger, far down", "?after={middle}"),
    ("one unit", "?unit=7"),
    ("overdue", "?reported=overdue"),
    ("one unit, not submitted", "?unit=7&reported=owed"),
    ("not rectified, veto", "?rectified=open&level=veto"),
    ("closed, of a month", "?reported=closed&period=2024-11"),
    ("found in one old week", "?from=2022-03-01&until=2022-03-07"),
    ("one notice number", "?number={number}"),
    ("search, 2 characters, every row", "?q=更新"),
    ("search, 2 characters, a few rows", "?q=信件"),
    ("search, 2 characters, none", "?q=火星"),
    ("search, 5 characters, every row", "?q=最后更新于"),
    ("search, 5 characters, a few rows", "?q=信件超期未"),
    ("search, 5 characters, none", "?q=火星探测器"),
    ("search, 2 characters, of one unit", "?q=更新&unit=7"),
)
WORST = ("search, 5 characters, none, though every row has its pairs", "?q=内无更新于")


def figures(folder: Path, rows: int, requests: int, database_url: str = "", warm_up: int = WARM_UP) -> Iterator[Figure]:
    """Yield the medians of pages beside the floor's, and what the files take."""
    world = World(folder, round(rows / PER_NOTICE), database_url)
    started = perf_counter()
    with world.working() as work:
        count = _look_up(work)
    yield Figure("rows of the ledger", world.read(select(func.count(Finding.id))), "", None, 0)
    yield Figure("pairs of characters noted", count, "", None, 0)
    yield Figure("noting them in bulk", perf_counter() - started, "s", None, 1)
    yield from _pages(world, requests, warm_up)
    yield from _files(world.browser("clerk"))


def _pages(world: World, requests: int, warm_up: int) -> Iterator[Figure]:
    browser, bare = world.browser("clerk"), floor(world.settings.database_url)
    known = {
        "middle": world.notices // 2,
        "number": world.read(text(f"SELECT number FROM notice WHERE id = {world.notices // 3}")),  # noqa: S608
    }
    pages = [*PAGES, WORST]
    times: dict[str, list[float]] = {name: [] for name, _url in pages}
    floors: list[float] = []
    for _ in range(warm_up + requests):
        for name, url in pages:
            floors.append(_floor(bare))
            times[name].append(browser.seconds("/ledger" + url.format(**known)))
    base = median(floors[warm_up:])
    yield Figure("floor", 1000 * base, "ms", None, 1)
    for name, _url in pages:
        taken = median(times[name][warm_up:])
        yield Figure(name, 1000 * taken, "ms", None, 1)
        yield Figure("  beside the floor", taken / base, "x", None if name == WORST[0] else FLOORS)


def _floor(bare: Client) -> float:
    started = perf_counter()
    apart(lambda: bare.get("/"))
    return perf_counter() - started


def _files(browser: Browser) -> Iterator[Figure]:
    for name, url in (("workbook", "/ledger/workbook"), ("CSV", "/ledger/csv")):
        before = _memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the highest mark begins anew
        started = perf_counter()
        answer = browser.get(url)
        taken = perf_counter() - started
        peak = _memory("VmHWM") - before
        size = sum(len(part) for part in answer.iter_encoded())
        answer.close()
        yield Figure(f"{name} of every row", taken, "s", None, 1)
        yield Figure(f"{name}: memory beyond what was held before", peak / 1024, "MB", None, 1)
        yield Figure(f"{name}: size", size / 1024**2, "MB", None, 1)


def _memory(mark: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(mark))
    return int(line.split()[1])


def _look_up(work: Work) -> int:
    """Let a few findings say something rare, then note the pairs of all; return how many there are."""
    work.session.execute(update(Finding).where(Finding.id % RARE_EVERY == 7).values(description=RARE))
    query = (
        select(Finding.id, Finding.description, Finding.place, Unit.name, Subject.name, Indicator.title)
        .join(Unit, Unit.id == Finding.unit_id)
        .join(Subject, Subject.id == Finding.subject_id)
        .join(Indicator, Indicator.id == Finding.indicator_id)
    )
    found = sorted((pair, row[0]) for row in work.session.execute(query) for pair in pairs(*row[1:]))
    _put(work, found)
    return len(found)


def _put(work: Work, found: list[tuple[str, int]]) -> None:
    connection: Any = work.session.connection()
    if connection.dialect.name == "postgresql":
        with (
            connection.connection.cursor() as cursor,
            cursor.copy("COPY finding_word (pair, finding_id) FROM STDIN") as to,
        ):
            for row in found:
                to.write_row(row)
        connection.exec_driver_sql("ANALYZE")  # as the server does by itself in time
        return
    for start in range(0, len(found), 100_000):
        part = [{"pair": pair, "finding_id": id_} for pair, id_ in found[start : start + 100_000]]
        connection.execute(insert(FindingWord), part)
