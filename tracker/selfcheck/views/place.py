"""What the pages of this room share."""

from flask import Blueprint
from flask_babel import gettext as _

from tracker.kit.host import host
from tracker.selfcheck.models import Sheet
from tracker.selfcheck.policy import ANSWER_NAMES, SHEET_NAMES, SheetStanding, sheet_standing

bp = Blueprint("selfcheck", __name__)
SHAPES = {
    SheetStanding.OPEN: "issued",
    SheetStanding.DRAFT: "acknowledged",
    SheetStanding.OVERDUE: "overdue",
    SheetStanding.HANDED_IN: "submitted",
    SheetStanding.LATE: "submitted",
}
"""Which shape of the assignments' states stands for which of a sheet."""


@bp.app_template_global()
def sheet_state(sheet: Sheet) -> tuple[str, str]:
    """Return shape and words of where a sheet stands today."""
    where = sheet_standing(sheet, sheet.check.due_on, host().clock.today())
    return SHAPES[where], _(SHEET_NAMES[where])


@bp.app_template_global()
def answer_words() -> dict[str, str]:
    """Return what templates call the answers, as msgids by their stored words."""
    return {str(key): name for key, name in ANSWER_NAMES.items()}
