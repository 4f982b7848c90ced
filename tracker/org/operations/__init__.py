"""What may be done to people, roles, delegations and sessions."""
