"""The linter: every contradiction that a bulletin's own text shows, in the order of its lines."""

from tracker.bulletins.policy.agreement import check_annex, check_changes, check_same
from tracker.bulletins.policy.flags import Flag
from tracker.bulletins.policy.order import check_dates, check_number_forms, check_numbering
from tracker.bulletins.policy.parts import check_done, check_parts
from tracker.bulletins.policy.percents import check_percents
from tracker.bulletins.policy.text import lines, sentences


def lint(text: str) -> list[Flag]:
    """Return what the text contradicts in itself, by line and rule; empty for a clean one. Nothing else is read."""
    found = lines(text)
    said = list(sentences(found))
    flags = [flag for sentence in said for check in (check_parts, check_done) for flag in check(sentence)]
    flags += [*check_percents(said), *check_same(said), *check_changes(said)]
    flags += [*check_numbering(found), *check_number_forms(found), *check_dates(found), *check_annex(found)]
    return sorted(dict.fromkeys(flags))
