"""工作日历: the office's own table of days, its editions, and the deadlines it usually sets.

`calendar(session)` is the one calendar of every room; how days are counted is in tracker/workdays.
"""
