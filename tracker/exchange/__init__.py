"""Exchange: the ledger of rectification (整改台账) as a page and as files for other programs.

It owns the ledger's columns and filters, and each person's saved views of it; its rows are those of the rooms below.
"""
