"""What the demonstration's registry remembers: an account with another name, one about to close."""

from datetime import date

from sqlalchemy import select

from tracker.cli.demo.acts import DAY
from tracker.cli.demo.stage import Stage
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectState
from tracker.registry.operations import change_state, rename


def note_changes(stage: Stage) -> None:
    """Note both after the month's inspection; neither moves a figure: what is about to close is counted on."""
    with stage.at(DAY + "16:10", "clerk") as work:
        renamed, closing = _accounts(work)
        name = renamed.name.replace("发布", "之窗")
        rename(work, renamed, name, date(2021, 12, 28), "单位更名备案（示例）", renamed.version)
        reason = "账号整合方案，拟于2022年1月底注销（示例）"
        change_state(work, closing, SubjectState.CLOSING, date(2021, 12, 28), reason, closing.version)


def _accounts(work: Work) -> list[Subject]:
    """Return the two accounts that were registered last; no finding names them."""
    return list(
        work.session.scalars(select(Subject).where(Subject.kind == "account").order_by(Subject.id.desc()).limit(2))
    )
