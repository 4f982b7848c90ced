"""Which rooms have pages."""

import importlib
from importlib.util import find_spec

from flask import Flask

import tracker.documents.models
import tracker.kit.form_keys
import tracker.kit.numbering
import tracker.reminders.models
import tracker.replies.models  # noqa: F401  (every table must be known to the migrations' check)

ROOMS = (
    "tracker.org.views.sign_in",
    "tracker.org.views.people",
    "tracker.org.views.roles",
    "tracker.org.views.delegations",
    "tracker.audit.views",
    "tracker.registry.views",
    "tracker.indicators.views",
    "tracker.inspections.views",
    "tracker.notices.views",
    "tracker.replies.views",
    "tracker.reminders.views",
    "tracker.dashboard.views",
)


def init_app(app: Flask) -> None:
    """Register every room's pages."""
    for name in ROOMS:
        try:
            found = find_spec(name)
        except ModuleNotFoundError:
            found = None
        if found and hasattr(importlib.import_module(name), "bp"):
            app.register_blueprint(importlib.import_module(name).bp)
