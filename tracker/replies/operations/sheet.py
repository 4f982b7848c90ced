"""The papers of a reply: the sheet that the unit prints, has signed and seals; the receipt it gets for it."""

from typing import Any

from tracker.documents.models import Paper
from tracker.documents.operations import order
from tracker.org.policy import Work
from tracker.replies.models import Reply

OWNER, PURPOSE, TYPE = "reply", "sheet", "reply_sheet"
RECEIPT = "receipt"
"""Purpose and type of the receipt."""


def order_sheet(work: Work, reply: Reply, content: dict[str, Any]) -> Paper:
    """Order the reply sheet of a round; the same content is not rendered twice."""
    return order(work, OWNER, reply.id, PURPOSE, TYPE, content)


def order_receipt(work: Work, reply: Reply, content: dict[str, Any]) -> Paper:
    """Order the receipt of a submitted round; the same content is not rendered twice."""
    return order(work, OWNER, reply.id, RECEIPT, RECEIPT, content)
