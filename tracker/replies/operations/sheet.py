"""The reply sheet that the unit prints, has signed and seals."""

from typing import Any

from tracker.documents.models import Paper
from tracker.documents.operations import order
from tracker.org.policy import Work
from tracker.replies.models import Reply

OWNER, PURPOSE, TYPE = "reply", "sheet", "reply_sheet"


def order_sheet(work: Work, reply: Reply, content: dict[str, Any]) -> Paper:
    """Order the reply sheet of a round; the same content is not rendered twice."""
    return order(work, OWNER, reply.id, PURPOSE, TYPE, content)
