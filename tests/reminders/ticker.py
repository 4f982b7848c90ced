"""What `flask --app tests.reminders.ticker tick` runs: the real application, on a clock that a test sets."""

import os
from pathlib import Path

from flask import Flask

from tracker.cli.groups import with_commands
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.settings import Settings
from tracker.web.app import create_app


def make_app() -> Flask:
    """Build the application and leave a file that tells the test we are about to begin."""
    app = with_commands(create_app(Settings.from_env(), FixedClock(office_moment(os.environ["TICK_AT"]))))
    Path(os.environ["TICK_BEGUN"]).touch()
    return app
