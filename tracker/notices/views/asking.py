"""What a bulletin asks once it is issued, in one line: whom, by which day, and that every unit reads it."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.workdays.deadlines import words_for

NAMED = 6
"""Units named in the line; of more their number is said."""


def asking_words(asked: Mapping[date | None, list[str]], due: str, today: date) -> str:
    """Return whom a bulletin asks: how many answer by its own day, and who reports by a day of a requirement."""
    problems = asked.get(None, [])
    parts = []
    if problems:
        parts.append(
            ngettext("%(num)s unit answers, due %(due)s", "%(num)s units answer, due %(due)s", len(problems), due=due)
        )
    own = sorted(day for day in asked if day)
    parts += [_part(asked[day], words_for(day, None, today), besides=bool(problems)) for day in own]
    words = _(", ").join(parts) or _("no unit is asked to answer")
    return str(_("%(asked)s; every unit can read it", asked=words))


def _part(names: list[str], due: str, *, besides: bool) -> str:
    units = "、".join(names) if len(names) <= NAMED else ngettext("%(num)s unit", "%(num)s units", len(names))
    if besides:
        return str(_("%(units)s: besides, a report due %(due)s", units=units, due=due))
    return str(_("%(units)s: a report due %(due)s", units=units, due=due))
