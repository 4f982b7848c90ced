"""Pages of bulletins."""

from tracker.bulletins.views import counted as counted
from tracker.bulletins.views import data as data
from tracker.bulletins.views import drafts as drafts
from tracker.bulletins.views import issued as issued
from tracker.bulletins.views import rows as rows
from tracker.bulletins.views import steps as steps
from tracker.bulletins.views.place import bp as bp
