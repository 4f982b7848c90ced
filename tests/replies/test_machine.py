"""What the machine saw: told to the unit before it submits, to the reviewer beside the ticks, counted afterwards."""

import re
from collections.abc import Callable

from tests.conftest import WorkAs
from tests.pages import PageClient
from tests.replies.case import Case, answer, assignment
from tests.scans import sheets
from tracker.notices.models import Assignment
from tracker.replies.models import Decision, ReadingState, Reply, ScanReading
from tracker.replies.operations.review import return_whole

ClientOf = Callable[[str], PageClient]
UNSEALED = "系统未在扫描件中发现印章，如已盖章可直接提交"
UNSIGNED = "系统未在签字栏发现手写痕迹，如已签字可直接提交"


def seen(work_as: WorkAs, seal: str, signature: str) -> None:
    """Let the newest scan have been read so."""
    page = sheets.seen(1) | {"seal": {"level": seal, "box": None}, "signature": {"level": signature, "box": None}}
    with work_as() as work:
        reading = work.session.query(ScanReading).order_by(ScanReading.id.desc()).first()
        assert reading is not None
        reading.state, reading.pages, reading.ready_at = ReadingState.READY, [page], work.now


def test_a_unit_is_told_before_submitting_and_submits_all_the_same(
    client_of: ClientOf, case: Case, work_as: WorkAs
) -> None:
    with work_as(case.contact) as work:
        reply = answer(work, case)
        row = assignment(work, case)
        reply.submitted_at = reply.receipt = None  # back to the moment before
        row.state = "acknowledged"
    contact = client_of("contact-xihe")
    address = f"/assignments/{case.token}/check"
    told = {}
    for seal, signature in (("absent", "found"), ("found", "absent"), ("unknown", "unknown")):
        seen(work_as, seal, signature)
        told[seal] = contact.get(address).words
    assert [UNSEALED in told["absent"], UNSIGNED in told["absent"], "疑似无印章，请核对" in told["absent"]] == [
        True,
        False,
        True,
    ]
    assert [UNSEALED in told["found"], UNSIGNED in told["found"], "检测到红色圆形印章" in told["found"]] == [
        False,
        True,
        True,
    ]
    assert [UNSEALED in told["unknown"], "黑白扫描件，无法自动核对印章" in told["unknown"]] == [False, True]
    seen(work_as, "absent", "absent")
    page = contact.get(address)
    assert contact.submit(page, address).status == 200
    assert "疑似未签字，请核对" in client_of("reviewer").get(f"/replies/{case.token}/review").words


def test_the_office_sees_its_own_table_and_every_figure_opens_its_rounds(
    client_of: ClientOf, case: Case, work_as: WorkAs
) -> None:
    for seal, reason in (("absent", "缺单位印章"), ("suspected", "附件不清晰"), ("absent", "缺印章和签字")):
        with work_as(case.contact) as work:
            answer(work, case)
        seen(work_as, seal, "found")
        with work_as(case.reviewer) as work:
            return_whole(work, assignment(work, case), reason)
    with work_as() as work:
        fourth = Reply(
            assignment_id=work.session.query(Assignment).filter_by(token=case.token).one().id, round=9, receipt="R-9",
            scan_id=work.session.query(ScanReading.file_id).limit(1).scalar(), submitted_at=work.now,
            decision=Decision.ACCEPTED, decided_at=work.now, signature_checked=True, seal_checked=True,
            seal_level="found", signature_level="absent",
        )  # fmt: skip
        work.session.add(fourth)
    reviewer = client_of("reviewer")
    page = reviewer.get("/replies/machine")
    figures = {
        (what, level, held): reviewer.get(address.replace("&amp;", "&")).text.count("<tr data-row>")
        for address, what, level, held in re.findall(
            r'href="(/replies/machine/rounds\?what=(\w+)&amp;level=(\w*)&amp;held=(\w+))"', page.text
        )
    }
    assert figures == {
        ("seal", "found", "ticked"): 1, ("seal", "suspected", "neither"): 1, ("seal", "absent", "named"): 2,
        ("signature", "found", "neither"): 2, ("signature", "found", "named"): 1, ("signature", "absent", "ticked"): 1,
    }  # fmt: skip
    assert "合成数据的结果偏于乐观" in page.words
    assert reviewer.get("/replies/machine/rounds?what=hand").status == 404
    assert client_of("contact-xihe").get("/replies/machine").status == 404
