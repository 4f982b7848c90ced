"""Pages of the annual assessment."""

from tracker.assessment.views import own, sheets, years  # noqa: F401
from tracker.assessment.views.place import bp as bp
