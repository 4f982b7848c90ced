"""Loading indicator sets from their data files."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.indicators.models import Indicator, IndicatorSet
from tracker.indicators.policy import APPLIES_NAMES, CERTAINTIES, LEVEL_NAMES
from tracker.kit.errors import Refused
from tracker.kit.words import N_
from tracker.org.policy import Work

DATA = Path(__file__).parent / "data"
"""The sets that come with the product."""


KEYS = frozenset(
    (
        "code",
        "subject",
        "level",
        "group",
        "title",
        "cond",
        "points",
        "per",
        "measure",
        "certainty",
        "note",
        "max",
        "group_max",
    )
)


@dataclass(frozen=True)
class ParsedSet:
    """A set as its file says it: the columns of the set, and those of each indicator by code."""

    columns: dict[str, Any]
    indicators: dict[str, dict[str, Any]]


def shipped_files() -> list[Path]:
    """Return the files that come with the product, by name."""
    return sorted(DATA.glob("*.yaml"))


def read_set(path: Path) -> ParsedSet:
    """Return what a file of indicators says.

    :raises Refused: it is no such file, names a code twice, or has a level, subject or certainty that we do not know.
    """
    try:
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
        return parse(plain)
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise Refused(N_("%(file)s is no file of indicators (%(error)s)."), file=path.name, error=str(error)) from error


def parse(plain: dict[str, Any]) -> ParsedSet:
    """Return a set from its plain form; early-warning marks join the measure of their indicator.

    :raises Refused: a code stands twice, or a word is not known.
    :raises KeyError: something required is absent.
    """
    meta = plain["meta"]
    warnings = {mark["indicator"]: mark["warn_at"] for mark in plain.get("early_warning") or ()}
    indicators: dict[str, dict[str, Any]] = {}
    for entry in plain["indicators"]:
        if entry["code"] in indicators:
            raise Refused(N_("The indicator %(code)s stands twice in the file."), code=entry["code"])
        indicators[entry["code"]] = _columns(entry, warnings.get(entry["code"]))
    issued = meta.get("issued")
    columns = {"code": meta["set_code"], "title": meta["title"], "doc_no": meta["doc_no"], "issued_on": _date(issued)}
    return ParsedSet(columns, indicators)


def _columns(entry: dict[str, Any], warn_at: float | None) -> dict[str, Any]:
    if unknown := sorted(map(str, entry.keys() - KEYS)):  # an unquoted comma in a text makes one
        raise Refused(
            N_("The indicator %(code)s says “%(word)s”, which is not known."), code=entry["code"], word=unknown[0]
        )
    known = ((entry["level"], LEVEL_NAMES), (entry["subject"], APPLIES_NAMES), (entry["certainty"], CERTAINTIES))
    for word, words in known:
        if word not in words:
            raise Refused(
                N_("The indicator %(code)s says “%(word)s”, which is not known."), code=entry["code"], word=word
            )
    measure = entry.get("measure")
    if warn_at is not None:
        measure = {**(measure or {}), "warn_at": warn_at}
    return {
        "applies_to": entry["subject"],
        "level": entry["level"],
        "group": entry["group"],
        "title": entry["title"],
        "condition": entry["cond"],
        "points": entry.get("points"),
        "per": entry.get("per") or "",
        "measure": measure,
        "certainty": entry["certainty"],
        "note": entry.get("note") or "",
    }


def _date(value: Any) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(value) if value else None


def load_set(work: Work, parsed: ParsedSet) -> int:
    """Store a set; return how many indicators were added or changed (the set's own lines count as one).

    Safe to repeat: what is equal is left alone, and then nothing is recorded. An indicator that the file no longer has
    stays, since findings may name it.
    """
    found = work.session.scalar(select(IndicatorSet).where(IndicatorSet.code == parsed.columns["code"]))
    target = found or IndicatorSet(code=parsed.columns["code"])
    changed = int(_take(target, parsed.columns))
    work.session.add(target)
    work.session.flush()
    stored = {row.code: row for row in work.session.scalars(select(Indicator).where(Indicator.set_id == target.id))}
    for code, columns in parsed.indicators.items():
        row = stored.get(code) or Indicator(set_id=target.id, code=code)
        if _take(row, columns):
            changed += 1
            work.session.add(row)
    work.session.flush()
    if changed:
        record(work, Word.INDICATORS_LOADED, target, set=target.doc_no, count=len(parsed.indicators), changed=changed)
    return changed


def _take(row: IndicatorSet | Indicator, columns: dict[str, Any]) -> bool:
    """Set the columns that differ; tell whether any did."""
    differing = {key: value for key, value in columns.items() if row.id is None or getattr(row, key) != value}
    for key, value in differing.items():
        setattr(row, key, value)
    return bool(differing)
