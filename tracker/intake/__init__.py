"""Intake: the streams beside inspections that the monthly bulletin counts.

It owns error reports (找错留言), change requests (网站更改需求单), publication figures and free lines of work.
"""
