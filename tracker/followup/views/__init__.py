"""Pages of following up."""

from tracker.followup.views import again, terms
from tracker.followup.views.place import bp

__all__ = ["again", "bp", "terms"]
