"""The ledger at a hundred thousand rows: page, filters and search beside the floor; workbook and CSV; memory."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import func, select, text
from werkzeug.test import Client

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.floor import floor
from tracker.cli.bench.ledger_rows import fill
from tracker.cli.bench.world import World, apart
from tracker.exchange.jobs import export_row
from tracker.exchange.models import Export
from tracker.inspections.models import Finding, FindingWord
from tracker.org.models import Person

FLOORS = 3.0
WARM_UP = 3
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
    ("search, 5 characters, none, though every row has its pairs", "?q=内无更新于"),
)


def figures(folder: Path, rows: int, requests: int, database_url: str = "", warm_up: int = WARM_UP) -> Iterator[Figure]:
    """Yield the medians of pages beside the floor's, and what the files take."""
    world = World(folder, round(rows / PER_NOTICE), database_url)
    started = perf_counter()
    with world.working() as work:
        count = work.session.scalar(select(func.count()).select_from(FindingWord)) or fill(work)
    _settle(world)
    yield Figure("rows of the ledger", world.read(select(func.count(Finding.id))), "", None, 0)
    yield Figure("pairs of characters noted", count, "", None, 0)
    yield Figure("noting them in bulk", perf_counter() - started, "s", None, 1)
    yield from _pages(world, requests, warm_up)
    yield from _files(world)


def _pages(world: World, requests: int, warm_up: int) -> Iterator[Figure]:
    """Yield what each page takes, beside the floor asked right before and after it: what else runs here slows both."""
    browser, bare = world.browser("clerk"), floor(world.settings.database_url)
    known = {
        "middle": world.notices,
        "number": world.read(text(f"SELECT number FROM notice WHERE id = {world.notices // 3}")),  # noqa: S608
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name, _url in PAGES}
    for _ in range(warm_up + requests):
        before = _floor(bare)
        for name, url in PAGES:
            taken, after = browser.seconds("/ledger" + url.format(**known)), _floor(bare)
            times[name].append((taken, 2 * taken / (before + after)))
            before = after
    yield Figure("floor", 1000 * median(_floor(bare) for _ in range(requests)), "ms", None, 1)
    for name, _url in PAGES:
        yield Figure(name, 1000 * median(each[0] for each in times[name][warm_up:]), "ms", None, 1)
        yield Figure("  beside the floor", median(each[1] for each in times[name][warm_up:]), "x", FLOORS)


def _settle(world: World) -> None:
    """Do what PostgreSQL's server does by itself some minutes after a load: count what the planner goes by."""
    if world.engine.dialect.name == "postgresql":
        with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _floor(bare: Client) -> float:
    started = perf_counter()
    apart(lambda: bare.get("/"))
    return perf_counter() - started


def _files(world: World) -> Iterator[Figure]:
    """Yield what the worker takes to write every row: seconds, memory, size."""
    for kind in ("xlsx", "csv"):
        with world.working() as work:
            clerk = work.session.scalars(select(Person.id).where(Person.login == "clerk")).one()
            given = {"person_id": clerk, "format": kind, "locale": "zh_Hans_CN", "rows": 0}
            row = Export(**given, asked_at=work.now, due_at=work.now)
            work.session.add(row)
            work.session.flush()
            id_ = row.id
        before = _memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the highest mark begins anew
        started, worked = perf_counter(), process_time()
        apart(lambda id_=id_: _written(world, id_))  # type: ignore[misc]
        yield Figure(f"{kind} of every row", perf_counter() - started, "s", None, 1)
        yield Figure(f"{kind}: processor", process_time() - worked, "s", None, 1)
        yield Figure(f"{kind}: memory beyond what was held before", (_memory("VmHWM") - before) / 1024, "MB", None, 1)
        size = world.read(select(Export.size).where(Export.id == id_))
        yield Figure(f"{kind}: size", size / 1024**2, "MB", None, 1)


def _written(world: World, export_id: int) -> None:
    with world.app.app_context():
        export_row(export_id)


def _memory(mark: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(mark))
    return int(line.split()[1])
