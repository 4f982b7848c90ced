"""Keyset pages: put together they are the sorted list, whatever the rows and the page's size."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.conftest import WorkAs, one_database
from tracker.kit.db import UtcDateTime
from tracker.kit.paging import fetch_page
from tracker.org.models import Unit, UnitKind

START = datetime(2021, 12, 28, tzinfo=UTC)


class Base(DeclarativeBase):
    pass


class Line(Base):
    __tablename__ = "paging_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    name: Mapped[str]


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def pages(session: Session, order: Any, size: int, *, newest_first: bool) -> list[Line]:
    rows, after = [], None
    while True:
        page = fetch_page(session, select(Line), order, after, size, newest_first=newest_first)
        assert len(page.rows) <= size
        rows += page.rows
        after = page.next_key
        if after is None:
            return rows


LINES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["甲", "乙", "'", ""])), max_size=12)
ORDERS = {
    "at": (Line.at, Line.id),
    "day": (Line.day, Line.name, Line.id),
    "name": (Line.name, Line.id),
    "id": (Line.id,),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, size=st.integers(1, 5), by=st.sampled_from(sorted(ORDERS)), newest_first=st.booleans())
def test_pages_put_together_are_the_sorted_list(
    session: Session, lines: list[tuple[int, int, str]], size: int, by: str, newest_first: bool
) -> None:
    session.rollback()  # what the last one added was never committed
    for n, (hours, days, name) in enumerate(lines, 1):
        moment = START + timedelta(hours=hours)
        session.add(Line(id=n, at=moment, day=moment.date() + timedelta(days=days), name=name))
    session.flush()
    order = ORDERS[by]
    keys = [column.key for column in order]
    expected = sorted(
        session.scalars(select(Line)), key=lambda row: [getattr(row, key) for key in keys], reverse=newest_first
    )
    assert pages(session, order, size, newest_first=newest_first) == expected


def key_of(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


BAD_KEYS = [
    "x", "%%%", "====", key_of(), key_of(1, 2), key_of("a"), key_of(None), key_of(2**31), key_of(-(2**70)), key_of([1]),
    base64.urlsafe_b64encode(b'{"a": 1}').decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(), "一",
]  # fmt: skip


@one_database
@pytest.mark.parametrize("key", BAD_KEYS)
def test_a_key_that_cannot_be_read_means_the_first_page(work_as: WorkAs, key: str) -> None:
    with work_as(write=False) as work:
        work.session.add(Unit(code="a", name="a", full_name="a", kind=UnitKind.OFFICE))
        work.session.flush()
        assert [unit.code for unit in fetch_page(work.session, select(Unit), (Unit.id,), key).rows] == ["a"]


@pytest.mark.parametrize("value", ["2021-12-28T00:00:00", "0001-01-01T00:00:00+14:00", "never", 7])
def test_a_moment_that_no_page_wrote_means_the_first_page(session: Session, value: object) -> None:
    session.rollback()  # what the last one added was never committed
    session.add(Line(id=1, at=START, day=START.date(), name=""))
    session.flush()
    page = fetch_page(session, select(Line), (Line.at, Line.id), key_of(value, 0))
    assert [row.id for row in page.rows] == [1]
