"""Electronic signatures and seals on files that come in: are they whole, whose are they, may that one be trusted.

Verifies only; nothing is signed here. Knows no unit: whether a certificate is the right unit's is decided above, from
the list in `org`. Files are opened in a child process (`child.ask`).
"""
