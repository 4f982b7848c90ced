"""Following up (回头看、复发): closed problems looked at again, and problems that were told before and came back.

Nothing here reopens a matter by itself: what is due is derived at each look, what was seen is written by a person.
"""
