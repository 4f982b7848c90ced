"""What units are asked: every figure is the count of the rows behind it, and a draft is told of the past."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from tests import factories as f
from tests import worlds
from tests.conftest import WorkAs, one_database
from tests.pages import H, Page, PageClient
from tests.worlds import CANARY, as_
from tracker.escalation.models import EscalationTerm
from tracker.escalation.policy import Month
from tracker.escalation.queries.burden import MEASURES, burden, own_months, rows_behind
from tracker.escalation.queries.earlier import OVER, SAME, SAME_KIND
from tracker.notices.operations import drafts
from tracker.notices.queries import batch_by_id
from tracker.org.models import Person, Unit
from tracker.org.operations.people import Particulars, change_person
from tracker.org.policy import SYSTEM
from tracker.reminders.jobs import tick
from tracker.workdays.calendar import Calendar

pytestmark = one_database
MONTH = Month(2021, 12)


@pytest.fixture
def units(work_as: WorkAs) -> tuple[int, int]:
    """Unit A answered one notice, which was closed, and had another returned; unit B owes one. Their ids."""
    with work_as() as work:
        a, b = worlds.people(work)
        ids = a.id, b.id
        rows = [
            worlds.findings(work, unit, count, mark) for unit, count, mark in ((a, 2, "甲"), (a, 1, "乙"), (b, 3, "丙"))
        ]
    tokens = []
    for found in rows:
        with work_as() as work:
            tokens.append(worlds.delivered(work, [work.session.merge(each) for each in found])[0].token)
    for token, accepted in zip(tokens, (True, False), strict=False):
        with work_as() as work:
            worlds.answer(work, "contact-a", token)
        with work_as() as work:
            worlds.decide(work, token, accepted=accepted)
    tick()
    return ids


def cells(page: Page) -> dict[str, list[str]]:
    """The rows of the first table: unit → figures."""
    assert page.tree is not None
    body = next(page.tree.iter(f"{H}tbody"))
    rows = [["".join(cell.itertext()).strip() for cell in row] for row in body]
    return {row[0]: row[1:] for row in rows}


def test_p20_every_figure_opens_as_many_rows_as_it_says(
    work_as: WorkAs, units: tuple[int, int], client_of: Callable[[str], PageClient]
) -> None:
    clerk, figures = client_of("clerk"), {}
    page = clerk.get("/burden?month=2021-12")
    for link in re.findall(r'href="(/burden/2021-12/\w+/\d+)">(\d+)</a>', page.text):
        rows = clerk.get(link[0])
        assert rows.tree is not None
        figures[link[0]] = (int(link[1]), sum(1 for _row in rows.tree.iter(f"{H}tr")) - 1)
    assert all(shown == behind for shown, behind in figures.values()), figures
    assert {name.rsplit("/", 2)[1] for name in figures} == {"notices", "items", "messages", "returns", "acts"}
    with work_as(write=False) as work:
        found = burden(work.session, MONTH)
        assert [row.unit.id for row in found] == list(units)  # the registry's order, though B was asked less
        a, b = (row.figures for row in found)
        assert (a["notices"], a["items"], a["returns"], a["letters"]) == (2, 3, 1, 0)
        assert a["acts"] == 1  # the clock stands still: all of a person's acts fall on one moment
        assert (b["notices"], b["items"], b["returns"], b["acts"]) == (1, 3, 0, 0)
        for row in found:
            for name, figure in row.figures.items():
                assert len(rows_behind(work.session, name, MONTH, row.unit.id)) == figure
            assert dict(own_months(work.session, row.unit.id, Month(2022, 1)))[MONTH] == row.figures
        assert burden(work.session, Month(2021, 11))[0].figures == dict.fromkeys(MEASURES, 0)
    totals = [str(a[name] + b[name]) for name in ("notices", "items", "letters", "messages", "returns", "acts")]
    assert cells(page)["全部单位"] == totals


def test_p03_a_unit_sees_its_own_burden_and_no_other(
    units: tuple[int, int], client_of: Callable[[str], PageClient]
) -> None:
    a, b = client_of("contact-a"), client_of("contact-b")
    assert cells(a.get("/own-burden"))["2021年12月"][:2] == ["2", "3"]
    assert a.get("/own-burden/2021-12/items").status == 200
    for url in ("/own-burden", "/own-burden/2021-12/notices", "/own-burden/2021-12/messages"):
        assert CANARY not in b.get(url).text
    assert [b.get(f"/burden/2021-12/notices/{units[0]}").status, b.get("/burden").status] == [404, 404]
    wrong = ["/own-burden/2021-13/items", "/own-burden/2021-12/nothing", "/own-burden/x/items"]
    assert [a.get(url).status for url in wrong] == [404] * 3


def test_a_draft_is_told_of_what_was_answered_and_of_the_months_line(
    app: object, work_as: WorkAs, units: tuple[int, int], client_of: Callable[[str], PageClient]
) -> None:
    with work_as() as work:
        as_(work, "clerk")
        work.session.add(EscalationTerm(name="monthly_notices", value=2))
        a = work.session.get_one(Unit, units[0])
        same = f.finding(work, a, "又未更新", subject_id=1)
        other = f.finding(work, a, "另一账号未更新", subject_id=f.account(work, a, "另一账号").id)
        far = f.finding(work, a, "别的问题", indicator=f.indicator(work, "M-D-9", title="别的").id)
        ids = [worlds.drafted(work, [each]).id for each in (same, other, far)]
    with work_as(write=False) as work, force_locale("zh_Hans_CN"):
        as_(work, "clerk")
        told = [drafts.check(work, batch_by_id(work, id_), Calendar()) for id_ in ids]
        assert [[remark.msgid for remark in each.remarks] for each in told] == [[SAME, OVER], [SAME_KIND, OVER], [OVER]]
        assert not any(each.blocked for each in told)
        assert told[0].remarks[0].params["day"] == "2021年12月28日"
        assert {**told[0].remarks[1].params, "unit": ""} == {"unit": "", "sent": 2, "total": 3, "most": 2}
    page = client_of("clerk").get(f"/batches/{ids[0]}").words
    assert "已就同一问题（两周未更新）答复并办结" in page
    assert "连同本件共3件；上限2件" in page


def test_what_somebody_did_and_was_told_before_moving_here_is_not_shown_here(
    work_as: WorkAs, units: tuple[int, int], client_of: Callable[[str], PageClient]
) -> None:
    with work_as() as work:
        work.actor = replace(SYSTEM, name="sysadmin")
        person = work.session.scalars(sa.select(Person).where(Person.login == "contact-a")).one()
        moved = Particulars(person.name, units[1], person.title, person.email, person.phone)
        change_person(work, person.id, person.version, moved)
    reader = client_of("contact-b")
    for name in ("acts", "messages"):
        page = reader.get(f"/own-burden/2021-12/{name}")
        assert (page.status, CANARY in page.text.replace(f"{CANARY}区", "")) == (200, False), name
    with work_as(write=False) as work:
        assert [row.figures["acts"] for row in burden(work.session, MONTH)] == [0, 0]
