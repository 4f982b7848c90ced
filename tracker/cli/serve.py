"""`flask serve`, which `make run` starts: migrations, the demonstration in an empty folder, worker, web server."""

import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

import click
import flask_migrate
import waitress
from flask import Flask, current_app
from flask.cli import with_appcontext

from tracker.audit.models import Event
from tracker.cli.demo.load import OPENING, demo_password, load
from tracker.kit.clock import ShiftedClock, office_moment, office_time
from tracker.kit.db import db
from tracker.kit.host import host
from tracker.org.queries import demo_people, person_count
from tracker.web.start import check_start

SERVER: dict[str, Any] = {
    "threads": 8,
    "connection_limit": 500,
    "channel_timeout": 30,
    "max_request_body_size": 62 * 1024 * 1024,
    "ident": None,
    "_quiet": True,
}
"""Of waitress; production puts a reverse proxy before gunicorn instead."""


@click.command()
@click.option(
    "--port", type=int, default=lambda: int(os.environ.get("PORT", "8000")), help="Port (PORT), 8000 by default."
)
@click.option("--bind", default="127.0.0.1", show_default=True, help="Address to listen on.")
@with_appcontext
def serve(port: int, bind: str) -> None:
    """Serve pages and run the worker; opens the demonstration in an empty data folder."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    began = time.monotonic()
    flask_migrate.upgrade()
    if person_count(db.session()) == 0 and not host().settings.production:
        click.echo("An empty data folder: loading the demonstration …")
        load(app)
    check_start(db.session())
    _open_clock(app)
    _must_be_free(bind, port)
    _greet(port, time.monotonic() - began)
    db.session.remove()
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "worker"])
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(0))
    try:
        waitress.serve(app, host=bind, port=port, **SERVER)
    finally:
        worker.terminate()
        worker.wait(timeout=20)


def _must_be_free(bind: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            reason = f"Port {port} is in use. Stop what uses it, or start with another one: PORT={port + 1} make run"
            raise click.ClickException(reason) from error


def _open_clock(app: Flask) -> None:
    """Set the demonstration's clock: where it was left, never before the newest event; the worker gets the same one."""
    if not demo_people(db.session()):
        return
    last = db.session.scalar(db.select(db.func.max(Event.at)))
    wanted = office_moment(host().settings.now) if host().settings.now else OPENING
    opening = max(wanted, last) if last else wanted
    since = datetime.now(UTC)
    os.environ["RECTIFY_NOW"], os.environ["RECTIFY_NOW_SINCE"] = opening.isoformat(), since.isoformat()
    app.extensions["rectify"].clock = ShiftedClock.opening_at(opening, since)


def _greet(port: int, seconds: float) -> None:
    click.echo(f"整改通 (Rectify) is ready after {seconds:.1f} s: http://127.0.0.1:{port}")
    if demo_people(db.session()):
        now = office_time(host().clock.now())
        click.echo(f"Demonstration, its clock shows {now:%Y-%m-%d %H:%M}. People are listed on the sign-in page.")
        click.echo(f"Password of every demo account: {demo_password()}")
    click.echo("Stop with Ctrl+C.")


commands = [serve]
