"""Pages of the registry."""

from tracker.registry.views import subjects as subjects
from tracker.registry.views.place import bp as bp
