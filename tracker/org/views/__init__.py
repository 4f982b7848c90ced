"""Pages: signing in and the own account; units and accounts; roles; delegations."""
