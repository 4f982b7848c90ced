"""The ledger of rectification (整改台账) as an annex: the very rows of the ledger's page and files, in Chinese.

The file has a column for each fact; on paper, where a line is 225 mm long, related ones share a column.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from babel.support import Translations
from sqlalchemy.orm import Session

from tracker.almanac.queries import calendar
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.period import Period
from tracker.kit.clock import OFFICE
from tracker.ledger.policy import COLUMNS, Line, cells
from tracker.ledger.queries import Moment, annex_filter, count_lines, lines

ROOT = Path(__file__).resolve().parents[3]
MOST_ROWS = 1500
"""More rows than this are a file, not an annex."""
SHARED: tuple[tuple[str, int, str, Sequence[str]], ...] = (
    ("通知文号", 20, "", ("number",)),
    ("问题编号", 14, "mid", ("finding",)),
    ("网站或账号（标识码、平台）", 24, "", ("subject", "code", "platform")),
    ("主办、主管单位", 20, "", ("sponsor", "supervisor")),
    ("责任单位", 16, "", ("unit",)),
    ("指标（定性）", 20, "", ("indicator", "level")),
    ("问题描述", 36, "", ("description",)),
    ("发现日", 14, "mid", ("found",)),
    ("下发日", 14, "mid", ("issued",)),
    ("截止日、延期后截止日", 14, "mid", ("due", "extended")),
    ("整改状态", 12, "mid", ("rectified",)),
    ("报送状态、报送日", 14, "mid", ("reported", "submitted")),
    ("复核结论", 12, "mid", ("verdict",)),
    ("销号日", 14, "mid", ("closed",)),
)
"""Head, share of the width, how it is set, and the ledger's columns in it."""
LEDGER_COLUMNS = (
    {"name": "序号", "width": 8, "align": "mid"},
    *({"name": name, "width": width, "align": align} for name, width, align, _keys in SHARED),
)


def count_ledger(session: Session, period: Period, until: date) -> int:
    """Return how many rows the annex will have (one more than can be printed stands for all beyond)."""
    end = datetime.combine(until, time.max, OFFICE)
    return count_lines(session, annex_filter(period.months, until), end, MOST_ROWS + 1)


def ledger_rows(session: Session, facts: Facts, asked_at: datetime | None = None) -> list[list[str]]:
    """Return the annex's rows, numbered, in the order of the ledger; lateness as of `asked_at`."""
    moment = Moment(asked_at or datetime.combine(facts.until, time.max, OFFICE), calendar(session))
    found = lines(session, annex_filter(facts.period.months, facts.until), moment)
    return [[str(n), *_row(line)] for n, line in enumerate(found, 1)]


def _row(line: Line) -> list[str]:
    said = dict(zip((column.key for column in COLUMNS), map(_words, cells(line, _chinese().gettext)), strict=True))
    return ["，".join(filter(None, (said[key] for key in keys))) for _name, _width, _align, keys in SHARED]


def _words(cell: Any) -> str:
    return "" if cell is None else str(cell)


@cache
def _chinese() -> Any:
    """Return the words of papers, which are Chinese in whatever language the page is."""
    return Translations.load(ROOT / "translations", ["zh_Hans_CN"])
