"""Deadline rules as data: what a printed rule means on a paper issued that day, and which words are printed for it.

Counting rules run from the day of issue, never from the acknowledgement: a unit cannot win time by not signing for a
paper, and everybody can compute the date alone. The words therefore name the date they come to as well:
"收到本通知后5个工作日内（1月5日前）", and printed words and stored moment cannot part.
"""

import re
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import ONE_DAY, Deadline, add_workdays, parse_words, words_for


class Counting(StrEnum):
    """How a deadline is told."""

    DATE = "date"
    WORKDAYS = "workdays"
    DAYS = "days"


COUNTING_NAMES = {
    Counting.DATE: N_("a fixed date"),
    Counting.WORKDAYS: N_("working days from issue"),
    Counting.DAYS: N_("calendar days from issue"),
}
MOST_DAYS = 180
"""Longest counted deadline."""
_COUNTED = re.compile(
    r"于?(?:收到(?:本通知)?|印发|本通知印发|自?本?通知?印发之日)?(?:后|起)?(?P<count>\d{1,3})个?(?P<unit>工作日|自然日|日|天)(?:以?内)"
    r"(?:（(?P<date>[^（）]+)）)?"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A deadline before it is a date: a fixed day, or so many days after the issue, perhaps with an hour.

    `rolls`: a last day off moves to the next working day (Civil Code art. 203); working days never end on a day off.
    """

    counting: Counting
    on: date | None = None
    count: int = 0
    at: time | None = None
    rolls: bool = False

    def deadline(self, issued_on: date, calendar: Calendar) -> Deadline:
        """Return date and printed words for a paper issued that day; the day of issue is not counted, the last one is.

        :raises ValueError: a fixed date without its date.
        """
        on = self._day(issued_on, calendar)
        words = words_for(on, self.at, issued_on)
        if self.counting is Counting.DATE:
            return Deadline(on, self.at, words)
        return Deadline(on, self.at, f"收到本通知后{self.short}内（{words}）")

    @property
    def short(self) -> str:
        """Return the counted length as papers write it: 5个工作日, 15日; an empty text for a fixed date."""
        return {Counting.WORKDAYS: f"{self.count}个工作日", Counting.DAYS: f"{self.count}日"}.get(self.counting, "")

    def _day(self, issued_on: date, calendar: Calendar) -> date:
        if self.counting is Counting.WORKDAYS:
            return add_workdays(issued_on, self.count, calendar)
        day = issued_on + ONE_DAY * self.count if self.counting is Counting.DAYS else self.on
        if day is None:
            raise ValueError("a fixed date is needed")
        while self.rolls and not calendar.works(day):
            day += ONE_DAY
        return day


def parse_rule(words: str, issued_on: date) -> Rule:
    """Return the rule that printed words tell: a counted one, or a date.

    Calendar days roll over a last day off, as the law has it. A date in brackets behind a counted rule is what was
    promised on paper: then it is the rule.

    :raises Refused: the words are no deadline.
    """
    plain = re.sub(r"\s", "", words).replace("(", "（").replace(")", "）")
    found = _COUNTED.fullmatch(plain)
    if found is None or found["date"]:
        told = parse_words(found["date"] if found else words, issued_on)
        return Rule(Counting.DATE, told.on, at=told.at)
    count = int(found["count"])
    if not 1 <= count <= MOST_DAYS:
        raise Refused(N_("A deadline counts 1 to %(most)s days; “%(words)s” does not."), most=MOST_DAYS, words=words)
    workdays = found["unit"] == "工作日"
    return Rule(Counting.WORKDAYS if workdays else Counting.DAYS, count=count, rolls=not workdays)
