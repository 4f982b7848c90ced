"""Inspections and findings (检查、问题): what was checked, and what was found where, with its evidence."""
