"""The worker with a signer: official papers go out signed or not at all, and the record says by which certificate."""

import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import worlds
from tests.conftest import WorkAs
from tests.desks import OFFICE, Desk, desk_in
from tracker.audit.models import Event
from tracker.documents import preflight, render, sign_command
from tracker.documents.models import Paper, PaperState
from tracker.documents.operations import PAUSES, newest
from tracker.documents.signatures import signature_on
from tracker.documents.word import COPY, DRAFT
from tracker.files.place import originals
from tracker.kit.clock import FixedClock
from tracker.notices.jobs import print_notice
from tracker.notices.models import Notice
from tracker.notices.operations.issue import order_previews
from tracker.notices.queries import batch_by_id
from tracker.org.models import UnitKind

pytestmark = [pytest.mark.pdf, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture(autouse=True)
def _fonts_are_here():
    if preflight.check():
        pytest.skip("fonts or libraries are missing")
    yield
    render.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return desk_in(tmp_path)


def set_up(app: Flask, **values: str) -> None:
    """Give the running application settings for signing."""
    host = app.extensions["rectify"]
    host.settings = replace(host.settings, **values)


@pytest.fixture
def notice_id(work_as: WorkAs) -> int:
    """A notice just issued, its draft paper ordered as well."""
    with work_as() as work:
        a, _b = worlds.people(work)
        worlds.f.unit(work, "市教育局", UnitKind.DEPARTMENT, rank=0)
        batch = worlds.submitted(work, worlds.findings(work, a, 2, "甲"))
        order_previews(work, batch_by_id(work, batch.id), worlds.contents_of(work, batch_by_id(work, batch.id)))
        return worlds.sign(work, batch_by_id(work, batch.id)).notices[0].id


def paper_id(work_as: WorkAs, notice_id: int, purpose: str = "official") -> int:
    with work_as(write=False) as work:
        row = newest(work.session, "notice", notice_id, purpose)
        assert row is not None
        return row.id


def outcome(work_as: WorkAs, notice_id: int, row_id: int) -> tuple[Paper, Notice, list[dict]]:
    """The paper's row, its notice, and what the record holds about signing."""
    with work_as(write=False) as work:
        events = work.session.scalars(sa.select(Event).where(Event.word == "paper:signed")).all()
        return work.session.get(Paper, row_id), work.session.get(Notice, notice_id), [each.detail for each in events]


def test_an_official_paper_is_delivered_signed_and_the_record_names_the_certificate(
    app: Flask, work_as: WorkAs, notice_id: int, desk: Desk
):
    set_up(app, sign_p12=str(desk.key), sign_p12_password_file=str(desk.password))
    row_id = paper_id(work_as, notice_id)
    print_notice(row_id)
    paper, notice, signings = outcome(work_as, notice_id, row_id)
    with originals().open(paper.sha256) as file:
        pdf = file.read()
    found = signature_on(pdf)
    assert (paper.state, paper.sha256, paper.size) == (PaperState.READY, notice.paper_sha256, len(pdf))
    assert signings == [
        {
            "number": notice.number,
            "holder": OFFICE,
            "serial": found.serial,
            "issuer": found.issuer,
            "sha256": paper.sha256,
        }
    ]
    assert [point for point in paper.checks if not point["ok"]] == []


def test_a_draft_is_never_signed(app: Flask, work_as: WorkAs, notice_id: int, desk: Desk):
    set_up(app, sign_p12=str(desk.key), sign_p12_password_file=str(desk.password))
    row_id = paper_id(work_as, notice_id, "preview")
    print_notice(row_id)
    paper, _notice, signings = outcome(work_as, notice_id, row_id)
    with originals().open(paper.sha256) as file:
        assert b"/ByteRange" not in file.read()
    assert (paper.state, signings) == (PaperState.READY, [])


def test_a_failing_service_is_tried_again_and_nothing_goes_out_unsigned(
    app: Flask, work_as: WorkAs, clock: FixedClock, notice_id: int, desk: Desk, tmp_path: Path
):
    service, ready = tmp_path / "service.py", tmp_path / "ready"
    service.write_text(
        f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from pathlib import Path
from tracker.documents.pkcs12 import Pkcs12Signer
pdf = sys.stdin.buffer.read()
if not Path({str(ready)!r}).exists():
    sys.exit(7)
sys.stdout.buffer.write(Pkcs12Signer(Path({str(desk.key)!r}), Path({str(desk.password)!r})).sign(pdf, ""))
"""
    )
    set_up(app, sign_command=f"{sys.executable} {service}")
    row_id = paper_id(work_as, notice_id)
    print_notice(row_id)
    paper, notice, signings = outcome(work_as, notice_id, row_id)
    assert (paper.state, paper.trouble, paper.trouble_params) == (
        PaperState.WAITING, sign_command.REFUSED, {"status": "7"}
    )  # fmt: skip
    assert (paper.sha256, notice.paper_sha256, signings) == (None, None, [])
    ready.touch()
    print_notice(row_id)  # before it is due again
    assert outcome(work_as, notice_id, row_id)[0].state is PaperState.WAITING
    clock.moment += PAUSES[0]
    print_notice(row_id)
    paper, notice, signings = outcome(work_as, notice_id, row_id)
    assert (paper.state, notice.paper_sha256, len(signings)) == (PaperState.READY, paper.sha256, 1)


def test_a_failing_signer_is_shown_on_the_notices_page(
    app: Flask, work_as: WorkAs, notice_id: int, tmp_path: Path, client_of
):
    set_up(app, sign_p12=str(tmp_path / "absent.p12"))
    print_notice(paper_id(work_as, notice_id))
    assert "签名密钥文件或其口令文件无法读取" in client_of("clerk").get(f"/notices/{notice_id}").text


def test_the_office_gets_an_editable_copy_of_draft_and_issued_notice(work_as: WorkAs, notice_id: int, client_of):
    from docx import Document

    with work_as() as work:
        a = work.session.get_one(Notice, notice_id).unit
        draft = worlds.submitted(work, worlds.findings(work, a, 1, "乙"), opening="{{7*7}} & <w:p>").notices[0]
        draft_id, number = draft.id, work.session.get_one(Notice, notice_id).number
    clerk = client_of("clerk")
    for id_, told, inside in ((notice_id, COPY, number), (draft_id, DRAFT, "{{7*7}} & <w:p>")):
        answer = clerk.http.get(f"/notices/{id_}/notice.docx")
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        file = Document(BytesIO(answer.data))
        assert file.sections[0].first_page_header.paragraphs[0].text == told
        assert inside in [paragraph.text for paragraph in file.paragraphs]
        assert f"/notices/{id_}/notice.docx" in clerk.get(_page(work_as, id_)).text
    assert client_of("contact-a").get(f"/notices/{notice_id}/notice.docx").status == 404


def _page(work_as: WorkAs, notice_id: int) -> str:
    with work_as(write=False) as work:
        notice = work.session.get_one(Notice, notice_id)
        return f"/notices/{notice_id}" if notice.number else f"/batches/{notice.batch_id}"
