"""Pages of what came in: error reports, change requests, and the month's own figures."""

from tracker.intake.views import changes as changes
from tracker.intake.views import imports as imports
from tracker.intake.views import months as months
from tracker.intake.views import reports as reports
from tracker.intake.views.place import bp as bp
