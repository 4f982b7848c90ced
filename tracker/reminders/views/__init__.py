"""Pages: the inbox, how one is reached, the deliveries, when units are reminded and what is to come."""

from tracker.reminders.queries import asked as asked
from tracker.reminders.views import channels, deliveries, forecast, inbox, ladder, nudge, rehearsals, roster
from tracker.reminders.views.blueprint import bp

__all__ = ["bp", "channels", "deliveries", "forecast", "inbox", "ladder", "nudge", "rehearsals", "roster"]
