"""Pages of self-inspections."""

from tracker.selfcheck.queries import known as known  # registers what a finding's page asks for
from tracker.selfcheck.views import office as office
from tracker.selfcheck.views import own as own
from tracker.selfcheck.views.place import bp as bp
