"""Reading assessments: rows behind each figure, the year's table, points per finding."""

from tracker.assessment.queries.points import deductions
from tracker.assessment.queries.sheets import UnitSheet, sheet_of, table

__all__ = ["UnitSheet", "deductions", "sheet_of", "table"]
