"""Noting what a re-inspection saw, and setting the office's days for it."""
