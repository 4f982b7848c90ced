"""`flask bench import`: a sheet of the registry with planted mistakes, each of which must be named by its cell."""

import io
import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import xlsxwriter
from sqlalchemy import func, select

from tracker.audit.models import Event
from tracker.cli.bench.figures import Figure
from tracker.cli.bench.world import Bare
from tracker.org.models import Unit, UnitKind
from tracker.org.policy import Work
from tracker.registry.models import Subject
from tracker.registry.operations import COLUMNS, check_import, store_import
from tracker.registry.policy import PLATFORMS
from tracker.sheets import Sheet, cell_name, marked, read_sheet

UNITS = 80
PLACES = {column.key: place for place, column in enumerate(COLUMNS)}
Row = dict[str, Any]
Planted = dict[str, tuple[str, Any]]
"""What is planted: column → (its wrong cell, the column whose cell is named where that is another one)."""

MISTAKES: tuple[Callable[[Row, Row], tuple[str, Any]], ...] = (
    lambda row, _other: ("code", "21090000") if row["kind"] == "政府网站" else ("code", "2109000022"),
    lambda row, _other: ("platform", "某书") if row["kind"] != "政府网站" else ("platform", "抖音"),
    lambda _row, _other: ("sponsor", "查无此单位"),
    lambda _row, _other: ("state", "停了"),
    lambda _row, _other: ("since", "2021-02-30"),
    lambda _row, _other: ("since", "2030-01-01"),
    lambda _row, _other: ("name", None),
    lambda _row, _other: ("url", "javascript:alert(1)"),
    lambda _row, _other: ("kind", "报纸"),
    lambda row, other: ("code", other["code"]) if row["kind"] == "政府网站" else ("name", other["name"]),
)
"""Each returns the column and the cell's wrong content; the last one copies the key of another row."""


Working = Callable[[], AbstractContextManager[Work]]
"""Opens a writing unit of work."""


def figures(folder: Path, rows: int, errors: int, seed: int) -> Iterator[Figure]:
    """Yield the figures of a sheet with mistakes and of the same sheet without, in an installation of its own."""
    yield from measured(Bare(folder).working, rows, errors, seed)
    yield Figure("peak memory of the importing process", _peak(resource.RUSAGE_SELF), "MB", 400, 0)
    yield Figure("peak memory of the reading child", _peak(resource.RUSAGE_CHILDREN), "MB", 400, 0)


def measured(working: Working, rows: int, errors: int, seed: int) -> Iterator[Figure]:
    """Yield what stands in an empty registry's favour or against it: mistakes not named, rows not stored, seconds."""
    with working() as work:
        for n in range(UNITS):
            work.session.add(
                Unit(code=f"u{n}", name=f"单位{n}局", full_name=f"某市单位{n}局", kind=UnitKind.DEPARTMENT)
            )
    clean = [_row(n) for n in range(rows)]
    bad, planted = _planted(clean, errors, Random(seed))  # noqa: S311  (dice of a measurement)
    yield from _with_mistakes(working, _book(bad), planted)
    yield from _stored(working, _book(clean), rows)


def _with_mistakes(working: Working, book: bytes, planted: set[str]) -> Iterator[Figure]:
    with working() as work:
        started = perf_counter()
        sheet, _counts = _checked(work, book)
        yield Figure("sheet with mistakes: read and checked", perf_counter() - started, "s", 10)
        started = perf_counter()
        marked(io.BytesIO(book), "a.xlsx", sheet.in_order(), lambda each: each.msgid)
        yield Figure("its marked copy written", perf_counter() - started, "s", 10)
        named = {problem.cell for problem in sheet.problems}
        yield Figure("planted mistakes", len(planted), "", None, 0)
        yield Figure("mistakes not named by their cell", len(planted - named), "", 0, 0)
        yield Figure("cells named without a mistake", len(named - planted), "", 0, 0)
    with working() as work:
        yield Figure("rows stored of that sheet", _count(work, Subject), "", 0, 0)


def _stored(working: Working, book: bytes, rows: int) -> Iterator[Figure]:
    with working() as work:
        before = _count(work, Event)
    started = perf_counter()
    with working() as work:
        sheet, plan = _checked(work, book)
        checked = perf_counter() - started
        store_import(work, plan, sheet.name)
    yield Figure("clean sheet: read and checked", checked, "s", 10)
    yield Figure("read, checked, stored and recorded", perf_counter() - started, "s", 30)
    with working() as work:
        yield Figure("rows of it that are not stored", rows - _count(work, Subject), "", 0, 0)
        yield Figure("lines of the record that lack", rows + 1 - (_count(work, Event) - before), "", 0, 0)
        started = perf_counter()
        _sheet, again = _checked(work, book, update=True)
        yield Figure("the same sheet again: read and checked", perf_counter() - started, "s", 10)
        yield Figure("rows of it that would change anything", rows - again.unchanged, "", 0, 0)


def _checked(work: Work, book: bytes, *, update: bool = False) -> tuple[Sheet, Any]:
    sheet = read_sheet(io.BytesIO(book), "登记册.xlsx", COLUMNS)
    return sheet, check_import(work, sheet, update=update)


def _row(n: int) -> Row:
    row: Row = {"name": f"主体{n}", "sponsor": f"单位{n % UNITS}局", "state": ("正常", "拟关停", "")[n % 3]}
    row |= {"url": f"http://www.example{n}.gov.cn/", "since": f"2021-{n % 12 + 1:02}-01", "remark": f"第{n}行"}
    if n % 5:
        return row | {"kind": "政务新媒体", "platform": PLATFORMS[n % len(PLATFORMS)], "code": None}
    return row | {"kind": "政府网站", "platform": None, "code": 2109000000 + n}


def _planted(clean: list[Row], errors: int, dice: Random) -> tuple[list[Row], set[str]]:
    """Return the rows with one mistake each in `errors` of them, and the names of the wrong cells."""
    bad, cells = [dict(row) for row in clean], set()
    alike = {(row["kind"], row["platform"]): n for n, row in enumerate(clean[: len(PLATFORMS) * 5])}
    chosen = dice.sample(range(len(PLATFORMS) * 5, len(clean)), errors)
    for at, n in enumerate(chosen):
        other = clean[alike[clean[n]["kind"], clean[n]["platform"]]]
        column, wrong = MISTAKES[at % len(MISTAKES)](clean[n], other)
        bad[n][column] = wrong
        cells.add(cell_name(PLACES[column], n + 2))
    return bad, cells


def _book(rows: list[Row]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [column.label for column in COLUMNS])
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, [row.get(column.key) for column in COLUMNS])
    book.close()
    return out.getvalue()


def _count(work: Work, table: Any) -> int:
    return work.session.scalar(select(func.count()).select_from(table)) or 0


def _peak(whose: int) -> float:
    return resource.getrusage(whose).ru_maxrss / 1024
