"""What the shell lends to every room: settings, clock, and who is asking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app

from tracker.kit.clock import Clock
from tracker.kit.settings import Settings


@dataclass
class Host:
    """The application as the rooms see it."""

    settings: Settings
    clock: Clock
    current_actor: Callable[[], Any]
    """Return who is asking (a visitor when nobody is signed in)."""
    signed_in: Callable[[Any], bool]
    may: Callable[[Any, str], bool]
    """Tell whether somebody's roles grant a permission."""
    session_mark: Callable[[], str]
    """Return a text that differs between sessions; form keys are bound to it."""


def host() -> Host:
    """Return the host of the running application."""
    found: Host = current_app.extensions["rectify"]
    return found
