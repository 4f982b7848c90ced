"""The proposing function, case by case: pure, and blind to how late anybody is when it orders."""

from dataclasses import replace
from datetime import date, datetime
from itertools import permutations

import pytest

from tracker.escalation.models import ProposalState, Step
from tracker.escalation.policy import Case, Decided, Moment, Month, Proposed, Quarter, Round, Sent, Terms, proposals
from tracker.kit.clock import office_moment
from tracker.workdays.calendar import Calendar
from tracker.workdays.deadlines import Deadline

DUE = date(2022, 1, 10)  # a Monday
CALENDAR = Calendar()


def at(text: str) -> datetime:
    return office_moment(text if "T" in text else f"{text}T09:00")


def case(id_: int = 1, unit: int = 1, due: date = DUE, **values: object) -> Case:
    """An acknowledged assignment that nobody answered."""
    known = {"owed": True, "rank": unit, "due_at": Deadline(due, None, "").ends_at}
    return Case(assignment_id=id_, unit_id=unit, due_on=due, **{**known, **values})  # type: ignore[arg-type]


def sent(step: Step = Step.URGE, drafted: str = "2022-01-11") -> Sent:
    return Sent(step, 7, 7, at(drafted))


def on(day: str, *cases: Case, terms: Terms | None = None, **decided: Decided) -> list[Proposed]:
    known = {key.replace("_", "-"): each for key, each in decided.items()}
    return proposals(cases, known, Moment(at(day), CALENDAR, terms or Terms()))


def keys(found: list[Proposed]) -> list[str]:
    return [each.key for each in found]


URGE, SUPERVISION = "urge-1-20220110", "supervision-1-20220110"
BACK = Round(at("2022-01-09"), at("2022-01-19"))
LATER = Decided(ProposalState.LATER, date(2022, 1, 17))
LETTERS = [
    ("the due day itself", "2022-01-10T23:59", case(), []),
    ("T+1", "2022-01-11T00:00", case(), [URGE]),
    ("T+2", "2022-01-12", case(), [URGE]),
    ("T+3", "2022-01-13", case(), [SUPERVISION]),
    ("long after", "2022-03-01", case(), [SUPERVISION]),
    ("a weekend is no working day", "2022-01-09", case(due=date(2022, 1, 7)), []),
    ("an hour passed on the same day", "2022-01-10T18:00", case(due_at=at("2022-01-10T12:00")), []),
    ("answered", "2022-01-13", case(owed=False, rounds=(Round(at("2022-01-12")),)), []),
    ("extended: due moment in force", "2022-01-13", case(due=date(2022, 1, 14), first_due_on=DUE), []),
    ("urged already", "2022-01-12", case(sent=(sent(),)), []),
    ("urged already, T+3", "2022-01-13", case(sent=(sent(),)), [SUPERVISION]),
    ("sterner letter drafted at once", "2022-01-12", case(sent=(sent(Step.SUPERVISION),)), []),
    ("both sent", "2022-01-20", case(sent=(sent(), sent(Step.SUPERVISION, "2022-01-13"))), []),
    (
        "returned yesterday",
        "2022-01-20",
        case(rounds=(Round(at("2022-01-09"), at("2022-01-19")),)),
        ["urge-1-20220119"],
    ),
    ("returned today", "2022-01-19T17:00", case(rounds=(BACK,)), []),
    (
        "a letter of before the return counts no more",
        "2022-01-20",
        case(sent=(sent(),), rounds=(Round(at("2022-01-12"), at("2022-01-19")),)),
        ["urge-1-20220119"],
    ),
    ("reopened", "2022-02-11", case(reopened=at("2022-02-10")), ["urge-1-20220210"]),
]


@pytest.mark.parametrize(("day", "row", "expected"), [each[1:] for each in LETTERS], ids=[each[0] for each in LETTERS])
def test_letters(day: str, row: Case, expected: list[str]) -> None:
    assert keys(on(day, row)) == expected


def test_req_09_the_days_are_the_offices_terms() -> None:
    terms = Terms(urge_days=2, supervision_days=5)
    days = [f"2022-01-{day}" for day in (11, 12, 14, 17)]
    assert [keys(on(day, case(), terms=terms)) for day in days] == [[], [URGE], [URGE], [SUPERVISION]]


DECISIONS = [
    ("not now", "2022-01-12", {"urge_1_20220110": LATER}, []),
    ("not now also keeps the sterner letter back", "2022-01-14", {"urge_1_20220110": LATER}, []),
    ("its day has come", "2022-01-17", {"urge_1_20220110": LATER}, [SUPERVISION]),
    ("not at all", "2022-01-12", {"urge_1_20220110": Decided(ProposalState.DECLINED)}, []),
    (
        "not at all is about that step",
        "2022-01-13",
        {"urge_1_20220110": Decided(ProposalState.DECLINED)},
        [SUPERVISION],
    ),
    ("another assignment's", "2022-01-12", {"urge_2_20220110": Decided(ProposalState.DECLINED)}, [URGE]),
    ("overtaken once, owed again", "2022-01-12", {"urge_1_20220110": Decided(ProposalState.OVERTAKEN)}, [URGE]),
    ("draft withdrawn", "2022-01-12", {"urge_1_20220110": Decided(ProposalState.DRAFTED)}, [URGE]),
]


@pytest.mark.parametrize(
    ("day", "decided", "expected"), [each[1:] for each in DECISIONS], ids=[each[0] for each in DECISIONS]
)
def test_decisions(day: str, decided: dict[str, Decided], expected: list[str]) -> None:
    assert keys(on(day, case(), **decided)) == expected


EARLY, KEPT, LATE = Round(at("2022-01-05"), at("2022-01-07")), Round(at("2022-01-10")), Round(at("2022-01-20"))
JUDGED = [
    ("nothing came", (), True),
    ("in time", (Round(at("2022-01-10T23:59")),), False),
    ("the first moment too late", (Round(at("2022-01-11T00:00")),), True),
    ("in time, returned afterwards", (BACK,), False),
    ("in time, returned afterwards, second round late", (BACK, LATE), False),
    ("returned before the deadline, not answered again", (EARLY,), True),
    ("returned before the deadline, again in time", (EARLY, KEPT), False),
    ("returned before the deadline, again too late", (EARLY, LATE), True),
]


@pytest.mark.parametrize(("rounds", "late"), [each[1:] for each in JUDGED], ids=[each[0] for each in JUDGED])
def test_late_is_whether_a_reply_stood_at_the_due_moment(rounds: tuple[Round, ...], late: bool) -> None:
    assert case(rounds=rounds).late(at("2022-02-01")) is late


def late(n: int, unit: int = 1, due: date = DUE) -> Case:
    return case(n, unit, due, owed=False, rounds=(Round(at("2022-03-28")),))


FEB, OCTOBER = date(2022, 2, 14), date(2021, 10, 15)
COUNTS = [
    ("one", [late(1)], []),
    ("two", [late(1), late(2, due=FEB)], ["naming-1-2022Q1"]),
    ("three", [late(1), late(2), late(3, due=FEB)], ["naming-1-2022Q1", "talk-1-2022Q1"]),
    ("one in each of two quarters", [late(1), late(2, due=OCTOBER)], []),
    ("two in the quarter before", [late(1, due=OCTOBER), late(2, due=OCTOBER)], ["naming-1-2021Q4"]),
    ("two units", [late(1), late(2, unit=2)], []),
    ("an extended one is in time", [late(1), case(2, due=date(2022, 3, 30), first_due_on=DUE)], []),
]


@pytest.mark.parametrize(("rows", "expected"), [each[1:] for each in COUNTS], ids=[each[0] for each in COUNTS])
def test_a_units_quarter(rows: list[Case], expected: list[str]) -> None:
    assert keys(on("2022-03-29", *rows)) == expected


def test_a_quarter_long_gone_is_left_alone() -> None:
    assert on("2022-07-01", late(1), late(2)) == []


def test_nothing_ranks_units_rows_stand_in_the_registrys_order() -> None:
    """However late and however often: only the unit's place in the registry orders, whatever order the ledger has."""
    rows = [late(1, 3), late(2, 3), late(3, 3), late(4, 1), late(5, 1), late(6, 2), late(7, 2), late(8, 2), late(9, 2)]
    open_ones = [case(10, 2, date(2021, 12, 1)), case(11, 1), case(12, 3, date(2021, 11, 1)), case(13, 1, FEB)]
    mixed = [*rows, *open_ones]
    expected = on("2022-03-29", *mixed)
    for step in Step:
        units = [each.unit_id for each in expected if each.step is step]
        assert units == sorted(units)
    assert [each.unit_id for each in expected if each.step is Step.NAMING] == [1, 2, 3]
    for order in list(permutations(mixed[-5:])):
        assert on("2022-03-29", *mixed[:-5], *order) == expected
    reordered = on("2022-03-29", *(replace(each, rank=9 - each.rank) for each in mixed))
    assert [each.unit_id for each in reordered if each.step is Step.NAMING] == [3, 2, 1]


def test_quarters_and_months() -> None:
    quarter = Quarter.of(date(2022, 1, 1))
    assert (quarter.code, quarter.words, quarter.before.code) == ("2022Q1", "2022年第一季度", "2021Q4")
    assert Quarter.parse("2021Q4").starts == date(2021, 10, 1)
    month = Month.parse("2021-12")
    assert (month.words, month.after.code, month.before.code) == ("2021年12月", "2022-01", "2021-11")
    assert month.span == (at("2021-12-01T00:00"), at("2022-01-01T00:00"))
    for wrong in ("2022-13", "2022Q5", "二〇二二-01", "9999-12", "0001-01", "", "2022-1", "20-2201"):
        with pytest.raises(ValueError, match=r".*"):
            Month.parse(wrong)
        with pytest.raises(ValueError, match=r".*"):
            Quarter.parse(wrong)
    with pytest.raises(ValueError, match="2022Q5"):
        Quarter.parse("2022Q5")
