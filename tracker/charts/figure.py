"""A figure: places along an axis, series of numbers over them, and their strict JSON, in which papers carry them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar

Number = int | float
T = TypeVar("T")
MOST_PLACES, MOST_SERIES, LONGEST = 36, 4, 200
"""What one drawing holds: places, series, characters of a text; more belongs into a table."""


class NotAFigure(ValueError):
    """Content that says it is a figure and is none; the message names what."""


class Kind(StrEnum):
    """How a figure is drawn: lines over time, bars stacked over time, lying bars over named things."""

    LINES = "lines"
    STACKS = "stacks"
    BARS = "bars"


class Tone(StrEnum):
    """What a series is about, where that has a colour of its own on pages; on paper only its pattern tells."""

    PLAIN = "plain"
    LATE = "late"


@dataclass(frozen=True)
class Place:
    """A place on the axis: its whole name, what its tick says, and what stands beneath that where it changes."""

    label: str
    tick: str = ""
    over: str = ""


@dataclass(frozen=True)
class Series:
    """Numbers by place (None: nothing was measured, which is no zero), and how each is written ("" for None)."""

    name: str
    values: tuple[Number | None, ...]
    shown: tuple[str, ...]
    tone: Tone = Tone.PLAIN

    @classmethod
    def counted(cls, name: str, values: tuple[Number | None, ...], tone: Tone = Tone.PLAIN) -> "Series":
        """Return a series whose numbers are written as they are."""
        return cls(name, values, tuple("" if value is None else str(value) for value in values), tone)


@dataclass(frozen=True)
class Column:
    """A further column of the table, which the drawing does not show."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """Everything that is drawn, tabled and kept of one figure."""

    key: str
    kind: Kind
    title: str
    head: str
    """What the places are: the head of the table's first column."""
    measure: str
    """% or what is counted, as the axis says it."""
    places: tuple[Place, ...]
    series: tuple[Series, ...]
    columns: tuple[Column, ...] = ()
    note: str = ""

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to be drawn."""
        return not any(value is not None for each in self.series for value in each.values)

    @property
    def flat(self) -> bool:
        """Tell whether it counts nothing at all: a sentence says that better than bars of no height."""
        return self.kind is not Kind.LINES and not any(value for each in self.series for value in each.values)

    @property
    def told(self) -> str:
        """Return the figure in a line of text: of each series its first and its last number."""
        return "；".join(filter(None, (_told(each, self.places) for each in self.series)))

    @property
    def drawn(self) -> tuple[int, ...]:
        """Return the indices of the series that have a number other than zero; all of them when none has."""
        told = tuple(n for n, each in enumerate(self.series) if any(each.values))
        return told or tuple(range(len(self.series)))


def _told(series: Series, places: tuple[Place, ...]) -> str:
    at = [n for n, value in enumerate(series.values) if value is not None]
    ends = dict.fromkeys((at[0], at[-1])) if at else {}
    said = " → ".join(f"{places[n].label} {series.shown[n]}" for n in ends)
    return f"{series.name}：{said}" if said else ""


def dumped(figure: Figure) -> dict[str, Any]:
    """Return a figure as JSON values: every key of its dataclasses, lists for tuples."""
    content: dict[str, Any] = _plain(asdict(figure))
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, StrEnum) else value


def loaded(content: Mapping[str, Any]) -> Figure:
    """Return the figure that `dumped` gave.

    :raises NotAFigure: a key is missing or unknown, a value is of another kind, lengths differ, or it is too large.
    """
    try:
        return _loaded(content)
    except ValueError as error:
        raise NotAFigure(str(error)) from error


def _loaded(content: Mapping[str, Any]) -> Figure:
    row = _exactly(Figure, content)
    figure = Figure(
        key=_text(row["key"]),
        kind=Kind(_text(row["kind"])),
        title=_text(row["title"]),
        head=_text(row["head"]),
        measure=_text(row["measure"]),
        places=tuple(Place(*map(_text, _exactly(Place, each).values())) for each in _list(row["places"], MOST_PLACES)),
        series=tuple(_series(_exactly(Series, each)) for each in _list(row["series"], MOST_SERIES)),
        columns=tuple(_column(_exactly(Column, each)) for each in _list(row["columns"], MOST_SERIES)),
        note=_text(row["note"]),
    )
    length = len(figure.places)
    lengths = {len(each) for series in figure.series for each in (series.values, series.shown)}
    if (lengths | {len(each.cells) for each in figure.columns}) - {length}:
        raise ValueError(figure.key)
    return figure


def _exactly(kind: type[T], content: Any) -> dict[str, Any]:
    """Return a mapping in the order of the dataclass's fields.

    :raises ValueError: it is no mapping with exactly these keys.
    """
    names = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    if not isinstance(content, Mapping) or set(content) != set(names):
        raise ValueError(kind.__name__)
    return {name: content[name] for name in names}


def _series(row: Mapping[str, Any]) -> Series:
    values = tuple(_number(each) for each in _list(row["values"], MOST_PLACES))
    shown = tuple(map(_text, _list(row["shown"], MOST_PLACES)))
    return Series(_text(row["name"]), values, shown, Tone(_text(row["tone"])))


def _column(row: Mapping[str, Any]) -> Column:
    return Column(_text(row["name"]), tuple(map(_text, _list(row["cells"], MOST_PLACES))))


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError(str(value)[:40])
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise ValueError(str(value)[:40])
    return list(value)


def _number(value: Any) -> Number | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or not 0 <= value <= 1e15:
        raise ValueError(str(value)[:40])
    return value
