"""The ground: what every room stands on and no word of the office's domain.

Owns database base, unit of work, lifecycle machinery, clock, paging, numbering, routes and form keys.
"""
