"""Pages of escalation and of the burden on units."""

from tracker.escalation.queries import earlier  # noqa: F401  (registers its advice on drafts)
from tracker.escalation.views import burden, proposals, terms  # noqa: F401
from tracker.escalation.views.blueprint import bp as bp
