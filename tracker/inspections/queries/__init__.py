"""Finding inspections and findings, within what the asker may see."""

from tracker.inspections.queries.coverage import (
    PopulationFilter,
    asked,
    coverage,
    inspection_by_id,
    population_page,
)
from tracker.inspections.queries.findings import (
    CHUNK,
    SHOWN,
    FindingFilter,
    finding_by_id,
    findings_by_ids,
    findings_count,
    findings_page,
    open_twins,
    visible,
    waiting_findings,
)
from tracker.inspections.queries.inspections import inspections, inspections_with_counts, usual_inspection
from tracker.inspections.queries.kept import taken_for

__all__ = [
    "CHUNK",
    "SHOWN",
    "FindingFilter",
    "PopulationFilter",
    "asked",
    "coverage",
    "finding_by_id",
    "findings_by_ids",
    "findings_count",
    "findings_page",
    "inspection_by_id",
    "inspections",
    "inspections_with_counts",
    "open_twins",
    "population_page",
    "taken_for",
    "usual_inspection",
    "visible",
    "waiting_findings",
]
