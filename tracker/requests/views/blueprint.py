"""The blueprint that all pages of the room belong to, and the words its templates use."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState

from tracker.requests.lifecycle import DISPUTE_NAMES, EXTENSION_NAMES, TRANSFER_NAMES
from tracker.requests.models import OUTCOME_NAMES
from tracker.requests.operations.disputes import KIND_NAMES

bp = Blueprint("requests", __name__)


@bp.record_once
def lend_words(state: BlueprintSetupState) -> None:
    """Give templates the names of the states a request or transfer can be in."""
    state.app.jinja_env.globals.update(
        extension_names=EXTENSION_NAMES,
        dispute_names=DISPUTE_NAMES,
        dispute_kinds=KIND_NAMES,
        transfer_names=TRANSFER_NAMES,
        outcome_names=OUTCOME_NAMES,
    )
