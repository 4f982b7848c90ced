"""What is signed was printed, tells the present content and passes its layout check, or a reason says why not."""

import pytest
from sqlalchemy import select

from tests import worlds
from tests.conftest import WorkAs
from tests.worlds import as_
from tracker.audit.models import Event
from tracker.documents.models import PaperState
from tracker.documents.operations import newest
from tracker.kit.errors import Refused
from tracker.notices.models import Batch
from tracker.notices.operations import issue
from tracker.notices.queries import batch_by_id
from tracker.org.policy import Work

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GOOD = {"id": "P1", "asks": "A4", "ok": True, "found": "210 × 297"}
BAD = {"id": "P22", "asks": "22 lines", "ok": False, "found": "21"}


@pytest.fixture
def batch_id(work_as: WorkAs) -> int:
    """A notice in review whose preview is ordered."""
    with work_as() as work:
        unit, _other = worlds.people(work)
        batch = batch_by_id(work, worlds.submitted(work, worlds.findings(work, unit, 1, "甲")).id)
        issue.order_previews(work, batch, worlds.contents_of(work, batch))
        return batch.id


def printed(work_as: WorkAs, batch_id: int, *points: dict[str, object]) -> None:
    """Let the preview be ready, with this outcome of its check."""
    with work_as() as work:
        as_(work, "director")
        (notice,) = batch_by_id(work, batch_id).notices
        paper = newest(work.session, "notice", notice.id, "preview")
        assert paper is not None
        paper.state, paper.sha256, paper.checks = PaperState.READY, "0" * 64, list(points)


def require(work: Work, batch_id: int, reason: str = "") -> Batch:
    as_(work, "director")
    batch = batch_by_id(work, batch_id)
    issue.require_fit_papers(work, batch, worlds.contents_of(work, batch), reason)
    return batch


def test_a_paper_that_is_not_printed_yet_blocks_the_signature(work_as: WorkAs, batch_id: int) -> None:
    with pytest.raises(Refused, match="still being printed"), work_as() as work:
        require(work, batch_id, "急件")


def test_a_paper_of_an_earlier_text_blocks_the_signature(work_as: WorkAs, batch_id: int) -> None:
    printed(work_as, batch_id, GOOD)
    with work_as() as work:
        require(work, batch_id).opening = "另有问题"
    with pytest.raises(Refused, match="still being printed"), work_as() as work:
        require(work, batch_id)


def test_a_faulty_paper_blocks_until_a_reason_is_given_and_the_record_holds_it(work_as: WorkAs, batch_id: int) -> None:
    printed(work_as, batch_id, GOOD, BAD)
    with pytest.raises(Refused, match="fails its layout check") as refused, work_as() as work:
        require(work, batch_id, "  ")
    assert refused.value.params["points"] == "P22"
    with work_as() as work:
        worlds.sign(work, require(work, batch_id, " 会议当日须印发 "))
    with work_as(write=False) as work:
        event = work.session.scalars(select(Event).where(Event.word == "paper:layout-overridden")).one()
        assert (event.actor_name, event.case) == ("director", f"batch:{batch_id}")
        assert (event.detail["points"], event.detail["reason"]) == ("P22", "会议当日须印发")


def test_a_sound_paper_needs_no_reason_and_leaves_none(work_as: WorkAs, batch_id: int) -> None:
    printed(work_as, batch_id, GOOD)
    with work_as() as work:
        require(work, batch_id, "无须")
    with work_as(write=False) as work:
        assert work.session.scalars(select(Event).where(Event.word == "paper:layout-overridden")).all() == []
