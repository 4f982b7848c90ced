"""Checking a monitor's rows against registry, rules and open findings before anything is stored."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.indicators.models import Indicator, Level
from tracker.indicators.policy import has_threshold, threshold
from tracker.indicators.queries import findable
from tracker.inspections.models import Finding, Inspection
from tracker.inspections.operations.columns import proposal
from tracker.inspections.operations.monitor.columns import Measured, refuse_long
from tracker.inspections.operations.monitor.described import described
from tracker.inspections.operations.monitor.subjects import in_sample, known_subjects
from tracker.inspections.policy import fingerprint
from tracker.inspections.queries import open_twins
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectKind
from tracker.sheets import Sheet, SheetRow

NO_RULE = N_("Give the rule's code, or what was measured.")
UNKNOWN_RULE = N_("On that day no rule with this code was in force.")
UNKNOWN_METRIC = N_("No rule for this kind of subject measures that.")
SEVERAL_RULES = N_("Several rules measure that: %(codes)s. Give the code.")
OTHER_KIND = N_("This rule is not about such a subject.")
NO_VALUE = N_("This rule has a threshold (%(threshold)s): give the measured value.")
OTHER_UNIT = N_("This rule is measured in %(unit)s.")
OUTSIDE = N_("This day lies outside the inspection (%(first)s to %(last)s).")
FUTURE = N_("This day has not come yet.")
SAME_ROW = N_("This is the same problem as in row %(number)s.")
APPLIES = {
    SubjectKind.SITE: frozenset({"website", "portal"}),
    SubjectKind.ACCOUNT: frozenset({"media"}),
}


@dataclass(frozen=True)
class Line:
    """One row that was understood: what it is about, and the columns that would be stored (level None: no problem)."""

    number: int
    subject: Subject
    indicator: Indicator
    columns: dict[str, Any]

    @property
    def level(self) -> Level | None:
        """Return the proposed level; None when the measured value is no problem."""
        level: Level | None = self.columns["level"]
        return level


@dataclass
class Plan:
    """What an import would do: rows to store, rows whose problem is open already, rows that are no problem."""

    new: list[Line] = field(default_factory=list)
    open: list[tuple[Line, Finding]] = field(default_factory=list)
    nothing: list[Line] = field(default_factory=list)

    @property
    def levels(self) -> dict[str, int]:
        """Return how many would be stored, by level."""
        return dict(Counter(str(line.level) for line in self.new))


def check(work: Work, inspection: Inspection, sheet: Sheet) -> Plan:
    """Return what an import would do; what is wrong stands in `sheet.problems`, and then nothing may be stored.

    The number of statements grows with the days and the hundreds of rows, not with the rows.

    :raises Refused: the file has more rows than are imported at once.
    """
    refuse_long(len(sheet.rows))
    checker = _Checker(work, inspection, sheet)
    lines = [line for row in sheet.rows if (line := checker.line(row)) is not None]
    problems = [line for line in lines if line.level is not None]
    twins = {twin.fingerprint: twin for twin in open_twins(work.session, [_mark(line) for line in problems])}
    return Plan(
        new=[line for line in problems if _mark(line) not in twins],
        open=[(line, twins[_mark(line)]) for line in problems if _mark(line) in twins],
        nothing=[line for line in lines if line.level is None],
    )


def _mark(line: Line) -> str:
    return str(line.columns["fingerprint"])


class _Checker:
    """Checks one row after the other; remembers the rules of each day and the problems seen so far."""

    def __init__(self, work: Work, inspection: Inspection, sheet: Sheet) -> None:
        self.work, self.inspection, self.sheet = work, inspection, sheet
        self.subjects = known_subjects(work.session, inspection)
        self.rules: dict[date, list[Indicator]] = {}
        self.seen: dict[str, int] = {}

    def line(self, row: SheetRow) -> Line | None:
        """Return the row as it would be stored; None when something in it is wrong."""
        subject = self.subjects.find(self.sheet, row)
        day = self._day(row)
        if subject is None or day is None or not in_sample(self.inspection, self.sheet, row, subject):
            return None
        indicator = self._rule(row, subject, day)
        if indicator is None or not self._measured(row, indicator) or self._misread(row):
            return None
        return self._once(row, Line(row.number, subject, indicator, self._columns(row, subject, indicator)))

    def _misread(self, row: SheetRow) -> bool:
        """Tell whether a cell could not be read; the sheet has said so already."""
        return any(said and row.values[key] is None for key, said in row.cells.items())

    def _day(self, row: SheetRow) -> date | None:
        day: date | None = row.values["found_on"]
        if day is None:
            return None
        first, last = self.inspection.starts_on, self.inspection.ends_on
        if not first <= day <= last:
            self.sheet.problem(row, "found_on", OUTSIDE, first=str(first), last=str(last))
            return None
        if day > self.work.today:
            self.sheet.problem(row, "found_on", FUTURE)
            return None
        return day

    def _rule(self, row: SheetRow, subject: Subject, day: date) -> Indicator | None:
        if day not in self.rules:
            self.rules[day] = findable(self.work.session, day)
        code, metric = row.values["indicator"], row.values["metric"]
        if code:
            named = [rule for rule in self.rules[day] if rule.code.casefold() == code.casefold()]
            fitting = [rule for rule in named if rule.applies_to in APPLIES[subject.kind]]
            return self._only(row, "indicator", fitting, OTHER_KIND if named else UNKNOWN_RULE)
        if metric:
            measuring = [
                rule
                for rule in self.rules[day]
                if (rule.measure or {}).get("metric") == metric and rule.applies_to in APPLIES[subject.kind]
            ]
            return self._only(row, "metric", measuring, UNKNOWN_METRIC)
        self.sheet.problem(row, "indicator", NO_RULE)
        return None

    def _only(self, row: SheetRow, key: str, rules: list[Indicator], none: str) -> Indicator | None:
        if len(rules) > 1:
            self.sheet.problem(row, key, SEVERAL_RULES, codes="、".join(rule.code for rule in rules))
        elif not rules:
            self.sheet.problem(row, key, none)
        return rules[0] if len(rules) == 1 else None

    def _measured(self, row: SheetRow, indicator: Indicator) -> bool:
        value: Measured | None = row.values["value"]
        unit = str((indicator.measure or {}).get("unit") or "")
        if value is None and not row.cells["value"] and has_threshold(indicator.measure):
            self.sheet.problem(row, "value", NO_VALUE, threshold=threshold(indicator.measure))
            return False
        if value is not None and value.unit and unit and value.unit != unit:
            self.sheet.problem(row, "value", OTHER_UNIT, unit=unit)
            return False
        return True

    def _columns(self, row: SheetRow, subject: Subject, indicator: Indicator) -> dict[str, Any]:
        value: Measured | None = row.values["value"]
        number = value.value if value else None
        unit = str((indicator.measure or {}).get("unit") or (value.unit if value else ""))
        place, url = row.values["place"] or "", row.values["url"] or ""
        return {
            "inspection_id": self.inspection.id,
            "unit_id": subject.sponsor_id,
            "subject_id": subject.id,
            "indicator_id": indicator.id,
            "level": proposal(indicator, number),
            "measured": number,
            "measured_unit": unit if value else "",
            "place": place,
            "url": url,
            "description": row.values["text"] or described(indicator, number, unit),
            "found_on": row.values["found_on"],
            "fingerprint": fingerprint(subject.sponsor_id, subject.id, indicator.rule_id, place or url),
        }

    def _once(self, row: SheetRow, line: Line) -> Line | None:
        earlier = self.seen.setdefault(_mark(line), row.number)
        if earlier != row.number:
            self.sheet.problem(row, "site" if row.values["site"] else "account", SAME_ROW, number=earlier)
            return None
        return line
