"""Annexes too long for one table are split, and say so."""

from collections.abc import Mapping
from typing import Any

ROWS = 300
"""Rows of one annex table: beyond it a paper takes too long and too much memory to lay out."""


def split(annex: Mapping[str, Any], most: int = ROWS) -> list[dict[str, Any]]:
    """Return an annex (see templates/documents/parts/annexes.html) as tables of at most `most` rows.

    Parts carry their place in the title (第1部分，共3部分) and the rows they hold in the note.
    """
    rows = annex["rows"]
    if len(rows) <= most:
        return [dict(annex)]
    starts = range(0, len(rows), most)
    return [_part(annex, start, most, number, len(starts)) for number, start in enumerate(starts, start=1)]


def _part(annex: Mapping[str, Any], start: int, most: int, number: int, parts: int) -> dict[str, Any]:
    rows = annex["rows"][start : start + most]
    told = f"本附件共{len(annex['rows'])}行，分为{parts}部分，本部分为第{start + 1}行至第{start + len(rows)}行。"
    title = f"{annex['title']}（第{number}部分，共{parts}部分）"
    return dict(annex) | {"title": title, "rows": rows, "note": told + (annex.get("note") or "")}
