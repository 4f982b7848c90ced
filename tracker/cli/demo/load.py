"""Loading the demonstration, once, into an empty database."""

import os
import secrets
from pathlib import Path

import yaml
from flask import Flask

from tracker.cli.demo.assessed import assess
from tracker.cli.demo.checks import check_themselves
from tracker.cli.demo.drafted import draft_bulletin
from tracker.cli.demo.earlier import enter_earlier
from tracker.cli.demo.editions import publish
from tracker.cli.demo.monitored import monitor_january
from tracker.cli.demo.people import fill
from tracker.cli.demo.stage import Stage
from tracker.cli.demo.story import tell
from tracker.cli.demo.streams import flow_in
from tracker.kit.clock import FixedClock, office_moment
from tracker.kit.db import db
from tracker.kit.host import host
from tracker.org.queries import person_count
from tracker.web.start import NotFit

OPENING = office_moment("2021-12-28T16:30")
DATA = Path(__file__).parent / "data.yaml"


def demo_password() -> str:
    """Return the demo accounts' password: DEMO_PASSWORD of the first start, or one made then; kept ever since."""
    kept = host().settings.data / "demo-password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(os.environ.get("DEMO_PASSWORD") or "demo-" + secrets.token_urlsafe(6))
    return kept.read_text()


def load(app: Flask) -> None:
    """Fill an empty database with the office of 2021-12-28, act by act, each in its own transaction.

    :raises NotFit: the database is not empty, or this is a production installation.
    """
    if host().settings.production:
        raise NotFit("A production installation takes no demonstration.")
    if person_count(db.session()):
        raise NotFit("This database is in use; the demonstration goes into an empty data folder only.")
    shell = app.extensions["rectify"]
    real, shell.clock = shell.clock, FixedClock(OPENING)
    try:
        stage = Stage(shell.clock, yaml.safe_load(DATA.read_text()))
        fill(stage, demo_password())
        enter_earlier(stage)
        tell(stage)
        flow_in(stage)
        draft_bulletin(stage)
        assess(stage)
        monitor_january(stage)
        check_themselves(stage)
        publish(stage)
    finally:
        shell.clock = real
