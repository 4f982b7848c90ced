"""Pages of batches, notices and papers."""

from tracker.notices.views import approval, batches, drafts, letters, notices, papers, sign_off, verify
from tracker.notices.views.blueprint import bp

__all__ = ["approval", "batches", "bp", "drafts", "letters", "notices", "papers", "sign_off", "verify"]
