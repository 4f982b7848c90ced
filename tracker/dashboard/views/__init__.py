"""The home page."""

from tracker.dashboard.views import home as _home  # noqa: F401  (its route)
from tracker.dashboard.views.blueprint import bp as bp
