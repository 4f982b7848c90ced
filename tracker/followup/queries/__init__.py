"""What is due to be looked at again, what was seen, and what was told before."""

from tracker.followup.queries import known as known  # registers what the rooms below ask for
from tracker.followup.queries.told import recurrences as recurrences
