"""A public edition in the demonstration: prepared by the clerk, waiting for the director."""

from sqlalchemy import select

from tracker.cli.demo.stage import Stage
from tracker.editions import jobs, operations
from tracker.editions.models import Act, Kind
from tracker.notices.lifecycle import NoticeState
from tracker.notices.models import Notice
from tracker.org.models import Unit

WHY = "部门内部分工，不对外公开（示例）。"
INNER = "，并附佐证材料"


def publish(stage: Stage) -> None:
    """Prepare the public edition of a notice, delete one inner matter by hand, hand it in, have its files made."""
    with stage.at("2021-12-28T16:05", "clerk") as work:
        query = select(Notice).join(Notice.unit).where(Unit.code == "xihe", Notice.state == NoticeState.ISSUED)
        notice = work.session.scalars(query.order_by(Notice.id).limit(1)).one()
        edition = operations.start(work, notice)
        operations.decide(work, edition, INNER, Kind.OTHER, Act.MARKED, WHY, edition.version)
        work.session.flush()
        operations.hand_in(work, edition, edition.version)
    for paper_id in jobs.due_papers():
        jobs.print_edition(paper_id)
