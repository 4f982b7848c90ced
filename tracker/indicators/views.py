"""Pages of the indicator sets."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.indicators.policy import APPLIES_NAMES, LEVEL_NAMES, shown_points, threshold, warning_mark
from tracker.indicators.queries import indicators_of, overriding, set_by_code, sets_with_counts
from tracker.kit.plain_text import one_line
from tracker.kit.routes import route
from tracker.org.policy import Permission, Work

bp = Blueprint("indicators", __name__)


@route(bp, "/indicators", permission=Permission.REGISTRY_READ)
def sets(work: Work) -> ResponseReturnValue:
    """List the indicator sets."""
    return render_template("indicators/sets.html", sets=sets_with_counts(work.session), today=work.today)


@route(bp, "/indicators/<code>", permission=Permission.REGISTRY_READ)
def indicator_set(work: Work, code: str) -> ResponseReturnValue:
    """Show one set, unconfirmed values marked."""
    found = set_by_code(work.session, one_line(code))
    return render_template(
        "indicators/set.html",
        set=found,
        indicators=indicators_of(work.session, found),
        over=overriding(work.session, found),
        today=work.today,
        applies_names=APPLIES_NAMES,
        level_names=LEVEL_NAMES,
        shown_points=shown_points,
        threshold=threshold,
        warning_mark=warning_mark,
    )
