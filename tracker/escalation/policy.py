"""What is proposed against overdue answers: one pure function of the ledger; who may decide on it.

Source: the supervision rules of the field (T+1 催办单, T+3 督办函, 一季两次逾期点名, 三次约谈); all of it editable.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from itertools import groupby

from tracker.escalation.models import ProposalState, Step
from tracker.kit.clock import OFFICE, office_date
from tracker.kit.words import N_
from tracker.workdays.calendar import Calendar

STEP_NAMES: dict[Step, str] = {
    Step.URGE: N_("Urging letter"),
    Step.SUPERVISION: N_("Supervision letter"),
    Step.NAMING: N_("Naming in the next bulletin"),
    Step.TALK: N_("Talk with the unit's leaders"),
}
LETTERS = (Step.URGE, Step.SUPERVISION)
"""Steps about one assignment, the milder first."""
STATE_NAMES: dict[ProposalState, str] = {
    ProposalState.OPEN: N_("Waits for a decision"),
    ProposalState.LATER: N_("Not now"),
    ProposalState.DRAFTED: N_("Draft made"),
    ProposalState.ACCEPTED: N_("Taken up"),
    ProposalState.DECLINED: N_("Not at all"),
    ProposalState.HELD: N_("Talk held"),
    ProposalState.OVERTAKEN: N_("Overtaken"),
}


@dataclass(frozen=True)
class Terms:
    """The office's numbers; these are the field's usual ones."""

    urge_days: int = 1
    """Working days after the due day without a reply from which a 催办单 is proposed."""
    supervision_days: int = 3
    naming_count: int = 2
    """Late replies of a unit in a quarter from which naming is proposed."""
    talk_count: int = 3
    again_days: int = 90
    """Days for which an answered and closed problem is remembered when a notice about the same is drafted."""
    monthly_notices: int = 5
    """Notices to one unit in a month beyond which a draft warns; 0: no such line."""


TERM_NAMES = [each.name for each in fields(Terms)]


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter; a late reply belongs to the quarter of its due day."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """Return the quarter of a day."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, code: str) -> "Quarter":
        """Return the quarter written as "2022Q1".

        :raises ValueError: it is not written so.
        """
        year, mark, number = code.partition("Q")
        if not (mark and len(year) == 4 and year.isdecimal() and number in ("1", "2", "3", "4")):
            raise ValueError(code)
        return cls(int(year), int(number))

    @property
    def code(self) -> str:
        """Return it as "2022Q1"."""
        return f"{self.year}Q{self.number}"

    @property
    def words(self) -> str:
        """Return it as papers write it: 2022年第一季度."""
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"

    @property
    def starts(self) -> date:
        """Return its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def before(self) -> "Quarter":
        """Return the quarter before it."""
        return Quarter.of(self.starts - timedelta(days=1))


@dataclass(frozen=True)
class Round:
    """One reply: when it arrived (not when it was registered), and when the office returned it, if it did."""

    arrived: datetime
    returned: datetime | None = None


@dataclass(frozen=True)
class Sent:
    """A letter about the assignment that is drafted or issued, neither withdrawn nor voided."""

    step: Step
    notice_id: int
    batch_id: int
    drafted: datetime
    number: str | None = None
    issued: datetime | None = None
    due_words: str = ""


@dataclass(frozen=True)
class Case:
    """What the ledger says of one delivered assignment that is not void; `due_at` is the due moment in force."""

    assignment_id: int
    unit_id: int
    due_on: date
    due_at: datetime
    owed: bool
    """The unit owes an answer now, its first or a further one."""
    rounds: tuple[Round, ...] = ()
    reopened: datetime | None = None
    sent: tuple[Sent, ...] = ()
    token: str = ""
    number: str = ""
    title: str = ""
    unit_name: str = ""
    rank: int = 0
    due_words: str = ""
    first_due_on: date | None = None
    """The due day as first printed, where an extension was granted."""
    remarks: tuple[str, ...] = ()
    """Msgids of what must be read with it: an extension or a dispute waits for the office."""

    def late(self, now: datetime) -> bool:
        """Tell whether no reply stood with the office at the due moment in force.

        A reply that came in time and was returned afterwards was in time.
        """
        return self.due_at <= now and not any(self._stood(each) for each in self.rounds)

    def _stood(self, reply: Round) -> bool:
        return reply.arrived < self.due_at and (reply.returned is None or reply.returned >= self.due_at)

    @property
    def answered(self) -> datetime | None:
        """Return when the newest reply arrived."""
        return max((each.arrived for each in self.rounds), default=None)

    @property
    def waiting_since(self) -> date:
        """Return the day from which the missing answer counts: due, or later returned or reopened."""
        asked = [each.returned for each in self.rounds if each.returned] + ([self.reopened] if self.reopened else [])
        return max([self.due_on, *(office_date(moment) for moment in asked)])

    @property
    def place(self) -> tuple[int, int]:
        """Return its unit's place in the registry's order, the only order of units here."""
        return self.rank, self.unit_id


@dataclass(frozen=True)
class Decided:
    """What a person said of a proposal before."""

    state: ProposalState
    until: date | None = None

    def silences(self, today: date) -> bool:
        """Tell whether the proposal is not to be made (again) today."""
        if self.state is ProposalState.LATER:
            return self.until is not None and today < self.until
        return self.state in (ProposalState.ACCEPTED, ProposalState.DECLINED, ProposalState.HELD)


@dataclass(frozen=True)
class Proposed:
    """One proposal with the facts beside it; `days` are working days without the answer (0 for a quarter's)."""

    key: str
    step: Step
    unit_id: int
    cases: tuple[Case, ...]
    days: int = 0
    quarter: Quarter | None = None


@dataclass(frozen=True)
class Moment:
    """When, by which calendar and by which terms proposals are made."""

    now: datetime
    calendar: Calendar
    terms: Terms = field(default_factory=Terms)

    @property
    def today(self) -> date:
        """Return the office's date."""
        return office_date(self.now)


def proposals(cases: Iterable[Case], decided: Mapping[str, Decided], moment: Moment) -> list[Proposed]:
    """Return what is to be proposed: by step, and inside a step in the registry's order of units, never by lateness.

    Pure: the same ledger, decisions and moment give the same list. Voided assignments are not among the cases; an
    answered one gives no letter; an extended one counts from its new due moment; a proposal decided on is not made
    again, "not now" holds until its day, also for a sterner letter about the same assignment.
    """
    ordered = sorted(cases, key=lambda case: (*case.place, case.due_at, case.assignment_id))
    found = [each for case in ordered if (each := _letter(case, decided, moment))]
    found += [each for each in _namings(ordered, moment) if not silenced(decided.get(each.key), moment.today)]
    return sorted(found, key=lambda each: list(Step).index(each.step))


def silenced(decided: Decided | None, today: date) -> bool:
    """Tell whether a decision (or none) keeps a proposal from being made."""
    return decided is not None and decided.silences(today)


def _letter(case: Case, decided: Mapping[str, Decided], moment: Moment) -> Proposed | None:
    if not case.owed or case.due_at > moment.now:
        return None
    days = moment.calendar.count(case.waiting_since, moment.today)
    step = _step(days, moment.terms)
    if step is None or _already(case, step):
        return None
    keys = {each: f"{each}-{case.assignment_id}-{case.waiting_since:%Y%m%d}" for each in LETTERS}
    put_off = (decided.get(key) for key in keys.values())
    if any(each.state is ProposalState.LATER and each.silences(moment.today) for each in put_off if each):
        return None
    if silenced(decided.get(keys[step]), moment.today):
        return None
    return Proposed(keys[step], step, case.unit_id, (case,), days)


def _step(days: int, terms: Terms) -> Step | None:
    if days >= terms.supervision_days:
        return Step.SUPERVISION
    return Step.URGE if days >= terms.urge_days else None


def _already(case: Case, step: Step) -> bool:
    """Tell whether such a letter, or a sterner one, was drafted since the answer is waited for."""
    live = (each for each in case.sent if office_date(each.drafted) >= case.waiting_since)
    return any(LETTERS.index(each.step) >= LETTERS.index(step) for each in live)


def _namings(ordered: list[Case], moment: Moment) -> Iterator[Proposed]:
    """Yield naming and talk of each unit that was late so often in this quarter or the one before."""
    present = Quarter.of(moment.today)
    counts = ((Step.NAMING, moment.terms.naming_count), (Step.TALK, moment.terms.talk_count))
    for (_place, unit_id), of_unit in groupby(ordered, key=lambda case: (case.place, case.unit_id)):
        late = [case for case in of_unit if case.late(moment.now)]
        for quarter in (present.before, present):
            own = tuple(case for case in late if Quarter.of(case.due_on) == quarter)
            for step, least in counts:
                if len(own) >= least:
                    yield Proposed(f"{step}-{unit_id}-{quarter.code}", step, unit_id, own, quarter=quarter)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month of the office."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, code: str) -> "Month":
        """Return the month written as "2022-01".

        :raises ValueError: it is not written so.
        """
        year, _mark, number = code.partition("-")
        if not (len(code) == 7 and code.isascii() and (year + number).isdecimal() and "2000" <= year <= "2099"):
            raise ValueError(code)
        return cls.of(date(int(year), int(number), 1))

    @property
    def code(self) -> str:
        """Return it as "2022-01"."""
        return f"{self.year}-{self.number:02d}"

    @property
    def words(self) -> str:
        """Return it as papers write it: 2022年1月."""
        return f"{self.year}年{self.number}月"

    @property
    def starts(self) -> date:
        """Return its first day."""
        return date(self.year, self.number, 1)

    @property
    def after(self) -> "Month":
        """Return the next month."""
        return Month.of(self.starts + timedelta(days=31))

    @property
    def before(self) -> "Month":
        """Return the month before it."""
        return Month.of(self.starts - timedelta(days=1))

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return its first moment, and the first one after it."""
        return tuple(datetime.combine(each.starts, time(), OFFICE) for each in (self, self.after))  # type: ignore[return-value]
