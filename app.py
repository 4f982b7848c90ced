"""The WSGI object: `flask --app app …`, and what a production server loads."""

from tracker.cli.groups import with_commands
from tracker.web.app import create_app

app = with_commands(create_app())
