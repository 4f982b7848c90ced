"""Writing the items of a draft; a draft may be incomplete, it only may not be lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.operations import Source, keep
from tracker.kit.errors import Invalid, Refused, Stale
from tracker.kit.plain_text import clean, one_line
from tracker.kit.words import N_
from tracker.notices.models import Assignment
from tracker.org.policy import Work
from tracker.replies.models import RESULT_NAMES, Evidence, Reply, ReplyItem, Result
from tracker.replies.operations.rounds import open_draft
from tracker.replies.policy import (
    CAPTION_LENGTH,
    EVIDENCE_MOST,
    MEASURE_LENGTH,
    NAME_LENGTH,
    in_order,
    is_locked,
    is_premature,
)
from tracker.replies.queries import item_of

LOCKED = N_("This item was accepted in an earlier round and cannot be changed.")
CHANGED = N_("Somebody else has changed this item since you opened it. Nothing of yours was stored.")
MEASURE_TOO_LONG = N_("At most 2,000 characters fit on the reply sheet. Put the rest into an evidence file.")
TOO_MANY = N_("One item holds at most %(n)s files. Take some away, or put several pages into one PDF.")


@dataclass(frozen=True)
class Written:
    """What was typed for one item."""

    result: Result | None = None
    measure: str = ""
    finished_on: date | None = None
    responsible: str = ""


@dataclass(frozen=True)
class Upload:
    """A file that comes along: its bytes, its own name, and what it shows."""

    source: Source
    name: str
    caption: str = ""


@dataclass(frozen=True)
class Attached:
    """What happens to the evidence: captions by evidence id, ids to take off, files to add."""

    captions: Mapping[int, str] = field(default_factory=dict)
    dropped: frozenset[int] = frozenset()
    added: Sequence[Upload] = ()


def write_item(
    work: Work,
    assignment: Assignment,
    sequence: int,
    written: Written,
    *,
    version: int | None = None,
    attached: Attached | None = None,
) -> ReplyItem:
    """Store what was written for one item of the draft, complete or not.

    `version` is that of the line when its form was opened.
    Order of effects: checks, text, removals, captions, new files.

    :raises NotInState: the unit may not write now.  :raises Missing: no such item.
    :raises Refused: the item is locked, or a file may not come in.
    :raises Invalid: a text is too long, or a done date lies ahead.  :raises Stale: the line was changed since.
    """
    line = item_of(open_draft(work, assignment), sequence)
    return write_line(work, assignment, line, written, version=version, attached=attached)


def write_line(
    work: Work,
    assignment: Assignment,
    line: ReplyItem,
    written: Written,
    *,
    version: int | None = None,
    attached: Attached | None = None,
) -> ReplyItem:
    """Store what was written into a line of a draft that the caller may change; raises as `write_item` does."""
    if is_locked(line):
        raise Refused(LOCKED)
    written = Written(written.result, clean(written.measure), written.finished_on, one_line(written.responsible))
    if version is not None and version != line.version:
        raise Stale(CHANGED, theirs=_shown(line), yours=_shown(written))
    _check(work, written)
    line.result, line.measure = written.result, written.measure
    line.finished_on, line.responsible = written.finished_on, written.responsible
    line.to_change = False
    if attached is not None:
        _attach(work, assignment, line, attached)
    work.session.flush()
    return line


def empty_lines(reply: Reply, like: ReplyItem) -> list[ReplyItem]:
    """Return the lines on the same indicator as `like` in which nothing is written yet, in the order of the notice."""
    wanted = _indicator(like)
    lines = [each for each in in_order(reply) if each is not like and wanted and _indicator(each) == wanted]
    return [each for each in lines if not (is_locked(each) or each.result or each.measure)]


def _indicator(line: ReplyItem) -> int | None:
    return line.item.finding.indicator_id if line.item.finding else None


def write_same(work: Work, assignment: Assignment, sequence: int) -> int:
    """Write the texts of one item into every item on the same indicator that is still empty; return into how many.

    For a notice that names one problem on many accounts; evidence stays where it was uploaded.

    :raises NotInState: the unit may not write now.  :raises Missing: no such item.
    """
    reply = open_draft(work, assignment)
    line = item_of(reply, sequence)
    empty = empty_lines(reply, line)
    for each in empty:
        each.result, each.measure = line.result, line.measure
        each.finished_on, each.responsible = line.finished_on, line.responsible
    work.session.flush()
    return len(empty)


def _check(work: Work, written: Written) -> None:
    problems: dict[str, str] = {}
    if len(written.measure) > MEASURE_LENGTH:
        problems["measure"] = MEASURE_TOO_LONG
    if len(written.responsible) > NAME_LENGTH:
        problems["responsible"] = N_("A name has at most 60 characters.")
    if is_premature(written.result, written.finished_on, work.today):
        problems["finished_on"] = N_(
            "Something rectified has a date of completion that is today or earlier."
            " If work is still going on, choose “partly rectified”."
        )
    if problems:
        raise Invalid(problems)


def _attach(work: Work, assignment: Assignment, line: ReplyItem, attached: Attached) -> None:
    line.evidence = [each for each in line.evidence if each.id not in attached.dropped]
    for each in line.evidence:
        each.caption = one_line(attached.captions.get(each.id, each.caption))[:CAPTION_LENGTH]
    if len(line.evidence) + len(attached.added) > EVIDENCE_MOST:
        raise Refused(TOO_MANY, n=EVIDENCE_MOST)
    for upload in attached.added:
        stored = keep(work, upload.source, upload.name)
        line.evidence.append(Evidence(file=stored, caption=one_line(upload.caption)[:CAPTION_LENGTH]))
        case = f"assignment:{assignment.id}"
        record(work, Word.FILE_KEPT, stored, case=case, name=stored.name, sha256=stored.sha256)


def _shown(line: ReplyItem | Written) -> dict[str, str]:
    return {
        N_("Result"): RESULT_NAMES[line.result] if line.result else "",
        N_("Measure"): line.measure,
        N_("Date of completion"): line.finished_on.isoformat() if line.finished_on else "",
        N_("Person responsible"): line.responsible,
    }
