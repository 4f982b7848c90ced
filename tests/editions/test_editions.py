"""A public edition from the issued document's page to the two files for the portal."""

import hashlib
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories as f
from tests import worlds
from tests.conftest import WorkAs, one_database
from tests.pages import PageClient
from tests.worlds import as_
from tracker.audit.models import Event
from tracker.documents.models import Paper, PaperState
from tracker.documents.render import close
from tracker.editions import jobs, operations, queries
from tracker.editions.lifecycle import EditionState
from tracker.editions.models import Act, Deletion, Kind, PublicEdition
from tracker.editions.policy.deleting import abridged
from tracker.files.place import originals
from tracker.kit.errors import Invalid, Missing, Refused, Stale
from tracker.notices.models import Notice
from tracker.notices.operations import issue
from tracker.org.models import Role
from tracker.org.policy import Work

PHONE, NAME = "0418-2821234", "王丽华"
TAGS = operations.Tags("阜新市人民政府", "www.example.cn", "2109000022", "通知公告", "文件资料", "市政府办", worlds.DUE)


@pytest.fixture(scope="module", autouse=True)
def _children() -> Any:
    yield
    close()


@pytest.fixture
def issued(work_as: WorkAs) -> int:
    """An issued and printed notice that names a person and a telephone."""
    with work_as() as work:
        a, _b = worlds.people(work)
        f.person(work, "named", Role.CONTACT, unit=a, name=NAME)
        f.person(work, "second-director", Role.DIRECTOR)
        found = worlds.findings(work, a, 1, "甲")
        opening = f"请与{NAME}联系，电话{PHONE}。钱多多另行通知。"
        return worlds.delivered(work, found, opening=opening, contact="政务公开办 孙立 13800138000")[0].notice_id


def started(work: Work, notice_id: int) -> PublicEdition:
    as_(work, "clerk")
    edition = operations.start(work, work.session.get_one(Notice, notice_id))
    operations.tag(work, edition, TAGS, edition.version)
    return edition


def handed_in(work: Work, notice_id: int) -> PublicEdition:
    edition = started(work, notice_id)
    operations.hand_in(work, edition, edition.version)
    return edition


def finished(work_as: WorkAs, notice_id: int) -> int:
    """An edition in review whose files are made."""
    with work_as() as work:
        edition = handed_in(work, notice_id)
        number = edition.id
    for paper_id in jobs.due_papers():
        jobs.print_edition(paper_id)
    return number


@pytest.mark.pdf
@one_database
def test_req_13_from_the_documents_page_to_both_files(issued: int, work_as: WorkAs, client_of: Any) -> None:
    clerk: PageClient = client_of("clerk")
    page = clerk.get(f"/notices/{issued}")
    assert f"/notices/{issued}/public" in page.text
    page = clerk.get(f"/notices/{issued}/public")
    assert all(words in page.words for words in (NAME, PHONE, "孙立", "13800138000"))
    page = clerk.submit(page, "/public/start")
    page = clerk.submit(page, "/marks", text="钱多多", reason="与公开事项无关", kind="name")
    assert "（略）另行通知" in page.words
    page = clerk.submit(page, "/marks", text="没有这句话", reason="x", kind="other")
    assert (page.status, "文件中没有这段文字" in page.words) == (422, True)
    page = clerk.get(page.path.removesuffix("/marks"))
    at = page.path
    clerk.submit(clerk.get(f"{at}/tags"), "/tags", site_name="阜新市人民政府", site_code="2109000022")
    page = clerk.submit(clerk.get(at), "/hand-in")
    for paper_id in jobs.due_papers():
        jobs.print_edition(paper_id)
    director: PageClient = client_of("director")
    page = director.get(at)
    assert "未查到应删文字" in page.words
    page = director.submit(page, "/release")
    with work_as(write=False) as work:
        edition = work.session.scalars(sa.select(PublicEdition)).one()
        assert (edition.state, edition.traces, edition.sequence) == (EditionState.RELEASED, [], 1)
        hashes = {"pdf": edition.pdf_sha256, "html": edition.html_sha256}
        told = [
            str(e.detail) for e in work.session.scalars(sa.select(Event).where(Event.word.contains("public-edition")))
        ]
        assert (len(told), [t for t in told if NAME in t or "钱多多" in t or PHONE in t]) == (6, [])
    for kind, sha256 in hashes.items():
        answer = director.http.get(f"{at}/edition.{kind}", buffered=True)
        assert hashlib.sha256(answer.data).hexdigest() == sha256
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert [words for words in (NAME, PHONE, "钱多多") if words.encode() in answer.data] == []
    text = answer.data.decode()
    assert '<meta name="SiteIDCode" content="2109000022">' in text
    assert "请与（略）联系，电话（略）。（略）另行通知。" in text
    assert "（本文有删减）" in text


@one_database
def test_who_prepared_it_does_not_release_it_and_nobody_does_before_the_check(issued: int, work_as: WorkAs) -> None:
    with work_as() as work:
        edition = handed_in(work, issued)
        edition.hands = [*edition.hands, as_(work, "director").person_id]
        with pytest.raises(Missing):
            operations.release(work, edition)
        as_(work, "clerk")
        with pytest.raises(Missing):
            operations.release(work, edition)
        as_(work, "second-director")
        with pytest.raises(Refused, match="still being printed"):
            operations.release(work, edition)
        edition.pdf_sha256, edition.html_sha256 = "0" * 64, "1" * 64
        edition.traces = [{"text": NAME, "where": jobs.HTML, "n": 0}]
        with pytest.raises(Refused, match="still found"):
            operations.release(work, edition)
        work.session.rollback()


@pytest.mark.pdf
@one_database
def test_files_in_which_a_deleted_word_is_left_are_named_and_not_released(issued: int, work_as: WorkAs) -> None:
    with work_as() as work:
        edition = started(work, issued)
        operations.tag(work, edition, operations.Tags(**{**vars(TAGS), "source": f"市政府办{NAME}"}), edition.version)
        operations.hand_in(work, edition, edition.version)
        number = edition.id
    for paper_id in jobs.due_papers():
        jobs.print_edition(paper_id)
    with work_as() as work:
        as_(work, "director")
        edition = queries.edition_by_id(work, number)
        assert edition.traces == [{"text": NAME, "where": jobs.HTML, "n": 0}]
        operations.send_back(work, edition, "来源里有姓名")
        as_(work, "clerk")
        operations.tag(work, edition, TAGS, edition.version)
        operations.hand_in(work, edition, edition.version)
    for paper_id in jobs.due_papers():
        jobs.print_edition(paper_id)
    with work_as() as work:
        as_(work, "director")
        edition = queries.edition_by_id(work, number)
        operations.release(work, edition)
        with originals().open(edition.html_sha256 or "") as file:
            assert NAME.encode() not in file.read()


@one_database
def test_what_is_decided_carries_over_into_the_next_edition(issued: int, work_as: WorkAs) -> None:
    with work_as() as work:
        first = started(work, issued)
        operations.decide(work, first, NAME, Kind.NAME, Act.KEPT, "领导职务公开", first.version)
        with pytest.raises(Stale):
            operations.decide(work, first, PHONE, Kind.PHONE, Act.KEPT, "公开电话", first.version - 1)
        with pytest.raises(Invalid):
            operations.decide(work, first, PHONE, Kind.PHONE, Act.KEPT, " ", first.version)
        with pytest.raises(Refused, match="being prepared already"):
            operations.start(work, first.notice)
        operations.withdraw(work, first, "重做")
        second = operations.start(work, first.notice)
        kept = [(row.text, row.reason) for row in queries.decisions(list(second.log)) if row.act is Act.KEPT]
        assert (second.sequence, kept) == (2, [(NAME, "领导职务公开")])
        content, _n = abridged(second.notice.frozen or {}, queries.marks(list(second.log)))
        assert f"请与{NAME}联系，电话（略）" in content["opening"][0]


@one_database
def test_a_void_document_gets_no_edition(issued: int, work_as: WorkAs) -> None:
    with work_as() as work:
        edition = handed_in(work, issued)
        edition.pdf_sha256, edition.html_sha256, edition.traces = "0" * 64, "1" * 64, []
        as_(work, "director")
        issue.void(work, edition.notice, "有误")
        with pytest.raises(Refused, match="not void"):
            operations.release(work, edition)
        work.session.rollback()


def test_the_log_and_a_released_edition_never_change(issued: int, work_as: WorkAs) -> None:
    with work_as() as work:
        edition = handed_in(work, issued)
        edition.pdf_sha256, edition.html_sha256, edition.traces = "0" * 64, "1" * 64, []
        work.session.flush()
        as_(work, "director")
        operations.release(work, edition)
    for act in (
        sa.update(Deletion).values(text="x"),
        sa.delete(Deletion),
        sa.update(PublicEdition).values(deletions=0),
        sa.delete(PublicEdition),
    ):
        with pytest.raises(sa.exc.DatabaseError), work_as() as work:
            work.session.execute(act)
    with work_as() as work:
        paper = work.session.scalars(sa.select(Paper).where(Paper.owner_type == operations.OWNER)).one()
        assert (paper.state, "contact" in paper.content and paper.content["contact"]) == (PaperState.WAITING, "")
