"""The periods that bulletins tell of: a month, a half-year, a year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_FORM = re.compile(r"(?P<year>20\d\d)(?:-(?:(?P<month>0[1-9]|1[0-2])|H(?P<half>[12])))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """First and last month of one year; a month has both the same."""

    year: int
    first: int
    last: int

    @classmethod
    def parse(cls, code: str) -> "Period":
        """Return the period that "2021-12", "2021-H2" or "2021" names.

        :raises ValueError: it names none.
        """
        match = _FORM.fullmatch(code.strip())
        if match is None:
            raise ValueError(code)
        year = int(match["year"])
        if match["month"]:
            return cls(year, int(match["month"]), int(match["month"]))
        if match["half"]:
            return cls(year, 1, 6) if match["half"] == "1" else cls(year, 7, 12)
        return cls(year, 1, 12)

    @property
    def code(self) -> str:
        """Return "2021-12", "2021-H2" or "2021"."""
        if self.first == self.last:
            return f"{self.year}-{self.first:02}"
        return str(self.year) if self.last - self.first == 11 else f"{self.year}-H{1 if self.first == 1 else 2}"

    @property
    def starts_on(self) -> date:
        """Return the first day."""
        return date(self.year, self.first, 1)

    @property
    def ends_on(self) -> date:
        """Return the last day."""
        after = date(self.year + self.last // 12, self.last % 12 + 1, 1)
        return after - timedelta(days=1)

    @property
    def months(self) -> list[str]:
        """Return its months as inspections name them: "2021-12"."""
        return [f"{self.year}-{month:02}" for month in range(self.first, self.last + 1)]

    @property
    def words(self) -> str:
        """Return it as the text says it again and again: 12月份, 下半年, 全年."""
        if self.first == self.last:
            return f"{self.first}月份"
        return "全年" if self.last - self.first == 11 else ("上半年" if self.first == 1 else "下半年")

    @property
    def full_words(self) -> str:
        """Return it with its year: 2021年12月份, 2021年下半年, 2021年度."""
        return f"{self.year}年度" if self.last - self.first == 11 else f"{self.year}年{self.words}"

    @property
    def noun(self) -> str:
        """Return the word for "this period's": 本月, 本期."""
        return "本月" if self.first == self.last else "本期"

    @property
    def several(self) -> bool:
        """Tell whether it is a half-year or a year."""
        return self.first != self.last

    @property
    def last_words(self) -> str:
        """Return the period before as a comparison names it: 上月, 上半年, 上年."""
        if not self.several:
            return "上月"
        if self.last - self.first == 11:
            return "上年"
        return "上半年" if self.first > 1 else "上年下半年"

    @property
    def before(self) -> "Period":
        """Return the period before, of the same length."""
        length = self.last - self.first + 1
        if self.first > length:
            return Period(self.year, self.first - length, self.last - length)
        return Period(self.year - 1, 13 - length, 12)
