"""What a finding's page says of a problem that the unit found itself."""

from tracker.inspections.models import Finding
from tracker.inspections.policy import ABOUT, Known, Method
from tracker.kit.words import N_
from tracker.org.policy import Work
from tracker.selfcheck.queries.overview import line_of_finding

FOUND_ITSELF = N_("Found by the unit itself in the self-inspection “%(title)s”.")


def about(work: Work, finding: Finding) -> list[Known]:
    """Return where a finding was taken over from."""
    line = line_of_finding(work.session, finding) if finding.inspection.method == Method.SELF else None
    if line is None:
        return []
    check = line.sheet.check
    return [Known(FOUND_ITSELF, {"title": check.title}, f"/self-inspections/{check.id}/answers?unit={finding.unit_id}")]


ABOUT.append(about)
