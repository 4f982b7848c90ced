"""What the pages of this room share."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from tracker.intake.policy import STATE_NAMES, TRUTH_NAMES
from tracker.org.models import Unit
from tracker.org.policy import Permission, Work
from tracker.org.queries import units
from tracker.registry.queries import inspected

bp = Blueprint("intake", __name__)
READ, WRITE = Permission.BULLETIN_READ, Permission.BULLETIN_DRAFT


@bp.app_template_global()
def intake_words() -> dict[str, Any]:
    """Return what templates call states and verdicts, as msgids by their stored words."""
    return {
        "state": {str(key): name for key, name in STATE_NAMES.items()},
        "truth": {str(key): name for key, name in TRUTH_NAMES.items()},
    }


def all_units(work: Work) -> list[Unit]:
    """Return the units that can be chosen."""
    return list(work.session.scalars(units()))


def offered(work: Work, form: Any) -> Any:
    """Fill a form's units, sites and accounts."""
    return form.offer(all_units(work), work.session.scalars(inspected()).all())


def form_page(form: Any, title: str, label: str, back: tuple[str, str], line: str = "") -> ResponseReturnValue:
    """Show an entry form; after a refusal with what was typed."""
    status = 422 if request.method == "POST" else 200
    return render_template("intake/form.html", form=form, title=title, label=label, back=back, line=line), status
