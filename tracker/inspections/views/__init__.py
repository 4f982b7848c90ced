"""Pages of inspections and findings."""

from tracker.inspections.views import findings as findings
from tracker.inspections.views import inspection as inspection
from tracker.inspections.views import monitor as monitor
from tracker.inspections.views.place import bp as bp
