"""What people type about how they are reached, and when units are reminded."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.kit.forms import PageForm, at_most, line, options, plausible_day, seen_version
from tracker.kit.plain_text import one_line, sought
from tracker.org.operations.reach import Reach
from tracker.reminders.policy.ladder import (
    ABOUT_NAMES,
    LONGEST_HEADING,
    MOST_RUNGS,
    WHO_NAMES,
    About,
    Ladder,
    Rung,
    Who,
)

CALLED = _l("Your account or mobile number in its group; empty: you are not called there.")


class ReachForm(PageForm):
    """The own addresses; only those of channels that the house has set up are asked for."""

    version = seen_version()
    email = StringField(_l("E-mail"), [at_most(120)], filters=[one_line], render_kw={"type": "email"})
    wecom = StringField(_l("WeCom"), [at_most(64)], filters=[one_line], description=CALLED)
    dingtalk = StringField(_l("DingTalk"), [at_most(64)], filters=[one_line], description=CALLED)
    feishu = StringField(_l("Feishu"), [at_most(64)], filters=[one_line], description=CALLED)
    first_way = SelectField(
        _l("Tell me first by"),
        default="",
        description=_l("One letter a day at most. The next way is used only where this one fails."),
    )

    def offer(self, ways: Sequence[tuple[str, str]]) -> None:
        """Keep the fields of these channels (name, msgid) and offer them as the first way."""
        names = {name for name, _label in ways}
        for robot in ("wecom", "dingtalk", "feishu"):
            if robot not in names:
                del self[robot]
        self.first_way.choices = options([("", _("as the office has set it")), *((n, _(label)) for n, label in ways)])

    def reach(self, stored: Reach) -> Reach:
        """Return what was typed; what was not asked for stays as it is."""
        asked = {name: self[name].data or "" for name in vars(stored) if name in self}
        return Reach(**{**vars(stored), **asked})


class LettersFilter(PageForm):
    """Which letters to list; read from the address."""

    state = SelectField(_l("State"), default="")
    channel = SelectField(_l("Way"), default="")
    who = StringField(_l("Person or unit"), filters=[sought])

    def offer(self, states: Sequence[tuple[str, str]], channels: Sequence[tuple[str, str]]) -> None:
        """Offer states and channels as (value, label)."""
        self.state.choices = options([("", _("All")), *states])
        self.channel.choices = options([("", _("All ways")), *channels])


class RosterFilter(PageForm):
    """Whom the roster names; read from the address."""

    unit = SelectField(_l("Unit"), default="")
    late = SelectField(_l("Deadline"), default="late")
    reach = SelectField(_l("Reached"), default="")

    def __init__(self, values: Any, units: Sequence[tuple[int, str]]) -> None:
        super().__init__(values)
        self.unit.choices = options([("", _("All units")), *((str(id_), name) for id_, name in units)])
        self.late.choices = options([("late", _("Overdue")), ("all", _("All that is owed"))])
        self.reach.choices = options([("", _("All units")), ("none", _("Only units that nothing reaches"))])

    @property
    def unit_id(self) -> int | None:
        """Return the chosen unit's id; None for all."""
        chosen = self.unit.data or ""
        return int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else None


BEFORE, ON, AFTER = "before", "on", "after"
BLANK = 3
"""Empty lines below the ladder: steps that are added."""


class RungForm(PageForm):
    """One step of a ladder; one without days and people is no step."""

    about = SelectField(_l("Counted from"))
    side = SelectField(_l("When"))
    days = IntegerField(_l("Working days"), [Optional()], render_kw={"min": 1, "max": 60})
    who = SelectMultipleField(_l("To whom"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))
    heading = StringField(_l("Words before the subject"), [at_most(LONGEST_HEADING)], filters=[one_line])
    drop = BooleanField(_l("Take away"))

    def __init__(self, values: Any = None, prefix: str = "", rung: Rung | None = None) -> None:
        shown = {} if rung is None else _shown(rung)
        super().__init__(values, prefix=prefix, **shown)
        self.about.choices = options((about.value, _(ABOUT_NAMES[about])) for about in About)
        sides = ((BEFORE, _("before it")), (ON, _("on the day")), (AFTER, _("after it")))
        self.side.choices = options(sides)
        self.who.choices = options((who.value, _(WHO_NAMES[who])) for who in Who)

    @property
    def blank(self) -> bool:
        """Tell whether nothing was entered, or the step is taken away."""
        return bool(self.drop.data) or not (self.days.data or self.days.errors or self.who.data or self.heading.data)

    def rung(self) -> Rung:
        """Return the step; call after validation."""
        days = self.days.data or 0
        offset = {BEFORE: -days, ON: 0, AFTER: days}[self.side.data]
        return Rung(About(self.about.data), offset, frozenset(map(Who, self.who.data or ())), self.heading.data or "")

    def complete(self) -> bool:
        """Tell whether it can be read; a step before or after the day needs its number of days."""
        read = self.validate()
        if read and self.side.data != ON and not self.days.data:
            self.days.errors = [*self.days.errors, _("How many working days?")]
        return read and not self.days.errors


def _shown(rung: Rung) -> dict[str, Any]:
    side = ON if rung.offset == 0 else BEFORE if rung.offset < 0 else AFTER
    return {
        "about": rung.about.value,
        "side": side,
        "days": abs(rung.offset) or None,
        "who": [who.value for who in Who if who in rung.who],
        "heading": rung.heading,
    }


def rung_forms(values: Any, ladder: Ladder = ()) -> list[RungForm]:
    """Return a form for each step, and some empty ones; as typed when there are values."""
    if values is None:
        found = [RungForm(prefix=f"r{n}-", rung=rung) for n, rung in enumerate(ladder)]
        return found + [RungForm(prefix=f"r{n}-") for n in range(len(found), len(found) + BLANK)]
    count = next((n for n in range(MOST_RUNGS + 2 * BLANK) if f"r{n}-side" not in values), MOST_RUNGS + 2 * BLANK)
    return [RungForm(values, prefix=f"r{n}-") for n in range(count or BLANK)]


class SampleForm(PageForm):
    """For which deadline and unit the ladder is tried."""

    due = DateField(_l("For a deadline of"), [DataRequired(_l("Please fill this in.")), plausible_day])
    unit = SelectField(_l("Unit"), default="")
    version = seen_version()

    def offer(self, units: Sequence[tuple[int, str]]) -> None:
        """Offer the units."""
        self.unit.choices = options([(str(id_), name) for id_, name in units])


class NudgeForm(PageForm):
    """Why units are reminded at once."""

    reason = line(_l("Reason"), hint=_l("The units read it in the reminder, and it stands in the record."))
