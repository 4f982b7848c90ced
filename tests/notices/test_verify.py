"""The public page behind a paper's QR code tells number and hash, and nothing else."""

import hashlib
import io

from sqlalchemy import select

from tests.conftest import WorkAs
from tests.pages import PageClient
from tests.replies.case import build
from tracker.notices.models import Notice

PAPER = b"%PDF-1.7 the issued bytes"
DIGEST = hashlib.sha256(PAPER).hexdigest()


def issued(work_as: WorkAs) -> str:
    with work_as() as work:
        build(work)
        notice = work.session.scalars(select(Notice)).one()
        notice.paper_sha256, notice.paper_pages = DIGEST, 2
        return notice.verify_code


def test_a_visitor_learns_number_and_hash_and_nothing_else(work_as: WorkAs, visitor: PageClient) -> None:
    page = visitor.get(f"/v/{issued(work_as)}")
    assert page.status == 200
    assert "阜政办公开改〔2021〕1号" in page.words
    assert DIGEST in page.words
    for secret in ("细河区", "限期整改有关问题", "两周未更新"):
        assert secret not in page.words


def test_an_unknown_code_is_a_plain_404(work_as: WorkAs, visitor: PageClient) -> None:
    issued(work_as)
    page = visitor.get("/v/NOSUCHCODE")
    assert page.status == 404
    assert "没有与此码对应的文件" in page.words


def test_a_file_is_compared_byte_for_byte(work_as: WorkAs, visitor: PageClient) -> None:
    page = visitor.get(f"/v/{issued(work_as)}")
    same = visitor.submit(page, "/v/", file=(io.BytesIO(PAPER), "paper.pdf"))
    other = visitor.submit(page, "/v/", file=(io.BytesIO(PAPER + b" "), "paper.pdf"))
    assert "文件与印发件一致" in same.words
    assert "文件与印发件不一致" in other.words


def test_a_number_alone_tells_nothing(work_as: WorkAs, visitor: PageClient) -> None:
    issued(work_as)
    wrong = visitor.get(f"/verify?number=阜政办公开改〔2021〕1号&sha256={'0' * 64}")
    right = visitor.get(f"/verify?number=阜政办公开改〔2021〕1号&sha256={DIGEST}")
    assert "文号与校验值不相符" in wrong.words
    assert "此文号属实" in right.words
