"""Lists of days as typed, pasted or uploaded (CSV), each fault named by line and cell; the forms around them."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from tracker.almanac.models import DayKind
from tracker.almanac.operations import YearPlan
from tracker.almanac.policy import (
    DISPUTE,
    FIRST_YEAR,
    KIND_NAMES,
    LAST_YEAR,
    MOST_DAYS,
    RECEIPT,
    SUBJECT_NAMES,
    Entry,
    fits,
)
from tracker.kit.forms import NAME, PageForm, line, options, plausible_day, seen_version
from tracker.kit.plain_text import one_line
from tracker.workdays.rules import COUNTING_NAMES, Counting, Rule
from tracker.workdays.rules import MOST_DAYS as LONGEST

HEADS = {
    "date": ("日期", "date"),
    "kind": ("类型", "类别", "性质", "kind"),
    "reason": ("事由", "节日", "名称", "reason"),
    "source": ("来源文件", "依据", "文件", "source", "source document"),
}
ORDER = tuple(HEADS)
KINDS = {
    **dict.fromkeys(("休", "放假", "休息", "节假日", "off", "holiday"), DayKind.OFF),
    **dict.fromkeys(("班", "上班", "补班", "调休上班", "工作日", "work"), DayKind.WORK),
}
WRITTEN = {DayKind.OFF: "休", DayKind.WORK: "班"}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
MOST_BYTES = 256 * 1024
MOST_FAULTS = 20


@dataclass
class DayList:
    """What a text says: its lines, and the sentences about what is wrong with it."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lines: dict[date, int] = field(default_factory=dict)


def read_days(text: str, year: int) -> DayList:
    """Return the lines of a CSV list (date, kind, reason, source document), with or without a line of headings.

    Comma, Chinese comma or tab; nothing is taken over when `faults` is not empty.
    """
    found = DayList()
    rows = [(number, cells) for number, cells in _rows(text) if any(cells)]
    order = dict(zip(ORDER, range(len(ORDER)), strict=True))
    if not rows:
        found.faults.append(_("The list is empty: paste at least one line."))
    elif any(cell.casefold() in words for cell in rows[0][1] for words in HEADS.values()):
        order = _order(rows.pop(0)[1], found)  # headings without a line below them: a list that names no day
    for number, cells in rows[: MOST_DAYS + 1] if not found.faults else ():
        _read_line(found, number, {name: cells[at] if at < len(cells) else "" for name, at in order.items()}, year)
    if len(rows) > MOST_DAYS:
        found.faults.append(_("More than %(most)s lines: this is not a list of one year.", most=MOST_DAYS))
    return found


def _rows(text: str) -> Iterable[tuple[int, list[str]]]:
    plain = text.replace("，", ",").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    reader = csv.reader(io.StringIO(plain), delimiter="\t" if "\t" in plain.partition("\n")[0] else ",")
    try:
        for cells in reader:
            yield reader.line_num, [one_line(cell) for cell in cells]
    except csv.Error:
        yield reader.line_num + 1, [_("(unreadable)")]


def _order(cells: list[str], found: DayList) -> dict[str, int]:
    heads = [cell.casefold() for cell in cells]
    order = {name: next((n for n, head in enumerate(heads) if head in words), -1) for name, words in HEADS.items()}
    missing = [HEADS[name][0] for name, at in order.items() if at < 0]
    if missing:
        found.faults.append(_("Line 1: the column %(names)s is missing.", names="、".join(missing)))
    return order


def _read_line(found: DayList, number: int, cells: Mapping[str, str], year: int) -> None:
    faults = list(_faults(found, number, cells, year))
    found.faults += faults
    on, kind = _day(cells["date"]), KINDS.get(cells["kind"].casefold())
    if on is not None:
        found.lines.setdefault(on, number)
    if not faults and on is not None and kind is not None:
        found.entries.append(Entry(on, kind, cells["reason"], cells["source"]))


def _faults(found: DayList, number: int, cells: Mapping[str, str], year: int) -> Iterable[str]:
    on = _day(cells["date"])
    told = {"line": number, "value": cells["date"][:40]}
    if on is None:
        yield _("Line %(line)s, date: “%(value)s” is no date. Write it as 2027-02-05.", **told)
    elif not fits(on, year):
        yield _("Line %(line)s, date: %(value)s does not belong to the list of %(year)s.", **told, year=year)
    elif on in found.lines:
        yield _("Line %(line)s, date: %(value)s stands in line %(first)s already.", **told, first=found.lines[on])
    if cells["kind"].casefold() not in KINDS:
        yield _("Line %(line)s, kind: write 休 or 班, not “%(value)s”.", line=number, value=cells["kind"][:40])
    for name, head in (("reason", _("reason")), ("source", _("source document"))):
        if not cells[name] or len(cells[name]) > NAME:
            yield _("Line %(line)s, %(cell)s: 1 to %(most)s characters, please.", line=number, cell=head, most=NAME)


def _day(text: str) -> date | None:
    found = _DATE.fullmatch(text.replace(" ", ""))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def written(entries: Iterable[Entry]) -> str:
    """Return a list as the CSV that `read_days` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([words[0] for words in HEADS.values()])
    writer.writerows([entry.date, WRITTEN[entry.kind], entry.reason, entry.source] for entry in sorted(entries))
    return out.getvalue()


def decoded(data: bytes) -> str | None:
    """Return an uploaded list's text (UTF-8, or the Chinese Excel's GB 18030); None when it is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


class ListForm(PageForm):
    """A year's list before it is looked at; the browser sends it back as text from the page that shows its outcome."""

    year = IntegerField(_l("Year of the list"), [InputRequired(), NumberRange(FIRST_YEAR, LAST_YEAR)])
    days = TextAreaField(_l("Days, one per line"))
    file = FileField(_l("or a CSV file"))
    complete = BooleanField(_l("This is the whole arrangement of the year (the State Council's notice)"))
    note = line(_l("Why it is entered"), NAME)
    found: DayList

    def plan(self, upload: Any = None) -> YearPlan | None:
        """Return the list when everything can be taken as typed; otherwise None, the faults standing at the fields."""
        self.found = DayList()
        valid = self.validate()
        if upload is not None and upload.filename:
            data = upload.stream.read(MOST_BYTES + 1)
            text = decoded(data) if len(data) <= MOST_BYTES else None
            if text is None:
                self.file.errors = [_("This is no CSV file, or one larger than 256 KB. Save the sheet as CSV.")]
                return None
            self.days.data = text
        if self.year.errors or self.year.data is None:
            return None
        self.found = read_days(self.days.data or "", self.year.data)
        shown = self.found.faults[:MOST_FAULTS]
        if len(self.found.faults) > MOST_FAULTS:
            shown.append(_("… and %(n)s more.", n=len(self.found.faults) - MOST_FAULTS))
        self.days.errors = shown
        if not valid or shown:
            return None
        entries = tuple(sorted(self.found.entries))
        return YearPlan(self.year.data, entries, bool(self.complete.data), self.note.data or "")


AS_ANNOUNCED = "announced"


class DayForm(PageForm):
    """One day told anew."""

    date = DateField(_l("Day"), [InputRequired(_l("Please fill this in.")), plausible_day])
    kind = RadioField(_l("On this day the office"), choices=[], default=DayKind.OFF.value)
    reason = line(_l("Reason"), NAME, required=False)
    source = line(_l("Document that says so"), NAME, required=False)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        names = [(kind.value, _l(name)) for kind, name in KIND_NAMES.items()]
        self.kind.choices = options([*names, (AS_ANNOUNCED, _l("As announced (take our own line away)"))])

    def entry(self) -> Entry | None:
        """Return the line of the table; None when our own line is to go."""
        if self.kind.data == AS_ANNOUNCED or self.date.data is None:
            return None
        return Entry(self.date.data, DayKind(self.kind.data), self.reason.data or "", self.source.data or "")

    def complete(self) -> bool:
        """Validate; a line of our own needs its reason and its document."""
        valid = self.validate()
        for each in (self.reason, self.source):
            if self.kind.data != AS_ANNOUNCED and not each.data:
                each.errors = [_("Please fill this in.")]
                valid = False
        return valid


class UsualForm(PageForm):
    """What is usually asked for one level, or for the receipt."""

    count = IntegerField(_l("Number of days"), [InputRequired(_l("Please fill this in.")), NumberRange(1, LONGEST)])
    counting = SelectField(_l("counted as"))
    rolls = BooleanField(_l("a last day off moves to the next working day"), [Optional()])
    version = seen_version()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.counting.choices = options((c.value, _l(COUNTING_NAMES[c])) for c in (Counting.WORKDAYS, Counting.DAYS))

    def rule(self) -> Rule:
        """Return what was typed."""
        if "counting" not in self:
            return Rule(Counting.WORKDAYS, count=self.count.data or 0)
        return Rule(Counting(self.counting.data), count=self.count.data or 0, rolls=bool(self.rolls.data))


def usual_forms(data: Any, rules: Mapping[str, Rule], versions: Mapping[str, int]) -> dict[str, UsualForm]:
    """Return one form per subject, filled from what was posted, or from what is in force."""
    forms = {
        subject: UsualForm(
            data,
            prefix=subject,
            count=rules[subject].count,
            counting=rules[subject].counting.value,
            rolls=rules[subject].rolls,
            version=versions.get(subject, 0),
        )
        for subject in SUBJECT_NAMES
    }
    for subject in (RECEIPT, DISPUTE):  # always a matter of working days
        del forms[subject].counting, forms[subject].rolls
    return forms
