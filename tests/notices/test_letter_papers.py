"""Papers and Word files of letters and the approval sheet, from the office's own rows to bytes."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import select

from tests import worlds
from tests.conftest import WorkAs
from tests.notices.test_letters import Late, corrected, drafted, sign, submit
from tests.notices.test_letters import late as late
from tests.worlds import as_
from tracker.documents import preflight, render
from tracker.documents.models import Paper
from tracker.documents.selfcheck import check_pdf
from tracker.documents.word import word
from tracker.files.place import originals
from tracker.kit.host import host
from tracker.notices import jobs, paper
from tracker.notices.models import NoticeKind
from tracker.notices.operations import drafts
from tracker.notices.queries import batch_by_id
from tracker.org.models import Delegation, Person, Role
from tracker.org.policy import Work

pytestmark = [pytest.mark.pdf, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture(autouse=True)
def _fonts_are_here() -> Iterator[None]:
    if preflight.check():
        pytest.skip("fonts or libraries are missing")
    yield
    render.close()


def faults(pdf: bytes) -> list[object]:
    return [point for point in check_pdf(pdf) if not point.ok]


def lend(work: Work, owner: str, deputy: str) -> None:
    """Let somebody deputise for the director today."""
    ids = {person.login: person.id for person in work.session.scalars(select(Person))}
    day = work.today
    work.session.add(
        Delegation(
            from_id=ids[owner],
            to_id=ids[deputy],
            role=Role.DIRECTOR,
            starts_on=day,
            ends_on=day,
            reason="出差",
            created_at=work.now,
        )
    )
    work.session.flush()


def test_each_letter_passes_the_layout_check_and_opens_in_word(work_as: WorkAs, late: Late) -> None:
    with work_as() as work:
        urged = sign(work, submit(work, drafted(work, late.rows(work))))
        worlds.deliver(work, urged)
        correction = corrected(work, late.rows(work)[0].notice)
    with work_as() as work:
        supervised = batch_by_id(work, drafted(work, late.rows(work), NoticeKind.SUPERVISION).id)
        draft = paper.draft_contents(work, supervised, host().settings)[supervised.notices[0].id]
        assert draft["urged"] == [{"on": "2022-01-13", "by": "阜政办公开催〔2022〕1号"}]
        contents = [work.session.merge(each).notices[0].frozen or {} for each in (urged, correction)]
    for content in [*contents, draft]:
        assert faults(render.render(content["type"], content).pdf) == [], content["type"]
        section = Document(BytesIO(word(content["type"], content))).sections[0]
        assert section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")) == "579"
        told = "".join(p.text for p in Document(BytesIO(word(content["type"], content))).paragraphs)
        assert content["recipient"] in told
        assert content["number"] or "阜政办公开督〔2022〕" in told
    assert "“1月10日”应为“1月12日”" in "".join(
        p.text for p in Document(BytesIO(word("correction", contents[1]))).paragraphs
    )


def test_the_approval_sheet_tells_every_step_and_waits_with_the_last_paper(work_as: WorkAs, late: Late) -> None:
    with work_as() as work:
        batch_id = submit(work, drafted(work, late.rows(work)))
    with work_as() as work:
        lend(work, "director", "reviewer")
        as_(work, "reviewer")
        drafts.send_back(work, batch_by_id(work, batch_id), "要求请写具体")
    with work_as() as work:
        as_(work, "clerk")
        submit(work, batch_by_id(work, batch_id))
    with work_as() as work:
        sign(work, batch_id)
    for paper_id in jobs.due_papers():
        jobs.print_notice(paper_id)
    (sheet,) = jobs.due_approvals()
    jobs.print_approval(sheet)
    with work_as(write=False) as work:
        row = work.session.scalars(select(Paper).where(Paper.owner_type == jobs.OWNER)).one()
        steps = [(step["name"], step["person"], step["opinion"]) for step in row.content["steps"]]
        assert steps == [
            ("起草", "clerk", ""),
            ("送审", "clerk", "共2件"),
            ("退回修改", "reviewer 代 director", "要求请写具体；共2件"),
            ("送审", "clerk", "共2件"),
            ("签发", "director", "共2件"),
            ("印发", "director", "阜政办公开催〔2022〕1号至阜政办公开催〔2022〕2号；共2件"),
        ]
        assert {len(step["hash"]) for step in row.content["steps"]} == {64}
        with originals().open(row.sha256) as file:
            assert faults(file.read()) == []
