"""公文处理单: every step of a batch from draft to issue, as the record tells it."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from tracker.audit.models import Event
from tracker.audit.policy import Word
from tracker.kit.clock import office_time
from tracker.notices.models import Batch
from tracker.notices.paper import part
from tracker.notices.queries import ordered

TYPE = "approval_sheet"
STEPS = {
    Word.BATCH_DRAFTED: "起草",
    Word.LETTERS_DRAFTED: "起草",
    Word.BATCH_CHANGED: "修改",
    Word.NOTICE_SUBMITTED: "送审",
    Word.NOTICE_SENT_BACK: "退回修改",
    Word.LAYOUT_OVERRIDDEN: "版式例外",
    Word.NOTICE_SIGNED_OFF: "签发",
    Word.NOTICE_ISSUED: "印发",
    Word.NOTICE_WITHDRAWN: "撤回",
    Word.NOTICE_VOIDED: "作废",
}
"""The events that are steps of the approval; all others of a batch are the machine's."""
NAMED = 12
"""Units that are named one by one."""


def content(batch: Batch, events: Iterable[Event], *, issuer: str, numbers: str, day: date) -> dict[str, Any]:
    """Return the content of a batch's approval sheet, as templates/documents/approval_sheet reads it.

    `events` are the batch's, oldest first; one act on many notices is one step. `numbers` is the span of numbers given.
    """
    notices = ordered(batch)
    issued = next((notice.document_date for notice in notices if notice.document_date), None)
    steps = [_step(n, group, len(notices)) for n, group in enumerate(acts(events), 1)]
    return {
        "type": TYPE,
        "draft": False,
        "issuer": issuer,
        "kind": part(batch.kind).NAME,
        "number": numbers,
        "title": batch.title,
        "recipient": recipients([notice.unit.name for notice in notices]),
        "drafter": batch.drafter.name,
        "unit": batch.drafter.unit.name,
        "date": issued.isoformat() if issued else "",
        "due": batch.due_words,
        "steps": steps,
        "head": steps[-1]["hash"] if steps else "",
        "printed_on": day.isoformat(),
    }


def acts(events: Iterable[Event]) -> list[list[Event]]:
    """Return the steps among a batch's events: what one person did at one moment for one reason is one step."""
    steps = (event for event in events if event.word in STEPS)
    grouped = groupby(steps, key=lambda e: (e.word, e.at, e.actor_name, e.detail.get("reason", "")))
    return [list(group) for _key, group in grouped]


def recipients(names: Sequence[str]) -> str:
    """Return the units by name, beyond a dozen as a number."""
    told = "、".join(names[:NAMED])
    return told if len(names) <= NAMED else f"{told}等{len(names)}个单位"


def _step(sequence: int, group: list[Event], notices: int) -> dict[str, Any]:
    last = group[-1]
    return {
        "seq": sequence,
        "name": STEPS[Word(last.word)],
        "person": last.actor_name,
        "role": "",
        "at": office_time(last.at).strftime("%Y-%m-%d %H:%M"),
        "opinion": "；".join(_said(group, notices)),
        "hash": last.hash,
    }


def _said(group: list[Event], notices: int) -> list[str]:
    """Return what a step says: its reason, its numbers, and to how many of the batch's documents it belongs."""
    first, detail = group[0], group[-1].detail
    numbers = [str(event.detail["number"]) for event in group if event.detail.get("number")]
    said = [str(detail.get("reason", "")), f"未过项：{detail['points']}" if detail.get("points") else ""]
    if numbers:
        said.append(numbers[0] if len(numbers) == 1 else f"{numbers[0]}至{numbers[-1]}")
    if first.subject_type == "notice" and notices > 1:
        said.append(f"共{len(group)}件" if len(group) > 1 else str(detail.get("unit", "")))
    return [each for each in said if each]
