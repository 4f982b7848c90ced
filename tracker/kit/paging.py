"""Keyset pages: as fast on the last page as on the first, and stable while rows arrive."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

R = TypeVar("R")
LONGEST_KEY = 1000
LARGEST = 2**31 - 1
"""What an integer column holds on both databases."""


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some rows and the key of the next page (None on the last)."""

    rows: list[R]
    next_key: str | None


def fetch_page(
    session: Session,
    query: Select[R],
    order: Sequence[InstrumentedAttribute[Any]],
    after: str | None,
    size: int = 50,
    *,
    newest_first: bool = False,
) -> Page[R]:
    """Return one page of `query`, by `order` (descending when `newest_first`), beginning after the row the key names.

    `order` ends with a unique column. A key that cannot be read counts as none: the first page.
    """
    columns: list[ColumnElement[Any]] = [column.expression for column in order]
    values = _read(after, order)
    if values is not None:
        # each value in its column's own type: SQLite compares moments as texts, so their form must be the stored one
        here = tuple_(*columns)
        there = tuple_(*(literal(value, column.type) for value, column in zip(values, order, strict=True)))
        query = query.where(here < there if newest_first else here > there)
    sorting = [column.desc() for column in columns] if newest_first else columns
    rows = list(session.scalars(query.order_by(*sorting).limit(size + 1)).unique())
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _write([getattr(rows[-1], column.key) for column in order]) if more else None)


def _write(values: list[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, date | datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read(key: str | None, order: Sequence[InstrumentedAttribute[Any]]) -> list[Any] | None:
    if not key or len(key) > LONGEST_KEY:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
        if not isinstance(plain, list) or len(plain) != len(order):
            return None
        return [_typed(value, column) for value, column in zip(plain, order, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _typed(value: Any, column: InstrumentedAttribute[Any]) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        return _moment(value)
    if kind is date:
        return date.fromisoformat(value)
    if not isinstance(value, kind) or (isinstance(value, int) and abs(value) > LARGEST) or not _storable(str(value)):
        raise TypeError(kind)
    return value


def _storable(text: str) -> bool:
    """Tell whether a database takes the text: no NUL, no half of a character."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return moment.astimezone(UTC)
