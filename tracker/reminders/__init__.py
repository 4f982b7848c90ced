"""Telling people: messages derived from the record, the reminder ladder, and deliveries over channels."""
