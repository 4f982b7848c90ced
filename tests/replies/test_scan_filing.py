"""What a unit uploads is filed by its codes; P3: no byte of a foreign page reaches it, not even its own upload's."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import WorkAs
from tests.pages import PageClient, apart
from tests.replies.case import DONE, Case, assignment, deliver
from tests.scans import sheets
from tracker.files.models import StoredFile
from tracker.files.place import derived
from tracker.notices.models import Assignment
from tracker.org.models import Person, Unit
from tracker.org.policy import Identity, Work
from tracker.replies.jobs import due_scans, read_scan
from tracker.replies.models import ReadingState, Reply, ScanReading
from tracker.replies.operations import filing, items, rounds, scan, submission
from tracker.replies.operations.readings import claim, note_pages
from tracker.scans import crops
from tracker.scans.read import PageReading

ClientOf = Callable[[str], PageClient]


def uploaded(
    work_as: WorkAs, case: Case, pages: list[PageReading] | None, file: bytes | None = None, count: int = 0
) -> str:
    """Fill the draft, upload a scan, and let it be seen as `pages` (None: not read yet); return the file's token."""
    with work_as(case.contact) as work:
        row = assignment(work, case)
        if row.acknowledged_at is None:
            rounds.acknowledge(work, row)
        for line in rounds.open_draft(work, row).items:
            items.write_item(work, row, line.item.sequence, DONE)
        count = count or len(pages or [1])
        source = sheets.received(file or sheets.pdf([sheets.page()] * count), count)
        stored = scan.put_scan(work, row, source, "盖章件.pdf")
        if pages is not None:
            reading = work.session.query(ScanReading).filter_by(file_id=stored.id).one()
            reading.state, reading.pages, reading.ready_at = ReadingState.READY, pages, work.now
        return stored.token


def others(work: Work, case: Case, unit_name: str) -> Assignment:
    unit = work.session.query(Unit).filter_by(name=unit_name).one()
    clerk = work.session.query(Person).filter_by(login="clerk").one()
    return deliver(work, unit, clerk, 1)


def said(work_as: WorkAs, identity: Identity, case: Case) -> list[tuple[str, dict[str, object]]]:
    with work_as(identity, write=False) as work:
        row = assignment(work, case)
        reply = work.session.query(Reply).filter_by(assignment_id=row.id).one()
        assert reply.scan is not None
        return [(r.msgid, r.params) for r in filing.remarks(filing.file_scan(work, row, reply.scan, reply.round))]


def test_p03_a_foreign_page_is_never_sent_to_the_unit_and_blocks_the_submission(
    work_as: WorkAs, case: Case, client_of: ClientOf
) -> None:
    with work_as() as work:
        foreign = others(work, case, "市公安局").token
    real = [sheets.page(case.token, 1, 1, 1), sheets.page(foreign, 1, 1, 1, turn=90), sheets.page()]
    file = uploaded(work_as, case, None, sheets.pdf(real), 3)
    contact = client_of("contact-xihe")
    base = f"/assignments/{case.token}"
    # Before anything is known, nothing is shown, and the page asks again by itself.
    page = contact.get(f"{base}/scan")
    assert page.response.headers["Refresh"]
    assert [contact.get(f"{base}/files/{file}/pages/{n}").status for n in (1, 2, 3)] == [404, 404, 404]
    for due in due_scans():
        read_scan(due)
    assert due_scans() == []
    page = contact.get(f"{base}/scan")
    assert "第2页含其他单位回执，请拆分后重新上传" in page.text
    assert "公安局" not in page.text
    assert f"/files/{file}/pages/2" not in page.text
    for who in ("contact-xihe", "leader-xihe"):
        client = client_of(who)
        sent = [client.get(f"{base}/files/{file}/pages/{n}").status for n in (1, 2, 3)]
        assert (who, sent) == (who, [200, 404, 200])
        assert client.get(f"{base}/files/{file}").response.mimetype == "text/html"  # the original holds that page
    with pytest.raises(submission.Incomplete) as refusal, work_as(case.contact) as work:
        submission.submit(work, assignment(work, case))
    assert [gap.params for gap in refusal.value.gaps] == [{"pages": "2"}]


def test_a_sheet_of_another_notice_to_the_same_unit_is_named_and_blocks(work_as: WorkAs, case: Case) -> None:
    with work_as() as work:
        other = others(work, case, "细河区")
        token, number = other.token, other.notice.number
    uploaded(work_as, case, [sheets.seen(1, case.token), sheets.seen(2, token)])
    assert (filing.ELSEWHERE, {"pages": "2", "number": number}) in said(work_as, case.contact, case)


def test_missing_and_old_pages_are_named_and_do_not_block(work_as: WorkAs, case: Case) -> None:
    uploaded(
        work_as,
        case,
        [
            sheets.seen(1, case.token, k=3, of=3),
            sheets.seen(2, case.token, 7, 1, 3),
            sheets.seen(3, case.token, k=1, of=3),
        ],
    )
    assert said(work_as, case.contact, case) == [
        (filing.MISSING, {"pages": "2", "of": 3}),
        (filing.OUTDATED, {"pages": "2", "version": 7, "now": 1}),
    ]
    with work_as(case.contact) as work:
        assert submission.submit(work, assignment(work, case)).receipt


def test_an_own_letter_without_codes_is_taken_where_it_was_uploaded(work_as: WorkAs, case: Case) -> None:
    uploaded(work_as, case, [sheets.seen(1), sheets.seen(2)])
    assert said(work_as, case.reviewer, case) == [(filing.UNCODED, {"pages": "1—2"})]
    with work_as(case.contact) as work:
        assert submission.submit(work, assignment(work, case)).receipt


def test_the_machine_keeps_nobody_from_submitting_in_time(work_as: WorkAs, case: Case) -> None:
    uploaded(work_as, case, None)
    with work_as(case.contact) as work:
        assert submission.submit(work, assignment(work, case)).receipt


def test_pages_are_shown_in_the_sheets_order_and_upright(work_as: WorkAs, case: Case, client_of: ClientOf) -> None:
    file = uploaded(
        work_as,
        case,
        [sheets.seen(1), sheets.seen(2, case.token, k=2, of=2, turn=90), sheets.seen(3, case.token, k=1, of=2)],
    )
    contact = client_of("contact-xihe")
    text = contact.get(f"/assignments/{case.token}/scan").text
    places = [text.index(f"/files/{file}/pages/{n}") for n in (3, 2, 1)]
    assert places == sorted(places)
    upright, as_it_lies = (
        contact.get(f"/assignments/{case.token}/files/{file}/pages/{n}").response.data for n in (2, 3)
    )
    assert (b"Exif" in upright[:40], b"Exif" in as_it_lies[:40]) == (True, False)


def lead(client: PageClient, url: str) -> str:
    return str(apart(lambda: client.http.get(url)).headers["Location"])


def test_the_code_on_the_paper_leads_to_the_upload_and_tells_strangers_nothing(
    work_as: WorkAs, case: Case, client_of: ClientOf, visitor: PageClient
) -> None:
    code = f"/r/{case.token}/1/P1of2"
    assert lead(visitor, code).startswith("/sign-in")
    contact = client_of("contact-xihe")
    assert lead(contact, code) == f"/assignments/{case.token}"  # nothing to upload yet
    with work_as(case.contact) as work:
        rounds.acknowledge(work, assignment(work, case))
    assert lead(contact, code) == f"/assignments/{case.token}/scan#scan"
    assert client_of("contact-police").get(code).status == 404


def test_a_killed_readers_pages_are_read_again_and_its_late_answer_changes_nothing(
    work_as: WorkAs, case: Case, clock
) -> None:

    uploaded(work_as, case, None)
    with work_as() as work:
        id_ = work.session.query(ScanReading.id).scalar()
        assert claim(work, id_) is not None
    with work_as() as work:
        assert claim(work, id_) is None  # one reader at a time
    assert due_scans() == []
    clock.moment += timedelta(minutes=3)  # the first reader was killed
    assert due_scans() == [id_]
    read_scan(id_)
    with work_as() as work:
        reading = work.session.get_one(ScanReading, id_)
        assert (reading.state, len(reading.pages)) == (ReadingState.READY, 1)
        assert note_pages(work, id_, 0, [sheets.seen(1)]) is False
    read_scan(id_)  # reading twice is harmless
    assert due_scans() == []


def test_what_the_machine_cut_out_is_sent_to_those_who_may_see_the_page(
    work_as: WorkAs, case: Case, client_of: ClientOf
) -> None:
    box = {"level": "found", "reason": "", "box": [1, 1, 2, 2], "score": 1.0}
    file = uploaded(work_as, case, [sheets.seen(1, case.token) | {"seal": box}])
    with work_as(case.contact) as work:
        stored = work.session.query(StoredFile).filter_by(token=file).one()
        crops.keep(crops.place(derived(), stored.sha256, 1, "seal"), b"\xff\xd8 seal")
        submission.submit(work, assignment(work, case))
    url = f"/assignments/{case.token}/files/{file}/pages/1/seal"
    reviewer = client_of("reviewer")
    assert url in reviewer.get(f"/replies/{case.token}/review").text
    assert reviewer.get(url).response.data == b"\xff\xd8 seal"
    assert [reviewer.get(url.replace("/seal", name)).status for name in ("/signature", "/../1")] == [404, 404]
    assert client_of("contact-police").get(url).status == 404
