"""Saved views, and the ledger as files."""
