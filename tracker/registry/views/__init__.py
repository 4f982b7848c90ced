"""Pages of the registry."""

from tracker.registry.views import imports as imports
from tracker.registry.views import snapshots as snapshots
from tracker.registry.views import subjects as subjects
from tracker.registry.views.place import bp as bp
