"""Indicator sets (指标集): the rules of inspection as versioned data.

Each rule has its certainty; what is not found in a public source says 待核.
"""
