"""Pages of bulletins."""

from tracker.bulletins.views import drafts as drafts
from tracker.bulletins.views.place import bp as bp
