"""What a bulletin says, before it is put into words: figures with the rows behind them, and groups of problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from tracker.bulletins.policy.period import Period


@dataclass(frozen=True)
class Figure:
    """A figure: the value as it is printed, what it counts (msgid), and the page of the rows behind it."""

    key: str
    shown: str
    name: str
    rows: str = ""


@dataclass(frozen=True)
class Percentages:
    """How a series writes percentages: decimal places, and whether the rest is cut off instead of rounded."""

    places: int = 2
    cut: bool = False

    def write(self, part: int, whole: int) -> str:
        """Return part of whole as "85.09%"; 100% only when all are counted, however near the rest comes.

        :raises ZeroDivisionError: there is no whole.
        """
        if part == whole != 0:
            return "100%"
        step = Decimal(1).scaleb(-self.places)
        exact = Decimal(part) * 100 / Decimal(whole)
        value = exact.quantize(step, ROUND_DOWN if self.cut else ROUND_HALF_UP)
        if value >= 100:
            value = exact.quantize(step, ROUND_DOWN)
        return f"{value.normalize():f}%" if value == value.to_integral() else f"{value}%"


@dataclass(frozen=True)
class Problem:
    """The findings of a period under one indicator."""

    key: str
    indicator_id: int
    level: str
    title: str
    text: str
    """The finding's own words, printed as they stand."""
    findings: int
    subjects: int
    units: tuple[str, ...]
    rows: str = ""
    annexed: bool = False
    """Whether its subjects are listed in an annex instead of being named."""
    recurring: str = ""
    """该问题于11月已通报; "" for one that was not told before."""
    noun: str = "账号"
    """What its subjects are called: 账号 or 网站."""


@dataclass(frozen=True)
class Owed:
    """A notice or bulletin of an earlier time that a unit has not answered."""

    key: str
    unit: str
    what: str
    """As the text names it: 第5期通报, 阜政办公开改〔2021〕3号."""
    rows: str = ""
    due: str = ""
    """Until when it was to be answered."""


@dataclass(frozen=True)
class Named:
    """A unit whose naming was accepted: how often late in which quarter, and on which documents."""

    key: str
    unit: str
    quarter: str
    late: tuple[str, ...]
    """The number of each document that was answered late, once for each time."""
    rows: str = ""


@dataclass(frozen=True)
class Demand:
    """Who must answer one of the next steps, and until when; `key` is that of the step."""

    key: str
    units: str
    due: str


@dataclass(frozen=True)
class Work:
    """A line that no ledger counts."""

    key: str
    heading: str
    text: str


@dataclass(frozen=True)
class Facts:
    """Everything a bulletin's text is made from."""

    period: Period
    issuer: str
    basis: str
    until: date
    """Last day that is counted."""
    due_words: str
    counts: Mapping[str, int]
    figures: Mapping[str, Figure]
    problems: tuple[Problem, ...] = ()
    owed: tuple[Owed, ...] = ()
    works: tuple[Work, ...] = ()
    annexed: Mapping[str, int] = field(default_factory=dict)
    """Rows that annexes have, by their keys (a problem's, or one of `annexes.OTHERS`), as far as they were counted."""
    namings: tuple[Named, ...] = ()
    demands: tuple[Demand, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Names that units bear on other days: what each was called on this bulletin's."""
    months: tuple[tuple[str, ...], ...] = ()
    """Of a half-year or a year: a row for each month."""
    ledger: bool = False
    """Whether the ledger of the period's problems is an annex."""
    charts: bool = False
    """Whether the figures of the year up to the period are an annex."""
    reports_from: str = ""
    """Who forwards visitors' error reports."""
    publisher: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    """What the text says of the period before, by key: 比上月的82.78%上升2.31个百分点."""
    before_until: date | None = None
    """Last day that was counted in it."""

    @property
    def shown(self) -> dict[str, str]:
        """Return what stands at the place of each key."""
        return {key: figure.shown for key, figure in self.figures.items()}
