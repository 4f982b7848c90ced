"""Tests; their paths mirror tracker/."""
