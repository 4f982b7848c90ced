"""Self-inspections: who is asked what, a draft stays with the unit, handed in once, taken over by one act."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import factories as f
from tests import worlds
from tests.conftest import WorkAs, one_database
from tests.inspections.people import QueryCount
from tests.pages import PageClient
from tracker.audit.models import Event
from tracker.indicators.models import Indicator, Level
from tracker.inspections.models import Finding, Inspection
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.errors import Refused, Stale
from tracker.org.models import Unit, UnitKind
from tracker.registry.models import Subject, SubjectKind
from tracker.reminders.models import Message
from tracker.reminders.operations.tell import tell
from tracker.selfcheck.models import Answer, Line, Sheet
from tracker.selfcheck.operations import Opening, Said, hand_in, open_check, save, take_over
from tracker.selfcheck.policy import SheetStanding, answers_for, questions, sheet_standing
from tracker.selfcheck.queries.overview import answers_page, check_by_id, counts, overview
from tracker.selfcheck.queries.own import lines_of, own_sheet

DUE = date(2022, 1, 7)


def test_each_indicator_is_asked_where_it_applies_and_a_units_own_duty_once() -> None:
    subjects = [Subject(id=1, kind=SubjectKind.SITE), Subject(id=2, kind=SubjectKind.ACCOUNT)]
    asked = [Indicator(id=id_, applies_to=to) for id_, to in ((7, "website"), (8, "media"), (9, "unit"))]
    assert list(questions(subjects, asked)) == [(None, 9), (1, 7), (2, 8)]


def test_a_subordinates_account_is_asked_of_the_unit_above() -> None:
    above = Unit(name="市教育局", kind=UnitKind.DEPARTMENT)
    below = Unit(name="市一中", kind=UnitKind.SUBORDINATE, parent=above)
    assert [answers_for(Subject(sponsor=each)).name for each in (below, above)] == ["市教育局", "市教育局"]


@pytest.mark.parametrize(
    ("handed_in", "saved", "today", "stands"),
    [
        (None, None, DUE, SheetStanding.OPEN),
        (None, "2022-01-06T10:00", DUE, SheetStanding.DRAFT),
        (None, "2022-01-06T10:00", date(2022, 1, 8), SheetStanding.OVERDUE),
        ("2022-01-07T23:59", None, date(2022, 1, 9), SheetStanding.HANDED_IN),
        ("2022-01-08T00:01", None, date(2022, 1, 9), SheetStanding.LATE),
    ],
)
def test_the_due_day_itself_is_in_time(handed_in: Any, saved: Any, today: date, stands: SheetStanding) -> None:
    moments = [office_moment(each) if each else None for each in (handed_in, saved)]
    assert sheet_standing(Sheet(handed_in_at=moments[0], saved_at=moments[1]), DUE, today) is stands


@pytest.fixture
def opened(work_as: WorkAs) -> int:
    """Units A and B with one account each, asked two questions; the id of the self-inspection."""
    with work_as() as work:
        a, b = worlds.people(work)
        chosen = [f.indicator(work, "M-V2-1").id, f.indicator(work, "M-V2-2", title="未回应", level="deduct").id]
        f.account(work, a, f"{worlds.CANARY}发布")
        f.account(work, b, "警方在线")
        worlds.as_(work, "clerk")
        return open_check(work, Opening("十二月自查", "2021-12", DUE, "请如实填报", chosen, [a.id, b.id])).id


def fill(work_as: WorkAs, login: str, check_id: int, *said: Said) -> None:
    with work_as() as work:
        worlds.as_(work, login)
        sheet = own_sheet(work, check_id)
        lines = lines_of(work.session, sheet)
        save(work, sheet, lines, dict(zip((line.id for line in lines), said, strict=False)), sheet.version)


def send(work_as: WorkAs, login: str, check_id: int) -> None:
    with work_as() as work:
        worlds.as_(work, login)
        sheet = own_sheet(work, check_id)
        hand_in(work, sheet, sheet.version)


CLEAN, MENDED = Said(Answer.CLEAN, ""), Said(Answer.MENDED, f"{worlds.CANARY}已恢复更新")


def test_a_sheet_goes_from_draft_to_a_finding_the_office_takes_over(
    clock: FixedClock, work_as: WorkAs, opened: int
) -> None:
    fill(work_as, "contact-a", opened, MENDED)
    with pytest.raises(Refused, match="not answered"):
        send(work_as, "contact-a", opened)
    with work_as(write=False) as work:
        worlds.as_(work, "clerk")
        check = check_by_id(work, opened)
        assert answers_page(work, check, None, "", None).rows == []
        assert [(row.questions, row.problems) for row in overview(work.session, check)] == [(2, 0), (2, 0)]
    fill(work_as, "contact-a", opened, MENDED, CLEAN)
    send(work_as, "contact-a", opened)
    with pytest.raises(Refused, match="no longer changed"):
        fill(work_as, "contact-a", opened, CLEAN)
    with work_as() as work:
        worlds.as_(work, "clerk")
        check = check_by_id(work, opened)
        found = answers_page(work, check, None, "problem", None).rows
        (count,) = counts(work.session, [opened]).values()
        assert (count.sheets, count.handed_in, count.problems, len(found)) == (2, 1, 1, 1)
        assert work.session.scalar(select(func.count()).select_from(Finding)) == 0
        finding = take_over(work, found[0].id)
        inspection = work.session.scalars(select(Inspection)).one()
        assert (finding.inspection_id, inspection.method, inspection.period) == (inspection.id, "self", "2021-12自查")
        assert (finding.level, finding.description, finding.notice_ref) == (Level.VETO, MENDED.text, None)
        with pytest.raises(Refused, match="already"):
            take_over(work, found[0].id)
    with work_as(write=False) as work:
        words = work.session.scalars(
            select(Event.word).where(Event.word.startswith("self-inspection")).order_by(Event.id)
        ).all()
        assert words == ["self-inspection:opened", "self-inspection:handed-in", "self-inspection:taken-over"]


@one_database
def test_two_colleagues_cannot_save_over_each_other(work_as: WorkAs, opened: int) -> None:
    fill(work_as, "contact-a", opened, CLEAN)
    with pytest.raises(Stale), work_as() as work:
        worlds.as_(work, "contact-a")
        sheet = own_sheet(work, opened)
        save(work, sheet, lines_of(work.session, sheet), {}, sheet.version - 1)


@one_database
def test_the_contacts_find_it_in_their_inbox_once(work_as: WorkAs, opened: int) -> None:
    with work_as() as work:
        tell(work)
        tell(work)
        rows = work.session.execute(select(Message.link, func.count()).group_by(Message.link)).all()
        assert [tuple(row) for row in rows] == [(f"/own-checks/{opened}", 3)]  # contacts of A and B, one who moved to B


@one_database
def test_p03_a_unit_sees_its_own_sheet_and_never_anothers(
    app: Flask, client_of: Callable[[str], PageClient], work_as: WorkAs, opened: int
) -> None:
    fill(work_as, "contact-a", opened, MENDED, CLEAN)
    with work_as(write=False) as work:
        part = work.session.scalars(
            select(Line.subject_id).join(Line.sheet).join(Sheet.unit).where(Unit.rank == 1)
        ).first()
        line_id = work.session.scalars(select(Line.id)).first()
    a, b, clerk = (client_of(login) for login in ("contact-a", "contact-b", "clerk"))
    assert worlds.CANARY in a.get(f"/own-checks/{opened}/parts/{part}").text
    for url in ("", "/print"):
        page = b.get(f"/own-checks/{opened}{url}")
        assert (page.status, worlds.CANARY in page.text) == (200, False)
    assert b.get(f"/own-checks/{opened}/parts/{part}").status == 404
    assert b.get("/own-checks/99").status == b.get(f"/self-inspections/{opened}").status == 404
    office = [clerk.get(f"/self-inspections/{opened}{url}").text for url in ("", "/answers", "/print")]
    assert [MENDED.text in text for text in office] == [False, False, False]  # a draft is the unit's own
    key = clerk.get("/").form("/sign-out").values
    assert clerk.post(f"/self-inspections/answers/{line_id}/take", key).status == 404


@one_database
def test_a_contact_answers_and_hands_in_through_the_pages(
    app: Flask, client_of: Callable[[str], PageClient], work_as: WorkAs, opened: int
) -> None:
    contact, clerk = client_of("contact-a"), client_of("clerk")
    assert "十二月自查" in contact.get("/").words
    with work_as(write=False) as work:
        worlds.as_(work, "contact-a")
        first, _second = lines_of(work.session, own_sheet(work, opened))
        url = f"/own-checks/{opened}/parts/{first.subject_id}"
    long = contact.submit(
        contact.get(url), "/parts/", **{f"answer-{first.id}": "mended", f"text-{first.id}": "长" * 501}
    )
    assert (long.status, "长" * 501 in long.text) == (422, True)
    page = contact.submit(long, "/parts/", **{f"text-{first.id}": "已补充", "rest": "1"})
    assert (page.status, page.path) == (200, f"/own-checks/{opened}")
    contact.submit(page, "/hand-in")
    with QueryCount(app) as counted:
        answers = clerk.get(f"/self-inspections/{opened}/answers?said=problem")
    assert ("已补充" in answers.words, "自查发现" in answers.words, counted.count < 20) == (True, True, True)
    taken = clerk.submit(answers, "/take")
    assert (taken.status, "#1" in taken.words) == (200, True), taken.words
    assert "自查发现" in clerk.get("/findings/1").words


@one_database
def test_the_office_opens_one_through_the_page(client_of: Callable[[str], PageClient], opened: int) -> None:
    clerk = client_of("clerk")
    page = clerk.get("/self-inspections/new")
    refused = clerk.submit(page, "", title="一季度自查", due_on="2021-12-01")
    assert (refused.status, "一季度自查" in refused.text) == (422, True)
    done = clerk.submit(refused, "", due_on="2022-03-31")
    assert (done.status, "一季度自查" in done.words) == (200, True), done.words
