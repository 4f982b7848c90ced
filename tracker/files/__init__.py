"""Files that people hand in: the gate that looks at them, the store that never loses or changes them, their previews.

Owns the table `stored_file`. Knows no notice and no unit: who may see a file is decided by the room that asks.
"""
