"""Bulletins (通报): their figures, their text, and the arithmetic that proves them.

The linter reads any bulletin's text, also one that was written elsewhere; it needs no ledger.
"""
