"""The whole loop as the office and a unit live it, in a real browser: from a finding to a closed, sealed reply."""

import base64
import hashlib
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import factories as f
from tests.conftest import WorkAs
from tests.journeys.house import House, link_in, open_house, subject, words
from tests.journeys.people import Auditor, Clerk, Contact, Director, Reviewer
from tests.reminders.cases import mail_server
from tracker.cli.demo.scan import scanned
from tracker.org.models import Role, UnitKind

DATABASES = os.environ.get("RECTIFY_JOURNEYS_ON", "sqlite").split(",")
"""sqlite in the suite; before a release also `RECTIFY_JOURNEYS_ON=sqlite,postgresql`."""
pytestmark = [pytest.mark.journey, pytest.mark.pdf]
TITLE = "关于限期整改政务新媒体有关问题的通知"
SILENT, UNANSWERED = "账号“细河发布”前2周内无更新", "账号“阜新公安”未回复网民留言"
FIRST_PASSWORD, OWN_PASSWORD = f.PASSWORD, "Blue-River-2021"
MOST_ACTS = 13
"""Clicks, fields and files that a contact needs at most for a notice with one item, from receipt to submission."""


def _furnish(work_as: WorkAs) -> None:
    """The office, two units with a contact each, an account of each, one inspection, one indicator; no finding yet."""
    with work_as() as work:
        for login, role in (("clerk", Role.CLERK), ("director", Role.DIRECTOR), ("reviewer", Role.REVIEWER)):
            f.person(work, login, role, email=f"{login}@office.invalid")
        f.person(work, "auditor", Role.AUDITOR)
        xihe = f.unit(work, "细河区", full_name="阜新市细河区人民政府", rank=1)
        police = f.unit(work, "市公安局", UnitKind.DEPARTMENT, full_name="阜新市公安局", rank=2)
        f.person(work, "xihe", Role.CONTACT, unit=xihe, must_change_password=True, email="xihe@unit.invalid")
        f.person(work, "police", Role.CONTACT, unit=police, email="police@unit.invalid")
        f.account(work, xihe, "细河发布")
        f.account(work, police, "阜新公安")
        f.indicator(work)
        f.inspection(work)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """The furnished product with a real mail server beside it."""
    with mail_server() as sink, open_house(tmp_path, database_url, sink, _furnish) as (house, _nothing):
        yield house


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture as evidence."""
    path = tmp_path / "整改后.png"
    path.write_bytes(f.png())
    return path


def _signed_and_sealed(sheet: Path, seed: int) -> Path:
    """What the unit's scanner makes of the printed sheet once it is signed and sealed."""
    scan = sheet.with_name(f"盖章件-{seed}.pdf")
    scan.write_bytes(scanned(sheet.read_bytes(), seed))
    return scan


@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_from_a_finding_to_a_closed_reply(house, sitting, picture, tmp_path):
    began = time.monotonic()
    clerk = Clerk(sitting(), house.url).signs_in("clerk")
    clerk.enters("细河区", "细河发布 新浪微博", SILENT, pasting=base64.b64encode(f.png()).decode())
    clerk.enters("市公安局", "阜新公安 新浪微博", UNANSWERED, attaching=picture)
    clerk.drafts(SILENT, UNANSWERED)
    clerk.writes(title="关于整改的通知", due=date(2022, 1, 10))
    clerk.sees("2 个单位，均有联系人；共 2 项问题。")
    clerk.submits(2)

    director = Director(sitting(), house.url).signs_in("director")
    director.takes_up("关于整改的通知")
    director.sees_the_paper()
    director.sends_back("标题请写全。")

    clerk.goes_to("今日待办")
    clerk.follows("继续办理")
    clerk.sees("标题请写全。")
    clerk.follows("修改文字与期限")
    clerk.writes(title=TITLE, due=date(2022, 1, 10))
    clerk.submits(2)

    director.takes_up(TITLE)
    director.sees_the_paper()
    director.sees("阜政办公开改〔2021〕1–2号", "1月10日前")
    director.signs(2)

    mail = house.mail_to("xihe@unit.invalid", "阜政办公开改〔2021〕1号")  # it is sent after the paper was stored
    assert subject(mail) == "阜政办公开改〔2021〕1号 已送达贵单位"
    assert "细河发布" not in words(mail)
    assert house.mail_to("police@unit.invalid", "阜政办公开改〔2021〕2号")

    xihe = Contact(sitting(), house.url)
    xihe.opens(link_in(mail))
    xihe.signs_in("xihe", FIRST_PASSWORD)
    xihe.chooses_a_password(OWN_PASSWORD)
    xihe.sees("阜政办公开改〔2021〕1号", SILENT)
    xihe.sees_the_paper()
    assignment = xihe.page.url
    xihe.acknowledges()
    xihe.answers("已恢复更新，并安排专人值守。", date(2021, 12, 28), "张三", picture)
    scan = _signed_and_sealed(xihe.prints_the_sheet(tmp_path), 1)
    receipt = xihe.hands_in(scan)
    print(f"a notice with one item, from receipt to submission: {xihe.acts} clicks, fields and files")
    assert receipt == "R-2021-000001"
    assert xihe.acts <= MOST_ACTS
    xihe.sees(hashlib.sha256(scan.read_bytes()).hexdigest())

    police = Contact(sitting(), house.url).signs_in("police")
    for page in ("", "/items/1", "/sheet", "/scan", "/check", "/receipt/1", "/notice.pdf", "/notice/1.jpg"):
        assert police.opens(assignment + page) == 404, page
    police.opens("/assignments")
    police.sees("阜政办公开改〔2021〕2号")
    expect(police.page.locator("main")).not_to_contain_text("阜政办公开改〔2021〕1号")

    reviewer = Reviewer(sitting(), house.url).signs_in("reviewer")
    reviewer.takes_up("细河区")
    reviewer.sees("已恢复更新，并安排专人值守。")
    reviewer.returns(1, "请补充值守制度的文号。")

    xihe.opens(assignment)
    xihe.sees("请补充值守制度的文号。")
    xihe.answers("已恢复更新，值守制度见细政办〔2021〕8号。", date(2021, 12, 28), "张三", picture)
    second = _signed_and_sealed(xihe.prints_the_sheet(tmp_path), 2)
    assert xihe.hands_in(second) == "R-2021-000002"

    reviewer.takes_up("细河区")
    reviewer.sees("请补充值守制度的文号。", "细政办〔2021〕8号")
    reviewer.passes_by_keys(1)
    reviewer.accepts(1)
    xihe.opens(assignment)
    xihe.sees("已销号", "第 1 次报送", "第 2 次报送")

    Auditor(sitting(), house.url).signs_in("auditor").verifies_the_record()
    print(f"the whole loop: {time.monotonic() - began:.1f} s")
