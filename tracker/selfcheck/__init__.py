"""Self-inspection (自查): what the office asks its units to check themselves, and what they answer.

What a unit finds itself is marked so and becomes a finding only when the office takes it over.
"""
