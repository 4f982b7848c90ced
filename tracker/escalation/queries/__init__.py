"""Reading: the ledger as cases, what is proposed now, accepted namings, and what each unit was asked."""

from tracker.escalation.queries.proposals import namings as namings
