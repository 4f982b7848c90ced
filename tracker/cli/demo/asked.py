"""What units of the demonstration ask for: an extension that was granted, one that waits, a dispute that waits."""

from datetime import date

from tracker.cli.demo.acts import DAY, LEADER, assignment_of
from tracker.cli.demo.stage import Stage
from tracker.notices.queries import locked_assignment
from tracker.org.policy import Work
from tracker.requests.models import DisputeKind, Extension
from tracker.requests.operations import extensions
from tracker.requests.operations.disputes import Claim, raise_dispute
from tracker.requests.operations.extensions import Wish
from tracker.requests.queries import the_pending

GRANTED, WAITING, DISPUTING = "reform", "xinqiu", "xihe"


def ask(stage: Stage) -> None:
    """Let three units ask in the afternoon; the office has decided on the first by the time the demonstration opens."""
    _wish(
        stage, GRANTED, "15:40", "复查发现的两件解读材料需与起草处室重新核对，原期限内难以完成（示例）。", "2022-01-17"
    )
    with stage.at(DAY + "15:50", "clerk") as work:
        extensions.recommend(
            work, _pending(work, GRANTED), favour=True, on=None, opinion="理由属实，建议同意（示例）。"
        )
    with stage.at(DAY + "16:05", "director") as work:
        extensions.grant(work, _pending(work, GRANTED), date(2022, 1, 17), "同意延期，请抓紧整改（示例）。")
    _wish(stage, WAITING, "15:45", "审核制度修订稿需经区政府常务会议审议，会议定于1月12日召开（示例）。", "2022-01-14")
    with stage.at(DAY + "15:55", f"contact-{DISPUTING}") as work:
        basis = "该解读材料由市司法局起草并发布，我区网站系按要求转载，见转载页面注明的来源（示例）。"
        raise_dispute(work, assignment_of(work, DISPUTING), Claim(DisputeKind.NOT_OURS, [1], basis, "市司法局"))


def _wish(stage: Stage, code: str, moment: str, reason: str, until: str) -> None:
    with stage.at(DAY + moment, f"contact-{code}") as work:
        wish = Wish(reason, "其余事项已整改完成（示例）。", date.fromisoformat(until), LEADER)
        extensions.ask(work, assignment_of(work, code), wish)


def _pending(work: Work, code: str) -> Extension:
    return the_pending(work, locked_assignment(work, assignment_of(work, code).token))
