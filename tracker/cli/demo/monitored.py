"""What comes after the bulletin: January's inspection by monitoring, its drawn sample, and the monitor's first file."""

import json
from datetime import date

from sqlalchemy import select

from tracker.cli.demo.acts import DAY
from tracker.cli.demo.stage import Stage, unit
from tracker.inspections.models import Inspection
from tracker.inspections.operations import InspectionValues, SampleChoice, choose_sample, monitor, open_inspection
from tracker.org.policy import Work
from tracker.registry.models import Subject, SubjectKind

JANUARY = InspectionValues(
    "2022-01", "2022年1月份系统监测（示例）", "monitor", date(2021, 12, 28), date(2022, 1, 25), ""
)
SAMPLE = SampleChoice(how="random", number=116, seed="2022-01", by_unit=True)
"""116 of 192: more than the half that the province asks for each month."""
SILENT = (16, 12, 9)
"""Days without an update: a veto, an early warning, and none."""


def monitor_january(stage: Stage) -> None:
    """Open the inspection, draw its sample, and import three measured values; two become findings that wait."""
    with stage.at(DAY + "15:50", "clerk") as work:
        inspection = open_inspection(work, JANUARY)
        choose_sample(work, inspection, SAMPLE, inspection.version)
        sheet = monitor.read_json(_export(work, inspection), "系统监测.json")
        monitor.store(work, inspection, monitor.check(work, inspection, sheet), name=sheet.name, example=True)


def _export(work: Work, inspection: Inspection) -> bytes:
    """Return what a monitor would hand out about three accounts of the sample (not those that December tells of)."""
    query = (
        select(Subject)
        .where(
            Subject.id.in_(inspection.sample or []),
            Subject.kind == SubjectKind.ACCOUNT,
            Subject.sponsor_id != unit(work, "police").id,
        )
        .order_by(Subject.id)
    )
    rows = [
        {
            "platform": account.platform,
            "account": account.name,
            "metric": "stale_days",
            "value": days,
            "found_on": "2021-12-28",
        }
        for account, days in zip(work.session.scalars(query.limit(len(SILENT))), SILENT, strict=True)
    ]
    return json.dumps({"format": "rectify-monitor", "version": 1, "rows": rows}).encode()
