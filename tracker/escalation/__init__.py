"""Escalation and burden: what the system proposes against overdue answers, what a person decided, what units are asked.

It proposes with the facts beside; a person decides; nothing here ranks units. Letters go the way of every notice.
"""
