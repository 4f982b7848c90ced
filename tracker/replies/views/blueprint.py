"""The blueprint that all pages of the room belong to, and the words its templates use."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from tracker.replies.models import RESULT_NAMES, WAY_NAMES
from tracker.replies.paper import subject_of
from tracker.replies.policy import in_order
from tracker.signatures.verdicts import CHECK_NAMES, OUTCOME_NAMES, STATE_NAMES

bp = Blueprint("replies", __name__)


@bp.record_once
def lend_words(state: BlueprintSetupState) -> None:
    """Give the room's templates (their macros too, which see no page context) their words and orders."""
    state.app.jinja_env.globals.update(
        result_names=RESULT_NAMES,
        way_names=WAY_NAMES,
        in_order=in_order,
        subject_of=subject_of,
        verdict_names=STATE_NAMES,
        verdict_checks=CHECK_NAMES,
        verdict_outcomes=OUTCOME_NAMES,
    )
