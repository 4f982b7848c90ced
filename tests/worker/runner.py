"""What `flask --app tests.worker.runner:make_app worker` runs: the real application, which says when it begins."""

import os
from pathlib import Path

from flask import Flask

from tracker.cli.groups import with_commands
from tracker.web.app import create_app


def make_app() -> Flask:
    """Build the application and leave a file that tells the test we are about to begin."""
    app = with_commands(create_app())
    Path(os.environ["WORKER_BEGUN"]).touch()
    return app
