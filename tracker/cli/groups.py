"""Which commands `flask --app app` has."""

from flask import Flask

from tracker.almanac import commands as almanac
from tracker.assessment import commands as assessment
from tracker.audit import commands as audit
from tracker.bulletins import commands as bulletins
from tracker.cli import bench, care, serve
from tracker.cli.demo import commands as demo
from tracker.indicators import commands as indicators
from tracker.reminders import commands as reminders
from tracker.worker import commands as worker

ROOMS = (almanac, assessment, audit, bench, bulletins, care, demo, indicators, reminders, serve, worker)


def with_commands(app: Flask) -> Flask:
    """Return the application with every room's commands on it."""
    for room in ROOMS:
        for command in room.commands:
            app.cli.add_command(command)
    return app
