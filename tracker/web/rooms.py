"""Which rooms have pages."""

from flask import Flask

import tracker.kit.numbering
import tracker.reminders.models  # noqa: F401  (every table must be known to the migrations' check)
from tracker.almanac import views as almanac
from tracker.assessment import views as assessment
from tracker.audit import views as audit
from tracker.bulletins import views as bulletins
from tracker.dashboard import views as dashboard
from tracker.editions import views as editions
from tracker.escalation import views as escalation
from tracker.exchange import views as exchange
from tracker.followup import views as followup
from tracker.indicators import views as indicators
from tracker.inspections import views as inspections
from tracker.intake import views as intake
from tracker.notices import views as notices
from tracker.org.views import certificates, delegations, people, roles, sign_in
from tracker.registry import views as registry
from tracker.reminders import views as reminders
from tracker.replies import views as replies
from tracker.requests import views as requests
from tracker.selfcheck import views as selfcheck

ROOMS = (
    sign_in,
    people,
    roles,
    certificates,
    delegations,
    audit,
    registry,
    indicators,
    almanac,
    inspections,
    intake,
    notices,
    requests,
    replies,
    escalation,
    followup,
    selfcheck,
    reminders,
    bulletins,
    assessment,
    editions,
    exchange,
    dashboard,
)


def init_app(app: Flask) -> None:
    """Register every room's pages."""
    for room in ROOMS:
        app.register_blueprint(room.bp)
