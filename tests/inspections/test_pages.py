"""Pages of findings, as the clerk uses them and as others may not."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.conftest import WorkAs, one_database
from tests.inspections.people import QueryCount, settle
from tracker.indicators.models import Indicator
from tracker.inspections.models import Finding
from tracker.org.models import Unit

HOSTILE = "<script>alert(1)</script> {{7*7}} =1+1"


@pytest.fixture
def ground(work_as: WorkAs) -> dict[str, int]:
    """Ids of the police, two of their accounts, an inspection and an unconfirmed indicator."""
    with work_as() as work:
        police = settle(work)
        first, second = (factories.account(work, police, name=name) for name in ("平安阜新", "阜新交警"))
        rule = factories.indicator(work)
        rule.certainty = "partial"
        return {
            "unit": police.id,
            "first": first.id,
            "second": second.id,
            "inspection": factories.inspection(work).id,
            "indicator": rule.id,
        }


def entered(page) -> int:
    """The number of the finding a page is about."""
    found = re.search(r"/findings/(\d+)", page.path)
    assert found, page.path
    return int(found[1])


def test_entering_a_finding_with_a_picture(ground: dict[str, int], client_of) -> None:
    """Hostile text is shown as typed, the unconfirmed rule marked, the picture and its hash shown and handed out."""
    clerk = client_of("clerk")
    page = clerk.submit(
        clerk.get("/findings/new"),
        subject_id=ground["first"],
        indicator_id=ground["indicator"],
        description=HOSTILE + "\x00\x0b\n第二行",
        place=HOSTILE,
        url="https://weibo.com/1",
        evidence=(io.BytesIO(factories.png()), "截图.png"),
    )
    assert page.status == 200
    assert page.words.count(HOSTILE) == 2
    assert ("待核" in page.words, "SHA-256" in page.words, "否决" in page.words, "市公安局" in page.words) == (
        True,
    ) * 4
    number = entered(page)
    original = clerk.http.get(f"/findings/{number}/evidence", buffered=True)
    assert (original.data, original.headers["Content-Disposition"].split(";")[0]) == (factories.png(), "attachment")
    assert clerk.http.get(f"/findings/{number}/evidence/1.jpg").mimetype == "image/jpeg"
    assert clerk.get(f"/findings/{number}/evidence/2.jpg").status == 404
    assert HOSTILE in clerk.get("/findings").words


def test_an_equal_finding_is_refused_with_a_link(ground: dict[str, int], client_of) -> None:
    """What was typed stays in the form."""
    clerk = client_of("clerk")
    typed = {"subject_id": ground["first"], "indicator_id": ground["indicator"], "place": "首页"}
    number = entered(clerk.submit(clerk.get("/findings/new"), description="未更新", **typed))
    page = clerk.submit(clerk.get("/findings/new"), description="换个说法", **typed)
    assert page.status == 422
    assert f'href="/findings/{number}"' in page.text
    assert (page.form().values["description"], page.form().values["place"]) == ("换个说法", "首页")


@one_database
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"description": "字" * 2001}, "最多 2000 个字符，现超出 1 个"),
        ({"place": "字" * 201}, "最多 200 个字符，现超出 1 个"),
        ({"url": "javascript:alert(1)"}, "http://"),
        ({"url": "file:///etc/passwd"}, "http://"),
        ({"found_on": "昨天"}, "日期无效"),
        ({"found_on": ""}, "请填写日期"),
        ({"indicator_id": ""}, "请选择指标"),
        ({"indicator_id": "9999"}, "请从列表中选择"),
        ({"subject_id": "abc"}, "所选值无法识别"),
        ({"level": "mortal"}, "请从列表中选择"),
        ({"subject_id": "", "unit_id": ""}, "请选择责任单位"),
        ({"description": " \n\x00 "}, "请填写此项"),
        ({"evidence": b"MZ\x90"}, "该文件是可执行程序"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    ground: dict[str, int], client_of, typed: dict, words: str, work_as: WorkAs
) -> None:
    """A plain sentence, the typed text kept, nothing stored."""
    clerk = client_of("clerk")
    good = {"subject_id": ground["first"], "indicator_id": ground["indicator"], "description": "未更新"}
    files = {key: (io.BytesIO(value), "a.png") for key, value in typed.items() if isinstance(value, bytes)}
    page = clerk.submit(clerk.get("/findings/new"), **{**good, **typed, **files})
    assert page.status == 422
    assert words in page.words
    if "description" not in typed:
        assert page.form().values["description"] == "未更新"
    with work_as(write=False) as work:
        assert work.session.scalars(select(Finding)).all() == []


def test_store_and_next_keeps_what_repeats(ground: dict[str, int], client_of) -> None:
    """The keyboard way: inspection and indicator stay chosen."""
    clerk = client_of("clerk")
    page = clerk.submit(
        clerk.get("/findings/new"),
        subject_id=ground["first"],
        indicator_id=ground["indicator"],
        description="未更新",
        next="1",
    )
    values = page.form().values
    assert (values["indicator_id"], values["description"], values["subject_id"]) == (str(ground["indicator"]), "", "")


def test_changing_and_dropping(ground: dict[str, int], client_of) -> None:
    """An older version is answered with 409; a dropped one stays among the ended."""
    clerk = client_of("clerk")
    number = entered(
        clerk.submit(
            clerk.get("/findings/new"),
            subject_id=ground["first"],
            indicator_id=ground["indicator"],
            description="未更新",
        )
    )
    old = clerk.get(f"/findings/{number}/edit")
    assert "改写后" in clerk.submit(clerk.get(f"/findings/{number}/edit"), description="改写后").words
    assert clerk.submit(old, description="旧稿").status == 409
    page = clerk.get(f"/findings/{number}")
    assert clerk.submit(page, "/drop", reason="").status == 422
    clerk.submit(page, "/drop", reason="录错")
    assert ("改写后" in clerk.get("/findings").words, "改写后" in clerk.get("/findings?state=ended").words) == (
        False,
        True,
    )
    assert clerk.get(f"/findings/{number}/edit").status == 409


def test_bulk_entry_for_one_unit(ground: dict[str, int], client_of) -> None:
    """Choose the unit, tick the accounts, one act; doing it again links to the open ones."""
    clerk = client_of("clerk")
    assert "市公安局" in clerk.get("/findings/bulk").words
    page = clerk.get(f"/findings/bulk?unit={ground['unit']}")
    assert clerk.submit(page, indicator_id=ground["indicator"], description="2周内未更新").status == 422
    both = [ground["first"], ground["second"]]
    listed = clerk.submit(page, indicator_id=ground["indicator"], description="2周内未更新", subjects=both)
    assert (listed.path.split("?")[0], listed.words.count("2周内未更新")) == ("/findings", 2)
    again = clerk.submit(
        clerk.get(f"/findings/bulk?unit={ground['unit']}"),
        indicator_id=ground["indicator"],
        description="又未更新",
        subjects=both,
    )
    assert (again.status, again.text.count('href="/findings/1"') + again.text.count('href="/findings/2"')) == (422, 2)
    assert again.form("bulk").values["subjects"] == [str(id_) for id_ in both]


def test_filters(ground: dict[str, int], client_of, work_as: WorkAs) -> None:
    """Each narrows; together they narrow further; a search sign is no wildcard."""
    with work_as() as work:
        police = work.session.get(Unit, ground["unit"])
        assert police is not None
        xihe = factories.unit(work, "细河区")
        other = factories.indicator(work, "W-V3", title="首页不更新", level="deduct")
        factories.finding(work, police, "甲问题", subject_id=ground["first"])
        factories.finding(work, xihe, "乙问题", indicator=other.id)
        factories.finding(work, xihe, "丙问题 100%", notice_ref=3)
        factories.finding(work, xihe, "丁问题", ended_at=work.now, ended_how="rectified")
    clerk = client_of("clerk")
    cases = {
        "": "甲乙",
        "state=all": "甲乙丙丁",
        "state=on_notice": "丙",
        "state=ended": "丁",
        f"unit={ground['unit']}": "甲",
        f"indicator={other_id(work_as)}": "乙",
        "level=warn": "",
        "q=平安": "甲",
        "q=细河&state=all": "乙丙丁",
        "q=%25&state=all": "丙",
        f"subject={ground['first']}": "甲",
        "subject=99": "",
        "unit=abc&state=nonsense": "甲乙",
    }
    for query, expected in cases.items():
        words = clerk.get(f"/findings?{query}").words
        assert "".join(sign for sign in "甲乙丙丁" if f"{sign}问题" in words) == expected, query
        whole = query in ("", "unit=abc&state=nonsense")
        head = f"有 {len(expected)} 个问题待列入通知。" if whole else f"本列表共 {len(expected)} 条问题。"
        assert head in words, query


def other_id(work_as: WorkAs) -> int:
    """The id of the second indicator."""
    with work_as(write=False) as work:
        return work.session.scalars(select(Indicator.id).where(Indicator.code == "W-V3")).one()


def test_as_many_queries_for_30_rows_as_for_one(app: Flask, ground: dict[str, int], client_of, work_as: WorkAs) -> None:
    """No query per row, in the list and in the entry form."""
    clerk, counts = client_of("clerk"), []
    for many in (1, 29):
        with work_as() as work:
            for number in range(many):
                unit = factories.unit(work, f"单位{many}-{number}")
                subject = factories.account(work, unit, name=f"账号{many}-{number}")
                factories.finding(work, unit, f"问题{many}-{number}", subject_id=subject.id)
        for path in ("/findings", "/findings/new"):
            clerk.get(path)
            with QueryCount(app) as counted:
                clerk.get(path)
            counts.append(counted.count)
    assert counts[:2] == counts[2:]


@pytest.mark.parametrize("login", ["contact-police", "sysadmin", "secadmin", "auditor"])
def test_other_roles_find_nothing(ground: dict[str, int], client_of, login: str, work_as: WorkAs) -> None:
    """Lists, pages, forms, files: all look absent."""
    with work_as() as work:
        police = work.session.get(Unit, ground["unit"])
        assert police is not None
        number = factories.finding(work, police).id
    browser = client_of(login)
    for path in (
        "/findings",
        "/findings/new",
        "/findings/bulk",
        f"/findings/{number}",
        f"/findings/{number}/evidence",
        "/inspections",
    ):
        assert browser.get(path).status == 404, path


@pytest.mark.parametrize("login", ["director", "reviewer", "observer"])
def test_the_rest_of_the_office_only_reads(ground: dict[str, int], client_of, login: str, work_as: WorkAs) -> None:
    """No form, no button, no address to write at."""
    with work_as() as work:
        police = work.session.get(Unit, ground["unit"])
        assert police is not None
        number = factories.finding(work, police).id
    browser = client_of(login)
    assert "修改问题" not in browser.get(f"/findings/{number}").words
    assert [
        browser.get(path).status
        for path in ("/findings", f"/findings/{number}/edit", "/findings/new", "/inspections/new")
    ] == [200, 404, 404, 404]


def test_opening_an_inspection(ground: dict[str, int], client_of) -> None:
    """Then its first finding is entered."""
    clerk = client_of("clerk")
    page = clerk.get("/inspections/new")
    assert page.form("/inspections").values["period"] == "2021-12"
    typed = {
        "title": "2021年12月份第二次检查",
        "starts_on": "2021-12-01",
        "ends_on": "2021-12-25",
        "coverage": "全市31家网站",
    }
    for wrong in ({"period": "2021-13"}, {"period": "十二月"}, {"ends_on": "2021-11-30"}, {"method": "guess"}):
        assert clerk.submit(clerk.get("/inspections/new"), "/inspections", **{**typed, **wrong}).status == 422, wrong
    done = clerk.submit(page, "/inspections", **typed)
    assert "2021年12月份第二次检查" in done.words
    assert "全市31家网站" in clerk.get("/inspections").words


def test_an_address_beyond_any_id_is_absent(ground: dict[str, int], client_of) -> None:
    """No number breaks the database driver."""
    clerk = client_of("clerk")
    assert [clerk.get(f"/findings/{n}").status for n in (0, 10**30)] == [404, 404]
    assert clerk.get(f"/findings?subject={10**30}").status == 200
