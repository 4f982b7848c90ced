"""Following up through the pages: the look, the timeline, and "该问题于12月已通报" before anything is stored."""

from collections.abc import Callable

from sqlalchemy import func, select

from tests.conftest import WorkAs, one_database
from tests.pages import PageClient
from tracker.followup.models import Recheck
from tracker.inspections.models import Finding
from tracker.kit.clock import FixedClock, office_moment

pytestmark = one_database
ClientOf = Callable[[str], PageClient]


def test_a_look_stands_on_the_timeline_and_the_findings_page_and_opens_nothing_again(
    clock: FixedClock, client_of: ClientOf, work_as: WorkAs, closed: str
) -> None:
    clock.moment = office_moment("2022-01-12T09:00")
    clerk = client_of("clerk")
    assert "1 个问题待回头看" in clerk.get("/").words
    page = clerk.get("/again/1")
    early = clerk.submit(page, "/again/1", outcome="recurred", on="2022-02-01", note="再次停更")
    assert (early.status, "尚未到来" in early.words, "再次停更" in early.text) == (422, True, True)
    done = clerk.submit(early, "/again/1", on="2022-01-12")
    assert (done.path, "本问题为问题 #1 复发" in done.words) == ("/findings/2", True)
    assert "该问题于2021年12月已通报（阜政办公开改〔2021〕1号），位置相同" in done.words
    assert "2022-01-12 回头看（销号后 14 天），clerk：问题复发，新问题 #2。再次停更" in clerk.get("/findings/1").words
    told = client_of("contact-a").get(f"/assignments/{closed}").words
    assert ("登记为新问题 #2" in told, "再次停更" in told, "重新整改" in told) == (True, True, False)
    assert "再次停更" in clerk.get("/again/results?outcome=recurred").words
    assert clerk.get("/again/1").status == 404  # done with: its new finding goes on
    with work_as(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Recheck)) == 1


def test_a_problem_told_before_is_said_to_be_before_it_is_stored_and_on_the_draft(
    clock: FixedClock, client_of: ClientOf, work_as: WorkAs, closed: str
) -> None:
    clock.moment = office_moment("2022-01-12T09:00")
    clerk = client_of("clerk")
    with work_as(write=False) as work:
        old = work.session.scalars(select(Finding)).one()
        typed = {"subject_id": str(old.subject_id), "indicator_id": str(old.indicator_id), "place": old.place}
    typed |= {"description": "又停更", "unit_id": str(old.unit_id), "found_on": "2022-01-11"}
    first = clerk.submit(clerk.get("/findings/new"), "/findings/new", **typed)
    clause = "该问题于2021年12月已通报（阜政办公开改〔2021〕1号）"
    assert (first.status, clause in first.words, "又停更" in first.text) == (422, True, True)
    stored = clerk.submit(first, "/findings/new")
    assert (stored.path, clause in stored.words) == ("/findings/2", True)
    key = clerk.get("/findings").form("/batches/draft").values
    draft = clerk.post("/batches/draft", {**key, "finding": "2"})
    assert f"两周未更新”：{clause}，位置相同" in draft.words
    assert f"你单位“两周未更新”问题，{clause}，此次检查仍存在同类问题。" in draft.words
    opening = draft.form("/edit").values["opening"]
    assert "已通报" not in opening  # offered, never put in


def test_the_office_sets_its_days(clock: FixedClock, client_of: ClientOf, closed: str) -> None:
    clock.moment = office_moment("2022-01-05T09:00")
    clerk = client_of("clerk")
    page = clerk.get("/again/terms")
    wrong = clerk.submit(page, "/again/terms", first_days="31")
    assert (wrong.status, "第二次应晚于第一次" in wrong.words) == (422, True)
    done = clerk.submit(wrong, "/again/terms", first_days="7")
    assert (done.path, "有 1 个已销号问题待回头看" in done.words) == ("/again", True)
    stale = clerk.submit(
        page, "/again/terms", first_days="9", form_key=clerk.get("/").form("/sign-out").values["form_key"]
    )
    assert stale.status == 409
