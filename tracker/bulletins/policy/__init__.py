"""What a bulletin must get right, as pure functions over its text."""

from tracker.bulletins.policy.flags import Flag
from tracker.bulletins.policy.lint import lint

__all__ = ["Flag", "lint"]
