"""Working days and deadlines: which days the office works, when a deadline ends, how much is left of it and why.

Pure Python and data: no database, no page. Nothing here is stored; every standing is derived at the moment of asking.
"""
