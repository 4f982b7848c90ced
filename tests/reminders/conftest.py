"""A mail server for the tests that need one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from tests.reminders.cases import Sink, mail_server


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A real SMTP server that the application sends through."""
    with mail_server() as sink:
        app.extensions["rectify"].settings = replace(app.extensions["rectify"].settings, smtp_url=sink.url)
        yield sink
