"""Ledger: the rows of the 整改台账, one for each finding, with the notice, assignment and reply that deal with it now.

It owns the ledger's columns, cells, filters and search; pages, files and the bulletin's annex show its rows.
"""
