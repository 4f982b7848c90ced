"""Which commands `flask --app app` has."""

import importlib
from importlib.util import find_spec

from flask import Flask

ROOMS = (
    "tracker.audit.commands",
    "tracker.files.commands",
    "tracker.indicators.commands",
    "tracker.reminders.commands",
    "tracker.worker.commands",
    "tracker.cli.serve",
    "tracker.cli.demo.commands",
    "tracker.cli.accounts",
    "tracker.cli.papers",
    "tracker.cli.bench",
)


def with_commands(app: Flask) -> Flask:
    """Return the application with every room's commands on it."""
    for name in ROOMS:
        try:
            found = find_spec(name)
        except ModuleNotFoundError:
            found = None
        if found:
            for command in importlib.import_module(name).commands:
                app.cli.add_command(command)
    return app
