"""Made-up months, and what must be counted in each: by plain sets, without a line of the product's queries."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from tracker.inspections.models import Finding, Inspection
from tracker.intake.models import ChangeRequest, ErrorReport, Publication
from tracker.org.models import Unit, UnitKind
from tracker.org.policy import Work
from tracker.registry.models import Snapshot, SnapshotRow, Subject

UNITS, SUBJECTS, INDICATORS = 12, 60, 6
DAY = timedelta(days=1)


@dataclass
class Month:
    """A month's rows as they were made, before any database saw them."""

    period: str
    first: date
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    sample: set[int] | None = None

    @property
    def entered(self) -> datetime:
        """Return when its rows were entered."""
        return datetime.combine(self.first, time(9), UTC)

    @property
    def until(self) -> date:
        """Return the inspection's last day."""
        return self.first + 26 * DAY

    def truth(self) -> dict[str, int]:
        """Return what a bulletin must say."""
        checked = set(self.kinds) if self.sample is None else set(self.kinds) & self.sample
        failed = {
            row["subject_id"] for row in self.rows["finding"] if row["level"] == "veto" and _so(row, self)
        } & checked
        counts: dict[str, int] = {}
        for kind, word in (("site", "sites"), ("account", "accounts")):
            every = {id_ for id_, of in self.kinds.items() if of == kind}
            counts |= {f"{word}.total": len(every), f"{word}.checked": len(every & checked)}
            counts[f"{word}.failed"] = len(every & failed)
        reports = [row for row in self.rows["report"] if row["received_on"] <= self.until]
        counts["reports.received"] = len(reports)
        counts["reports.true"] = sum(row["truth"] == "true" for row in reports)
        counts["reports.closed"] = sum(bool(row["closed_on"]) and row["closed_on"] <= self.until for row in reports)
        for key in ("texts", "pictures", "videos"):
            counts[f"published.{key}"] = sum(row[key] for row in self.rows["publication"])
        counts["published.total"] = sum(counts[f"published.{key}"] for key in ("texts", "pictures", "videos"))
        return counts

    def by_unit(self) -> dict[int, int]:
        """Return how many findings that are so each unit has."""
        told: dict[int, int] = {}
        for row in self.rows["finding"]:
            if _so(row, self) and row["level"] != "warn":
                told[row["unit_id"]] = told.get(row["unit_id"], 0) + 1
        return told


def _so(row: dict[str, Any], month: Month) -> bool:
    return row["ended_how"] not in ("unfounded", "dropped") and row["found_on"] <= month.until


def ground(work: Work) -> None:
    """Insert units and subjects; indicators are those that are shipped."""
    units = [
        {"id": n, "code": f"u{n}", "name": f"单位{n}", "full_name": f"单位{n}", "kind": UnitKind.DEPARTMENT, "rank": n}
        for n in range(2, UNITS + 2)
    ]
    office = {"id": 1, "code": "office", "name": "办公室", "full_name": "办公室", "kind": UnitKind.OFFICE, "rank": 0}
    work.session.execute(insert(Unit), [office, *units])
    subjects = [
        {"id": n, "kind": "site" if n % 5 == 0 else "account", "name": f"对象{n}", "sponsor_id": 2 + n % UNITS}
        | ({"code": f"{2109000000 + n}", "platform": ""} if n % 5 == 0 else {"code": None, "platform": "抖音"})
        for n in range(1, SUBJECTS + 1)
    ]
    work.session.execute(insert(Subject), subjects)


def months(dice: random.Random, count: int, indicators: list[int], first_year: int = 2000) -> Iterator[Month]:
    """Yield made-up months of every shape: none, one and many of everything; samples; ended and late findings."""
    for n in range(count):
        first = date(first_year + n // 12, n % 12 + 1, 1)
        yield _month(dice, n + 1, first, indicators)


def _month(dice: random.Random, id_: int, first: date, indicators: list[int]) -> Month:
    month = Month(f"{first:%Y-%m}", first)
    chosen = dice.sample(range(1, SUBJECTS + 1), dice.randint(2, SUBJECTS))
    month.kinds = {n: "site" if n % 5 == 0 else "account" for n in chosen}
    month.sample = set(dice.sample(chosen, dice.randint(1, len(chosen)))) if dice.random() < 0.3 else None
    month.rows = {
        "finding": [_finding(dice, id_, n, month, indicators) for n in range(dice.choice((0, 1, 3, 20, 60)))],
        "report": [_report(dice, n, first) for n in range(dice.choice((0, 0, 1, 2, 9)))],
        "change": [_change(dice, n, first) for n in range(dice.choice((0, 1, 21)))],
        "publication": [_published(dice, month.period)] * dice.choice((0, 1)),
    }
    return month


def _finding(dice: random.Random, month: int, n: int, of: Month, indicators: list[int]) -> dict[str, Any]:
    subject = dice.choice(list(of.kinds))
    ended = dice.choice((None, None, None, "unfounded", "dropped"))
    return {
        "inspection_id": month,
        "unit_id": 2 + subject % UNITS,
        "subject_id": subject,
        "indicator_id": dice.choice(indicators),
        "level": dice.choice(("veto", "deduct", "warn")),
        "description": f"问题{n}表述。",
        "found_on": of.first + dice.randrange(31) * DAY,
        "fingerprint": f"{month}-{n}",
        "entered_at": of.entered,
        "ended_at": of.entered if ended else None,
        "ended_how": ended,
    }


def _report(dice: random.Random, n: int, first: date) -> dict[str, Any]:
    truth = dice.choice(("true", "untrue", None))
    day = first + dice.randrange(28) * DAY
    answered = day + 2 * DAY if truth else None
    return {
        "number": f"{first:%Y-%m}-{n}",
        "source": "省政府办公厅",
        "received_on": day,
        "due_on": day + 5 * DAY,
        "unit_id": 2,
        "text": "错字",
        "truth": truth,
        "answered_on": answered,
        "closed_on": answered if dice.random() < 0.8 else None,
    }


def _change(dice: random.Random, n: int, first: date) -> dict[str, Any]:
    asked = first + dice.randrange(20) * DAY
    return {
        "number": f"{first:%Y-%m}-{n}",
        "asked_on": asked,
        "unit_id": 3,
        "text": "调整",
        "done_on": asked + dice.randrange(20) * DAY,
    }


def _published(dice: random.Random, period: str) -> dict[str, Any]:
    return {
        "period": period,
        "source": "网站集群",
        "texts": dice.randrange(900),
        "pictures": dice.randrange(900),
        "videos": dice.randrange(90),
    }


def store(work: Work, id_: int, month: Month) -> None:
    """Insert a month's rows."""
    session, at = work.session, work.now
    session.execute(insert(Snapshot), [{"id": id_, "taken_on": month.first, "taken_at": at}])
    session.execute(insert(SnapshotRow), [_snapshot(id_, subject, kind) for subject, kind in month.kinds.items()])
    sample = None if month.sample is None else sorted(month.sample)
    told = {"id": id_, "period": month.period, "title": "检查", "method": "manual", "created_at": at, "sample": sample}
    told |= {"starts_on": month.first, "ends_on": month.until, "snapshot_id": id_}
    session.execute(insert(Inspection), [told])
    tables = {"finding": Finding, "report": ErrorReport, "change": ChangeRequest, "publication": Publication}
    for name, table in tables.items():
        if rows := month.rows[name]:
            session.execute(
                insert(table), [row | ({} if name == "publication" else {"entered_at": at}) for row in rows]
            )


def _snapshot(snapshot: int, subject: int, kind: str) -> dict[str, Any]:
    return {
        "snapshot_id": snapshot,
        "subject_id": subject,
        "kind": kind,
        "state": "running",
        "name": f"对象{subject}",
        "sponsor_id": 2 + subject % UNITS,
        "sponsor_name": f"单位{2 + subject % UNITS}",
    }
