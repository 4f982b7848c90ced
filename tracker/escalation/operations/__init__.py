"""Storing the morning's proposals, deciding on them, setting the terms."""
