"""Letters about earlier notices go the way of every notice, and say only what is so."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from tests import worlds
from tests.conftest import WorkAs
from tests.pages import PageClient
from tests.worlds import as_
from tracker.audit.models import Event
from tracker.audit.queries import verify
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.errors import Invalid, Refused
from tracker.kit.host import host
from tracker.kit.settings import Settings
from tracker.notices import paper
from tracker.notices.forms import FORMS
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Assignment, Batch, Notice, NoticeKind
from tracker.notices.operations import drafts, issue, letters
from tracker.notices.operations.drafts import Wording
from tracker.notices.policy import KINDS
from tracker.notices.queries import batch_by_id, corrections_of, letters_about
from tracker.org.policy import Work
from tracker.reminders import jobs
from tracker.reminders.models import Message
from tracker.workdays.calendar import Calendar

LATE = office_moment("2022-01-13T09:00")
ERRATA = ({"where": "正文", "wrong": "1月10日", "right": "1月12日"},)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Late:
    """Tokens of three assignments whose deadline has passed: two of unit A, one of unit B."""

    tokens: list[str]

    def rows(self, work: Work) -> list[Assignment]:
        query = select(Assignment).where(Assignment.token.in_(self.tokens)).order_by(Assignment.id)
        return list(work.session.scalars(query))


@pytest.fixture
def late(work_as: WorkAs, clock: FixedClock) -> Late:
    """Three notices delivered on 2021-12-28, due 1月10日前, and it is 2022-01-13."""
    with work_as() as work:
        units = worlds.people(work)
        chosen = [worlds.findings(work, unit, 1, mark) for unit, mark in zip(units, "甲乙", strict=True)]
        chosen.append(worlds.findings(work, units[0], 1, "丙"))
    tokens = []
    for found in chosen:
        with work_as() as work:
            tokens.append(worlds.delivered(work, [work.session.merge(each) for each in found])[0].token)
    clock.moment = LATE
    return Late(tokens)


def drafted(work: Work, rows: list[Assignment], kind: NoticeKind = NoticeKind.URGE) -> Batch:
    as_(work, "clerk")
    return letters.draft_letters(work, rows, kind, Calendar())


def submit(work: Work, batch: Batch) -> int:
    as_(work, "clerk")
    drafts.submit(work, batch_by_id(work, batch.id), Calendar())
    return batch.id


def sign(work: Work, batch_id: int) -> Batch:
    as_(work, "director")
    batch, settings = batch_by_id(work, batch_id), host().settings
    contents, series = paper.draft_contents(work, batch, settings), paper.series_of(batch.kind, settings)
    seen = issue.seen_digest(contents)
    issue.sign_off_and_issue(work, batch, series=series, contents=contents, seen=seen, calendar=Calendar())
    return batch


def corrected(work: Work, notice: Notice) -> Batch:
    """Correct a notice, all the way to its unit."""
    as_(work, "clerk")
    wording = Wording("关于更正有关文件内容的函", "因校对疏漏", "", errata=ERRATA)
    batch = sign(work, submit(work, letters.draft_correction(work, notice, wording)))
    worlds.deliver(work, batch)
    return batch


def test_urging_letters_go_the_whole_way_and_make_no_assignment(
    work_as: WorkAs, late: Late, client_of: Callable[[str], PageClient]
) -> None:
    with work_as() as work:
        batch_id = submit(work, drafted(work, late.rows(work)))
    with work_as() as work:
        worlds.deliver(work, sign(work, batch_id))
    jobs.tick()
    with work_as(write=False) as work:
        as_(work, "clerk")
        batch = batch_by_id(work, batch_id)
        told = [(n.number, n.unit.name, [a.assignment.token for a in n.about], n.assignments) for n in batch.notices]
        a, b, c = late.tokens
        assert told == [
            ("阜政办公开催〔2022〕1号", "金丝雀区", [a, c], []),
            ("阜政办公开催〔2022〕2号", "市公安局", [b], []),
        ]
        content = batch.notices[0].frozen or {}
        assert [(i["notice_number"], i["due"], i["days_late"]) for i in content["items"]] == [
            ("阜政办公开改〔2021〕1号", "1月10日前", 3),
            ("阜政办公开改〔2021〕3号", "1月10日前", 3),
        ]
        messages = work.session.scalars(select(Message).where(Message.kind == "letter_delivered"))
        logins = sorted(message.person.login for message in messages)
        assert logins == sorted(["contact-a", "leader-a"] * 2 + ["contact-b", "moved-from-a"])
        assert verify(work.session).whole
        own, foreign = batch.notices[0].id, batch.notices[1].id
    unit_a, unit_b = client_of("contact-a"), client_of("contact-b")
    assert "阜政办公开催〔2022〕1号" in unit_a.get(f"/assignments/{a}").words
    asked = [(unit_a, a, own), (unit_a, a, foreign), (unit_b, a, own), (unit_b, b, own), (unit_b, b, foreign)]
    answers = [client.get(f"/assignments/{token}/letters/{letter}.pdf") for client, token, letter in asked]
    assert [answer.status for answer in answers] == [200, 404, 404, 404, 200]
    for answer in answers:
        answer.response.close()


@SQLITE
@pytest.mark.parametrize(
    ("stage", "moment", "sentence"),
    [
        ("closed", LATE, "owes no answer"),
        ("submitted", LATE, "owes no answer"),
        ("voided", LATE, "owes no answer"),
        ("", office_moment("2022-01-10T17:00"), "not overdue yet"),
    ],
)
def test_no_letter_about_what_is_not_owed(
    work_as: WorkAs, clock: FixedClock, late: Late, stage: str, moment: object, sentence: str
) -> None:
    with work_as() as work:
        worlds.bring(work, stage, late.tokens[0])
    clock.moment = moment  # type: ignore[assignment]
    with pytest.raises(Refused, match=sentence), work_as() as work:
        drafted(work, late.rows(work))
    with pytest.raises(Refused, match="at least one"), work_as() as work:
        drafted(work, [])


@SQLITE
def test_what_is_on_one_draft_is_not_put_on_another_of_its_kind(work_as: WorkAs, late: Late) -> None:
    with work_as() as work:
        drafted(work, late.rows(work))
    with work_as() as work:
        drafted(work, late.rows(work), NoticeKind.SUPERVISION)
    with pytest.raises(Refused, match="already stands on a draft"), work_as() as work:
        drafted(work, late.rows(work)[2:])


@SQLITE
def test_who_answers_while_the_letter_waits_is_not_urged(work_as: WorkAs, late: Late) -> None:
    with work_as() as work:
        batch_id = submit(work, drafted(work, late.rows(work)))
    with work_as() as work:
        worlds.answer(work, "contact-b", late.tokens[1])
    with pytest.raises(Refused, match="no longer owes"), work_as() as work:
        sign(work, batch_id)
    with work_as() as work:
        as_(work, "clerk")
        batch = batch_by_id(work, batch_id)
        (past,) = drafts.check(work, batch, Calendar()).overtaken
        assert past.unit.name == "市公安局"
        drafts.withdraw(work, batch, "已报送", only=past.id)
    with work_as() as work:
        states = [notice.state for notice in sign(work, batch_id).notices]
        assert states == [NoticeState.ISSUED, NoticeState.WITHDRAWN]


@SQLITE
def test_a_correction_leaves_the_notice_alone_and_everybody_is_told_of_it(
    work_as: WorkAs, late: Late, visitor: PageClient, client_of: Callable[[str], PageClient]
) -> None:
    with work_as() as work:
        original = late.rows(work)[0].notice
        before = dict(original.frozen or {})
        code, original_id = original.verify_code, original.id
        number = corrected(work, original).notices[0].number
    assert number == "阜政办公开更〔2022〕1号"
    assert "已由阜政办公开更〔2022〕1号更正" in visitor.get(f"/v/{code}").words
    assert "阜政办公开更〔2022〕1号" in client_of("contact-a").get(f"/assignments/{late.tokens[0]}").words
    assert "已由阜政办公开更〔2022〕1号更正" in client_of("clerk").get(f"/notices/{original_id}").words
    with work_as() as work:
        original = late.rows(work)[0].notice
        assert original.frozen == before
        (letter,) = corrections_of(work.session, original)
        as_(work, "director")
        issue.void(work, letter, "更正有误")
    assert "更正" not in visitor.get(f"/v/{code}").words
    with work_as(write=False) as work:
        assert [each.state for each in letters_about(work.session, late.rows(work)[0])] == [NoticeState.VOIDED]
        words = work.session.scalars(select(Event.word).where(Event.word.startswith("correction:")))
        assert [*words] == ["correction:delivered"]
        assert work.session.scalar(select(sa.func.count()).where(Event.word == "letter:voided")) == 1


@SQLITE
def test_only_what_is_in_force_is_corrected_and_an_error_must_be_named(work_as: WorkAs, late: Late) -> None:
    with pytest.raises(Invalid), work_as() as work:
        as_(work, "clerk")
        letters.draft_correction(work, late.rows(work)[0].notice, Wording("更正", "", ""))
    with work_as() as work:
        worlds.bring(work, "voided", late.tokens[0])
    with pytest.raises(Refused, match="not void"), work_as() as work:
        as_(work, "clerk")
        letters.draft_correction(work, late.rows(work)[0].notice, Wording("更正", "", "", errata=ERRATA))


@SQLITE
def test_the_clerk_drafts_letters_on_pages(work_as: WorkAs, late: Late, client_of: Callable[[str], PageClient]) -> None:
    clerk = client_of("clerk")
    page = clerk.get("/assignments")
    batch = clerk.submit(page, "/letters/draft", assignment=late.tokens, kind="supervision")
    assert "督办函" in batch.words
    assert "逾期任务2项" in batch.words
    assert clerk.submit(clerk.get("/assignments"), "/letters/draft", assignment=late.tokens, kind="").status == 409
    with work_as(write=False) as work:
        notice_id = late.rows(work)[0].notice_id
    form = clerk.get(f"/notices/{notice_id}/correct")
    refused = clerk.submit(form, "/correct", opening="因校对疏漏")
    assert (refused.status, "请至少填写一处更正" in refused.words, "因校对疏漏" in refused.text) == (422, True, True)
    drawn = clerk.submit(refused, "/correct", **{"errata-0-wrong": "甲", "errata-0-right": "乙"})
    edit = clerk.get(f"{drawn.path}/edit")
    assert clerk.submit(edit, "/edit", **{"errata-0-right": "丙"}).status == 200
    with work_as(write=False) as work:
        newest = work.session.scalars(select(Notice).order_by(Notice.id.desc())).first()
        assert newest is not None
        assert newest.correction is not None
        assert newest.correction.errors == [{"where": "", "wrong": "甲", "right": "丙"}]


def test_every_kind_has_its_row_its_paper_its_form_and_its_series(tmp_path: object) -> None:
    settings = Settings.from_env({"RECTIFY_DATA": str(tmp_path)})
    assert [*KINDS] == [*NoticeKind]
    assert [*FORMS] == [kind for kind in NoticeKind if KINDS[kind].editor == "notices.edit"]
    assert len({paper.part(kind).TYPE for kind in NoticeKind}) == len(NoticeKind)
    assert len({paper.series_of(kind, settings) for kind in NoticeKind}) == len(NoticeKind)


@SQLITE
def test_what_a_letter_is_about_does_not_change(work_as: WorkAs, late: Late) -> None:
    with work_as() as work:
        drafted(work, late.rows(work))
    for statement in ("UPDATE notice_about SET sequence = 9", "DELETE FROM notice_about"):
        with pytest.raises(sa.exc.DBAPIError, match="does not change"), work_as() as work:
            work.session.execute(sa.text(statement))
