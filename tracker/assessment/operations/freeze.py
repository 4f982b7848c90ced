"""A sheet's figures as plain values: what is compared before signing, stored by it, and printed from it."""

from typing import Any

from tracker.assessment.policy import Entry, Score, shown
from tracker.assessment.queries.countings import Span, day_of, rows_behind
from tracker.assessment.queries.sheets import Ground, UnitSheet, adjustments_of
from tracker.org.policy import Work

SHORT = 60
"""Characters of a row that a signed sheet keeps."""


def figures(score: Score) -> dict[str, Any]:
    """Return a sheet's lines and sums; points as texts, so that they are the same on every machine."""
    return {
        "lines": [_line(entry) for entry in score.entries],
        "groups": [
            {"name": each.name, "found": shown(each.found), "cap": shown(each.cap), "points": shown(each.points)}
            for each in score.groups
        ],
        "lost": shown(score.lost),
        "relief": shown(score.relief),
        "base": shown(score.base),
        "bonus_found": shown(score.bonus_found),
        "bonus": shown(score.bonus),
        "total": shown(score.total),
        "verdict": str(score.verdict),
        "vetoes": [entry.rule.key for entry in score.vetoes],
    }


def _line(entry: Entry) -> dict[str, Any]:
    rule, weight = entry.rule, entry.weight
    return {
        "key": rule.key,
        "kind": str(rule.kind),
        "group": rule.group,
        "title": rule.title,
        "rule": rule.rule,
        "source": rule.source,
        "note": rule.note,
        "unconfirmed": rule.unconfirmed,
        "counts": rule.counts,
        "counted": weight.counted,
        "points_each": shown(weight.points),
        "cap": shown(weight.cap),
        "least": weight.least,
        "count": entry.count,
        "computed": shown(entry.computed),
        "adjusted": shown(entry.adjusted),
        "points": shown(entry.points),
        "vetoes": entry.vetoes,
    }


def freeze(work: Work, known: Ground, sheet: UnitSheet) -> dict[str, Any]:
    """Return everything that a signature fixes: figures, weights, what was moved by hand, and ids of the rows."""
    span = Span(work.session, known.year, work.now)
    row = sheet.row
    found = figures(sheet.score)
    for line in found["lines"]:
        name = line["counts"]
        rows = rows_behind(span, name, sheet.unit.id) if name and line["count"] else []
        line["rows"] = [{"id": row.id, "day": day_of(row), "what": row.what[:SHORT]} for row in rows]
    return found | {
        "year": known.year,
        "unit": sheet.unit.name,
        "unit_full": sheet.unit.full_name,
        "as_of": work.today.isoformat(),
        "edition": known.weights.number,
        "weights": known.weights.plain(),
        "adjustments": [
            {"line": each.line, "points": shown(each.points), "reason": each.reason, "evidence": each.evidence}
            for each in adjustments_of(work.session, known.year, sheet.unit.id)
            if each.withdrawn_at is None
        ],
        "objections": [
            {"line": each.line, "text": each.text, "answer": each.answer, "upheld": each.upheld}
            for each in (row.objections if row else ())
        ],
        "agreed": row.agreed_name if row else "",
        "signed": row.signed_name if row else "",
    }
