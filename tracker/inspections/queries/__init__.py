"""Finding inspections and findings, within what the asker may see."""

from tracker.inspections.queries.findings import (
    CHUNK,
    SHOWN,
    FindingFilter,
    finding_by_id,
    findings_by_ids,
    findings_page,
    open_twins,
    visible,
    waiting_count,
    waiting_findings,
)
from tracker.inspections.queries.inspections import inspections, inspections_with_counts

__all__ = [
    "CHUNK",
    "SHOWN",
    "FindingFilter",
    "finding_by_id",
    "findings_by_ids",
    "findings_page",
    "inspections",
    "inspections_with_counts",
    "open_twins",
    "visible",
    "waiting_count",
    "waiting_findings",
]
