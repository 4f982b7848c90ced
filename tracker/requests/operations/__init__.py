"""Asking, agreeing, recommending, deciding: each in one transaction with its line in the record."""
