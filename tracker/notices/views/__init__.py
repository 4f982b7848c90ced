"""Pages of batches, notices and papers."""

from tracker.notices.views import batches, drafts, notices, papers, sign_off, verify
from tracker.notices.views.blueprint import bp

__all__ = ["batches", "bp", "drafts", "notices", "papers", "sign_off", "verify"]
