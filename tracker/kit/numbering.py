"""Gapless numbers: one counter row per series and year, counted up inside the transaction that uses the number."""

from sqlalchemy import String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.kit.db import Model


class Counter(Model):
    """The last number given in a series and year; its row lock orders those who issue at once."""

    __tablename__ = "counter"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_number(session: Session, series: str, year: int) -> int:
    """Return the next number of the series in the year, beginning with 1.

    The upsert holds the row until the transaction ends: a rollback gives the number back, so no gap can arise.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(Counter)
        .values(series=series, year=year, last=1)
        .on_conflict_do_update(index_elements=["series", "year"], set_={"last": Counter.last + 1})
        .returning(Counter.last)
    )
    return session.execute(statement).scalar_one()
