"""Opening self-inspections, answering them, taking over what units found."""

from tracker.selfcheck.operations.answering import Said, hand_in, save
from tracker.selfcheck.operations.opening import Opening, open_check
from tracker.selfcheck.operations.taking import take_over

__all__ = ["Opening", "Said", "hand_in", "open_check", "save", "take_over"]
