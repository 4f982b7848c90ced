"""The office's own list of ready reasons for returning a reply."""

from collections.abc import Mapping

from sqlalchemy import delete

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing
from tracker.kit.plain_text import clean, one_line
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work, can
from tracker.replies.models import ReadyReason

MOST_REASONS, READY_REASON = 30, 200
"""Ready reasons of one kind, and characters of one."""


def write_reasons(work: Work, texts: Mapping[str, str]) -> None:
    """Replace the office's own ready reasons, {"paper": lines, "item": lines}; no line brings the shipped ones back.

    :raises Missing: this person may not.  :raises Invalid: too many lines, or one that is too long.
    """
    if not can(work.actor, Permission.REPLY_REVIEW):
        raise Missing
    lines = {about: [each for each in map(one_line, clean(text).split("\n")) if each] for about, text in texts.items()}
    problems = {
        about: N_("At most 30 reasons of 200 characters each.")
        for about, found in lines.items()
        if len(found) > MOST_REASONS or any(len(each) > READY_REASON for each in found)
    }
    if problems:
        raise Invalid(problems)
    work.session.execute(delete(ReadyReason))
    for about, found in lines.items():
        work.session.add_all(ReadyReason(about=about, words=words) for words in dict.fromkeys(found))
        work.session.flush()
    record(work, Word.REASONS_CHANGED, None, reasons=lines)
