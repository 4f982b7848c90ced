"""What a measured value proposes, and who may choose otherwise; which rule counts on a day."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.conftest import WorkAs, one_database
from tests.indicators.test_indicators import plain
from tests.inspections.people import settle
from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.indicators.models import Indicator, IndicatorSet, Level
from tracker.indicators.operations import load_set, parse
from tracker.indicators.policy import proposed_level
from tracker.indicators.queries import findable, rule_in_force
from tracker.inspections.models import Finding
from tracker.inspections.operations import FindingValues, change_finding, enter_finding
from tracker.kit.errors import Invalid, Refused
from tracker.org.policy import Work

STALE = {"metric": "stale_days", "op": ">=", "value": 14, "unit": "天", "warn_at": 10}


@pytest.mark.parametrize(
    ("measure", "value", "level"),
    [
        *((STALE, days, None) for days in (0, 9, 9.99)),
        *((STALE, days, Level.WARN) for days in (10, 11, 12, 13, 13.5)),
        *((STALE, days, Level.VETO) for days in (14, 15, 400)),
        ({"op": ">", "value": 3}, 3, None),
        ({"op": ">", "value": 3}, 3.01, Level.VETO),
        ({"op": "<", "value": 50, "warn_at": 55}, 55, Level.WARN),
        ({"op": "<", "value": 50, "warn_at": 55}, 49.9, Level.VETO),
        ({"op": "<", "value": 50, "warn_at": 55}, 56, None),
        ({"metric": "x", "warn_at": 2}, 5, None),
        (None, 5, None),
    ],
)
def test_ten_to_thirteen_days_are_a_warning_and_fourteen_a_veto(
    measure: dict[str, object] | None, value: float, level: Level | None
) -> None:
    """The thresholds are data; below the mark nothing is proposed."""
    assert proposed_level(measure, value) == level


def values(work: Work, **changes: object) -> FindingValues:
    police = settle(work)
    rule = factories.indicator(work, "M-V2-1", measure=STALE)
    subject = factories.account(work, police, name="平安阜新")
    base = {
        "inspection_id": factories.inspection(work).id, "indicator_id": rule.id, "subject_id": subject.id,
        "description": "未更新", "found_on": date(2021, 12, 20),
    }  # fmt: skip
    return FindingValues(**{**base, **changes})  # type: ignore[arg-type]


def test_the_proposed_level_is_stored_with_what_was_measured(work: Work) -> None:
    found = enter_finding(work, values(work, measured=12))
    assert (found.level, found.measured, found.measured_unit, found.level_reason) == ("warn", 12, "天", "")


def test_another_level_needs_a_reason_and_both_are_recorded(work_as: WorkAs) -> None:
    with work_as() as work:
        wanted = values(work, measured=12, level="veto")
        with pytest.raises(Invalid) as refused:
            enter_finding(work, wanted)
        assert list(refused.value.problems) == ["level_reason"]
        found = enter_finding(work, FindingValues(**{**vars(wanted), "level_reason": "上月已预警"}))
        assert (found.level, found.level_reason) == ("veto", "上月已预警")
        # the reason goes when it is no longer needed
        change_finding(work, found, FindingValues(**{**vars(wanted), "measured": 15}), found.version)
        assert (found.level, found.level_reason) == ("veto", "")
    with work_as(write=False) as work:
        event = work.session.scalar(select(Event).where(Event.word == Word.FINDING_ENTERED))
        assert event is not None
        assert (event.detail["level"], event.detail["reason"]) == ("veto", "上月已预警")


@one_database
@pytest.mark.parametrize(
    ("changes", "field"),
    [({"measured": 9.0}, "measured"), ({"measured": 9.0, "level": "warn"}, "level_reason"),
     ({"measured": 2.0, "measured_unit": "周"}, "measured_unit")],
)  # fmt: skip
def test_a_value_that_is_no_problem_is_not_simply_stored(work: Work, changes: dict[str, object], field: str) -> None:
    if field == "measured_unit":
        changes = {**changes, "measured": 20.0}
    with pytest.raises(Invalid) as refused:
        enter_finding(work, values(work, **changes))
    assert list(refused.value.problems) == [field]
    assert work.session.scalars(select(Finding)).all() == []


@one_database
def test_the_form_shows_a_proposal_before_it_stores_it(work_as: WorkAs, client_of) -> None:
    """No script is needed: the refused form has the level chosen, the next sending agrees to it."""
    with work_as() as work:
        wanted = values(work)
    clerk = client_of("clerk")
    typed = {
        "inspection_id": wanted.inspection_id, "indicator_id": wanted.indicator_id, "subject_id": wanted.subject_id,
        "description": "12天未更新", "measured": "\uff11\uff12", "found_on": "2021-12-20",
    }  # fmt: skip
    shown = clerk.submit(clerk.get("/findings/new"), **typed)
    assert (shown.status, "再次保存即为同意" in shown.words) == (422, True)
    assert "测得12天，达到“预警”（10天起），未达到“否决”（14天起），建议定性为“预警”" in shown.words
    assert shown.form().values["level"] == "warn"
    stored = clerk.submit(shown)
    assert (stored.status, "预警" in stored.words, "12天" in stored.words) == (200, True, True)
    other = clerk.submit(clerk.get("/findings/new"), **{**typed, "level": "veto", "place": "第二处"})
    assert (other.status, "建议另一定性" in other.words) == (422, True)
    assert clerk.submit(other, level_reason="连续两月").status == 200
    assert clerk.submit(clerk.get("/findings/new"), **{**typed, "measured": "nan", "place": "三"}).status == 422


def local(first: str | None = "2022-01-01", last: str | None = None, **said: object) -> dict[str, object]:
    """A city's set over X: X-1 warns earlier and is a deduction there."""
    meta = {"set_code": "CITY", "title": "市级", "doc_no": "市〔2021〕2号", "extends": "X", "valid_from": first}
    one = {"code": "X-1", "level": "deduct", "points": 2, "measure": {"warn_at": 7}, **said}
    return {"meta": {**meta, "valid_until": last}, "overrides": [one]}


def test_a_local_rule_stands_in_for_the_national_one_while_it_counts(work: Work) -> None:
    """Before its first day and after its last the national one counts; both have one fingerprint."""
    load_set(work, parse(plain(measure=STALE, certainty="found")))
    assert load_set(work, parse(local(last="2022-12-31"))) == 2
    assert load_set(work, parse(local(last="2022-12-31"))) == 0
    national, city = work.session.scalars(select(Indicator).order_by(Indicator.id))
    assert (city.title, city.condition, city.level, city.points) == ("乙", "丙", "deduct", 2)
    assert city.measure == {**STALE, "warn_at": 7}
    for day, counts in ((date(2021, 12, 31), national), (date(2022, 1, 1), city), (date(2023, 1, 1), national)):
        assert [each.id for each in findable(work.session, day)] == [counts.id]
        assert rule_in_force(work.session, national, day) is rule_in_force(work.session, city, day) is counts
    wanted = values(work, indicator_id=national.id, measured=8.0, found_on=date(2022, 1, 3))
    found = enter_finding(work, wanted)
    assert (found.indicator_id, found.level) == (city.id, "warn")
    with pytest.raises(Refused, match="already"):
        enter_finding(work, FindingValues(**{**vars(wanted), "measured": 14.0, "found_on": date(2021, 12, 30)}))


@one_database
def test_a_local_rule_is_shown_beside_the_national_one(work_as: WorkAs, client_of) -> None:
    with work_as() as work:
        settle(work)
        load_set(work, parse(plain(measure=STALE, certainty="found")))
        load_set(work, parse(local()))
    page = client_of("clerk").get("/indicators/X").words
    assert [part in page for part in ("由市〔2021〕2号另行规定", "自2022-01-01起，今日不适用", "≥7天")] == [True] * 3


@one_database
@pytest.mark.parametrize(
    ("said", "why"),
    [(local(code="X-9"), "X-9"), (local("2022-01-01", "2021-01-01"), "before it begins"), (local(level="grave"), "X-1"),
     (local(title="其他"), "title"), ({**local(), "meta": {**local()["meta"], "extends": ""}}, "extends")],  # type: ignore[dict-item]
)  # fmt: skip
def test_local_sets_that_fit_nothing_are_refused(work: Work, said: dict[str, object], why: str) -> None:
    load_set(work, parse(plain()))
    with pytest.raises(Refused, match=why):
        load_set(work, parse(said))
    assert work.session.scalars(select(IndicatorSet.code)).all() == ["X"]
