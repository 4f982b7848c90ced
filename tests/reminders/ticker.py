"""Processes that run `flask tick`, on a clock that a test sets.

Started once (`python -m tests.reminders.ticker`), it forks a process for every line it reads ("<moment> <file to touch
when work begins>"), says its number, and when it ended says how. So fifty can be killed without importing fifty times.
"""

import os
import sys
from pathlib import Path

from flask import Flask

from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.settings import Settings
from tracker.reminders.commands import tick
from tracker.web.app import create_app


def make_app(moment: str) -> Flask:
    """Build the application with the command on it."""
    app = create_app(Settings.from_env(), FixedClock(office_moment(moment)))
    app.cli.add_command(tick)
    return app


def run(moment: str, begun: str) -> None:
    """Be `flask tick`, and never return."""
    status = 1
    try:
        app = make_app(moment)
        Path(begun).touch()
        result = app.test_cli_runner().invoke(args=["tick"])
        print(result.output, result.exc_info, file=sys.stderr)
        status = result.exit_code
    finally:
        os._exit(status)


def main() -> None:
    """Fork one process per line."""
    create_app(
        Settings.from_env(), FixedClock(office_moment("2022-01-07"))
    )  # everything is imported before the first fork
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            run(*line.split())
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


if __name__ == "__main__":
    main()
