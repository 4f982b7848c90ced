"""Units, people, roles, delegation, sign-in and the identity everything else asks.

Owns who exists, who may do what, and who is asking; knows no notice.
"""
