"""`flask worker`: the background process."""

import logging
import os
import threading

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from tracker.documents.preflight import Complaint, check, note, told
from tracker.documents.render import RenderFailed, close
from tracker.kit.host import host
from tracker.kit.queue import HANDLERS, queue
from tracker.worker.duties import handlers, sweep

STARTS = "python -m tracker.documents.child"
"""Run by hand, it says why it does not start."""
SWEEP_EVERY = 10.0
"""Seconds between two sweeps; the queue's calls arrive at once, so this only bounds what a lost call costs."""


@click.command()
@click.option("--threads", default=os.cpu_count() or 2, show_default=True, help="How many jobs run at once.")
@with_appcontext
def worker(threads: int) -> None:
    """Print papers, send messages, remind: until it is stopped."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    HANDLERS.update(handlers(app))
    stopping = threading.Event()
    threading.Thread(target=_sweep_until, args=(app, stopping), daemon=True).start()
    try:
        queue(host().settings).create_consumer(workers=threads, periodic=False, initial_delay=0.05, max_delay=0.5).run()
    finally:
        stopping.set()
        close()


def _look_ahead(app: Flask) -> None:
    """Say once what papers lack here, with the command that mends it; the product runs on all the same.

    Said in the terminal (`serve` shows it too, the worker being its child) and noted for /readyz and the home page.
    """
    try:
        complaints = check()
    except RenderFailed as failure:
        complaints = [Complaint(failure.reason, STARTS, fatal=True, params=failure.params)]
    note(app.extensions["rectify"].settings.data, complaints)
    if complaints:
        click.echo(told(complaints), err=True)


def _sweep_until(app: Flask, stopping: threading.Event) -> None:
    _look_ahead(app)
    while True:
        sweep(app)
        if stopping.wait(SWEEP_EVERY):
            return


commands = [worker]
