"""What a reply must hold before it may be submitted, who may review it, and where an assignment stands today."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from tracker.kit.words import N_
from tracker.notices.lifecycle import ANSWERING, AssignmentState
from tracker.notices.models import Assignment
from tracker.org.policy import Identity, Permission, rule
from tracker.replies.models import Decision, Reply, ReplyItem, Result

MEASURE_LENGTH, NAME_LENGTH, CAPTION_LENGTH, REASON_LENGTH = 2000, 60, 100, 1000
EVIDENCE_MOST = 20
"""Files of one item."""
DATED = frozenset({Result.FIXED, Result.PARTLY})
"""Results that need the day on which the work is, or will be, done."""
ANSWERED = frozenset({AssignmentState.SUBMITTED, AssignmentState.ACCEPTED, AssignmentState.CLOSED})

PAPER_REASONS = (
    N_("Signature of the principal leader is missing"),
    N_("Seal of the unit is missing"),
    N_("The seal is not this unit's"),
    N_("The scan is not legible"),
    N_("Pages are missing"),
    N_("This is not the reply sheet of this notice"),
)
"""Ready wording for the reviewer about the paper, until the office writes its own."""
ITEM_REASONS = (
    N_("The measures are not concrete"),
    N_("The evidence is not sufficient"),
)
"""The same about one item."""


@dataclass(frozen=True)
class Gap:
    """Something that is missing: the item's number (None: the paper itself), a msgid and its parameters."""

    sequence: int | None
    msgid: str
    params: dict[str, Any] = field(default_factory=dict)
    place: str = ""
    """The field of the item's form in which it is to be put right."""


def is_locked(reply_item: ReplyItem) -> bool:
    """Tell whether the item is only carried along: accepted in an earlier round, or withdrawn after a dispute."""
    return reply_item.decision == Decision.ACCEPTED or reply_item.item.withdrawn_at is not None


def item_gaps(reply_item: ReplyItem, today: date) -> list[Gap]:
    """Return what one item still lacks; nothing when it was accepted before."""
    if is_locked(reply_item):
        return []
    number = reply_item.item.sequence
    checks = (
        ("measure", reply_item.to_change, N_("Item %(n)s was returned: change it as the reason asks, and save it.")),
        ("result", reply_item.result is None, N_("Item %(n)s: choose the result.")),
        (
            "measure",
            not reply_item.measure,
            N_("Item %(n)s: write what was done, or why nothing is to be done."),
        ),
        (
            "finished_on",
            reply_item.result in DATED and reply_item.finished_on is None,
            N_("Item %(n)s: give the date of completion."),
        ),
        (
            "finished_on",
            is_premature(reply_item.result, reply_item.finished_on, today),
            N_("Item %(n)s: it is reported as rectified, yet its date of completion lies ahead."),
        ),
        ("responsible", not reply_item.responsible, N_("Item %(n)s: name the person responsible.")),
    )
    return [Gap(number, sentence, {"n": number}, place) for place, lacks, sentence in checks if lacks]


def is_premature(result: Result | None, finished_on: date | None, today: date) -> bool:
    """Tell whether something is said to be rectified on a day that has not come yet."""
    return result == Result.FIXED and finished_on is not None and finished_on > today


def gaps(reply: Reply, today: date) -> list[Gap]:
    """Return everything that still keeps a draft from being submitted, items first, in their order."""
    found = [gap for each in in_order(reply) for gap in item_gaps(each, today)]
    if reply.scan_id is None:
        found.append(Gap(None, N_("Upload the scan of the signed and sealed reply sheet.")))
    return found


def in_order(reply: Reply) -> list[ReplyItem]:
    """Return the reply's items in the order of the notice."""
    return sorted(reply.items, key=lambda each: each.item.sequence)


SHORTEST_COPY = 10
"""Letters of a text below which two of them may well be the same by chance (已恢复更新)."""


def text_hints(reply: Reply, before: Reply | None) -> list[Gap]:
    """Return what somebody might look at again in the items' texts: neutral sentences that hinder nothing.

    Read by the contact before submitting and by the reviewer. `before` is the round before this one.
    """
    lines = [line for line in in_order(reply) if not is_locked(line)]
    return [*_alike(lines), *_unchanged(lines, before), *_unproven(lines)]


def _alike(lines: list[ReplyItem]) -> list[Gap]:
    groups: dict[str, list[int]] = {}
    for line in lines:
        if len(gist := letters_of(line.measure)) >= SHORTEST_COPY:
            groups.setdefault(gist, []).append(line.item.sequence)
    sentence = N_("Items %(numbers)s say the same. Please see that each tells what was done there.")
    return [
        Gap(numbers[0], sentence, {"numbers": "、".join(map(str, numbers))})
        for numbers in groups.values()
        if len(numbers) > 1
    ]


def _unchanged(lines: list[ReplyItem], before: Reply | None) -> list[Gap]:
    said = {line.item_id: letters_of(line.measure) for line in before.items} if before else {}
    sentence = N_("Item %(n)s says the same as in round %(round)s.")
    return [
        Gap(line.item.sequence, sentence, {"n": line.item.sequence, "round": before.round})
        for line in lines
        if before and line.measure and said.get(line.item_id) == letters_of(line.measure)
    ]


def _unproven(lines: list[ReplyItem]) -> list[Gap]:
    sentence = N_("Item %(n)s is reported as rectified, with no evidence attached.")
    return [
        Gap(line.item.sequence, sentence, {"n": line.item.sequence})
        for line in lines
        if line.result == Result.FIXED and not line.evidence
    ]


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, without blanks, punctuation and differences of width."""
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())


@dataclass(frozen=True)
class Piece:
    """A part of a text that was kept, taken out or put in: "same", "del" or "ins"."""

    kind: str
    text: str


MOST_STEPS = 2_000_000
"""Steps that a comparison may take at worst; beyond, clause by clause, and beyond that the whole was changed: a unit
may have written its texts so that comparing them would never end."""


def changes(old: str, new: str) -> list[Piece]:
    """Return how a text came from another: Chinese character by character, Latin words and figures whole.

    What both begin and end with is not compared. Two long texts full of the same few characters are compared by
    clauses, so that nobody's page waits for them.
    """
    a, b = _words(old), _words(new)
    head = _alike_until(a, b)
    tail = _alike_until(a[head:][::-1], b[head:][::-1])
    a, b, kept = a[head : len(a) - tail], b[head : len(b) - tail], (a[:head], a[len(a) - tail :])
    if _steps(a, b) > MOST_STEPS:
        a, b = _CLAUSE.findall("".join(a)), _CLAUSE.findall("".join(b))
    pieces = [Piece("same", "".join(kept[0]))]
    for kind, a1, a2, b1, b2 in _opcodes(a, b):
        if kind == "equal":
            pieces.append(Piece("same", "".join(a[a1:a2])))
            continue
        pieces += [Piece("del", "".join(a[a1:a2])), Piece("ins", "".join(b[b1:b2]))]
    return [piece for piece in [*pieces, Piece("same", "".join(kept[1]))] if piece.text]


def _alike_until(a: list[str], b: list[str]) -> int:
    return next((n for n, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b)))


def _steps(a: list[str], b: list[str]) -> int:
    """Return a bound on what comparing takes: every match that is found looks at all pairs of equal words again."""
    counts = Counter(b)
    return (len(a) + sum(counts[word] for word in a)) * min(len(a), len(b))


def _opcodes(a: list[str], b: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if _steps(a, b) > MOST_STEPS:
        return [("replace", 0, len(a), 0, len(b))]
    return SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


@dataclass(frozen=True)
class Changed:
    """How one item's answer came from the round before: its text in pieces, and which other fields differ."""

    pieces: list[Piece]
    fields: list[tuple[str, Any, Any]]
    """(name as msgid, before, now)"""


def round_changes(reply: Reply, before: Reply | None) -> dict[int, Changed]:
    """Return, by item number, what the unit changed since the round before; accepted items are left out."""
    said = {line.item_id: line for line in before.items} if before else {}
    return {
        line.item.sequence: Changed(changes(old.measure, line.measure), _fields(old, line))
        for line in in_order(reply)
        if not is_locked(line) and (old := said.get(line.item_id)) is not None
    }


def _fields(old: ReplyItem, new: ReplyItem) -> list[tuple[str, Any, Any]]:
    pairs = (
        (N_("Result"), old.result, new.result),
        (N_("Date of completion"), old.finished_on, new.finished_on),
        (N_("Person responsible"), old.responsible, new.responsible),
        (N_("Evidence"), len(old.evidence), len(new.evidence)),
    )
    return [pair for pair in pairs if pair[1] != pair[2]]


_WORD = re.compile(r"[0-9A-Za-z_.%]+|\s+|.", re.DOTALL)
_CLAUSE = re.compile(r"[^。；，\n]*[。；，\n]|[^。；，\n]+")


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def is_open_for_answer(assignment: Assignment) -> bool:
    """Tell whether the unit may work on its reply now."""
    return assignment.state in ANSWERING


GRAVEST = {"seal": ("found", "suspected", "unknown", "absent"), "signature": ("found", "absent", "unknown")}
"""Which level of all pages stands for the whole scan: one seal on one page is enough."""


def machine_level(pages: list[Any], what: str) -> str:
    """Return the level of "seal" or "signature" over all pages read; empty when no page was judged."""
    levels = {hint["level"] for page in pages if (hint := page.get(what))}
    return next((level for level in GRAVEST[what] if level in levels), "")


@rule(Permission.REPLY_REVIEW)
def reviews_anothers_work(identity: Identity, subject: Any) -> bool:
    """Tell whether neither the reviewer, nor whom they deputise for, had a hand in the reply."""
    return not isinstance(subject, Reply) or not (identity.hands(Permission.REPLY_REVIEW) & _authors(subject))


def _authors(reply: Reply) -> set[int]:
    files = [each.file for item in reply.items for each in item.evidence]
    files += [reply.scan] if reply.scan else []
    hands = (reply.submitted_by, reply.registered_by, *(reply.hands or ()), *(file.uploaded_by for file in files))
    return {id_ for id_ in hands if id_ is not None}
