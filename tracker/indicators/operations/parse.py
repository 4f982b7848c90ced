"""Reading files of indicators: a national set, or a local layer over one."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from tracker.indicators.policy import APPLIES_NAMES, CERTAINTIES, COMPARISONS, LEVEL_NAMES
from tracker.kit.errors import Refused
from tracker.kit.words import N_

DATA = Path(__file__).parent.parent / "data"
"""The sets that come with the product."""
UNKNOWN = N_("The indicator %(code)s says “%(word)s”, which is not known.")
TWICE = N_("The indicator %(code)s stands twice in the file.")
OVER_NOTHING = N_("The set %(set)s changes indicators of another one, but does not say which set it extends.")
ENDS_FIRST = N_("The set %(set)s ends to count before it begins.")
Entry = dict[str, Any]
COLUMNS = {
    "subject": "applies_to",
    "level": "level",
    "group": "group",
    "title": "title",
    "cond": "condition",
    "points": "points",
    "per": "per",
    "measure": "measure",
    "certainty": "certainty",
    "note": "note",
}
"""Words of the file → columns of an indicator."""
KEYS = frozenset(COLUMNS) | {"code", "max", "group_max"}
CHANGEABLE = frozenset({"code", "level", "points", "per", "measure", "cond", "certainty", "note"})
"""What a local set may say of an indicator that it takes over; subject, group and title stay those of the base."""


@dataclass(frozen=True)
class ParsedSet:
    """A set as its file says it: the set's columns, its indicators' by code, and what it changes of the set below."""

    columns: dict[str, Any]
    indicators: dict[str, dict[str, Any]]
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)


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
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise Refused(N_("%(file)s is no file of indicators (%(error)s)."), file=path.name, error=str(error)) from error


def parse(plain: dict[str, Any]) -> ParsedSet:
    """Return a set from its plain form; early-warning marks join the measure of their indicator.

    :raises Refused: a code stands twice, a word is not known, or the set's own lines do not fit each other.
    :raises KeyError: something required is absent.
    """
    warnings = {mark["indicator"]: mark["warn_at"] for mark in plain.get("early_warning") or ()}
    indicators = _by_code(plain.get("indicators") or () if "overrides" in plain else plain["indicators"], KEYS)
    overrides = _by_code(plain.get("overrides") or (), CHANGEABLE)
    if both := indicators.keys() & overrides.keys():
        raise Refused(TWICE, code=min(both))
    columns = _set_columns(plain["meta"], plain.get("timers") or [])
    if overrides and not columns["extends"]:
        raise Refused(OVER_NOTHING, set=columns["code"])
    return ParsedSet(
        columns,
        {code: _whole(entry, warnings.get(code)) for code, entry in indicators.items()},
        {code: _part(entry, warnings.get(code)) for code, entry in overrides.items()},
    )


def _set_columns(meta: Entry, timers: list[Entry]) -> dict[str, Any]:
    columns = {
        "code": meta["set_code"],
        "title": meta["title"],
        "doc_no": meta["doc_no"],
        "issued_on": _date(meta.get("issued")),
        "extends": meta.get("extends") or "",
        "valid_from": _date(meta.get("valid_from")),
        "valid_until": _date(meta.get("valid_until")),
        "timers": timers,
    }
    if columns["valid_from"] and columns["valid_until"] and columns["valid_until"] < columns["valid_from"]:
        raise Refused(ENDS_FIRST, set=columns["code"])
    return columns


def _by_code(entries: Any, known: frozenset[str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in entries:
        code = entry["code"]
        if code in found:
            raise Refused(TWICE, code=code)
        if unknown := sorted(map(str, entry.keys() - known)):  # an unquoted comma in a text makes one
            raise Refused(UNKNOWN, code=code, word=unknown[0])
        _check_words(code, entry)
        found[code] = entry
    return found


def _check_words(code: str, entry: Entry) -> None:
    for key, words in (("level", LEVEL_NAMES), ("subject", APPLIES_NAMES), ("certainty", CERTAINTIES)):
        if key in entry and entry[key] not in words:
            raise Refused(UNKNOWN, code=code, word=entry[key])
    operator = (entry.get("measure") or {}).get("op")
    if operator is not None and operator not in COMPARISONS:
        raise Refused(UNKNOWN, code=code, word=operator)


def _whole(entry: Entry, warn_at: float | None) -> dict[str, Any]:
    """Return every column of an indicator.

    :raises KeyError: a required word is absent.
    """
    required = ("level", "subject", "certainty", "group", "title", "cond")
    given = {key: entry[key] for key in required} | {"points": entry.get("points"), "measure": entry.get("measure")}
    given |= {key: entry.get(key) or "" for key in ("per", "note")}
    return _named(given, warn_at)


def _part(entry: Entry, warn_at: float | None) -> dict[str, Any]:
    return _named({key: value for key, value in entry.items() if key != "code"}, warn_at)


def _named(given: Entry, warn_at: float | None) -> dict[str, Any]:
    if warn_at is not None:
        given["measure"] = {**(given.get("measure") or {}), "warn_at": warn_at}
    return {COLUMNS[key]: value for key, value in given.items()}


def _date(value: Any) -> date | None:
    return value if isinstance(value, date) else date.fromisoformat(value) if value else None
