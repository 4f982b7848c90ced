"""Finding sites and accounts."""

from tracker.registry.queries.subjects import (
    SubjectFilter,
    answering,
    counted_by_kind,
    inspected,
    subject_by_id,
    subjects_page,
    subjects_with_code,
    visible,
)

__all__ = [
    "SubjectFilter",
    "answering",
    "counted_by_kind",
    "inspected",
    "subject_by_id",
    "subjects_page",
    "subjects_with_code",
    "visible",
]
