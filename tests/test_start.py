"""The application starts, answers, and guards its routes."""

import pytest
from flask import Flask

from tests.pages import PageClient
from tracker.kit.routes import check_routes


def test_healthz_answers(visitor: PageClient) -> None:
    """Monitoring needs no account."""
    assert visitor.get("/healthz").response.json == {"status": "ok"}
    assert visitor.get("/readyz").response.json == {"status": "ready"}


def test_a_route_without_permission_stops_the_start(app: Flask) -> None:
    """Default deny: a naked route is named and the application does not start."""
    app.view_functions["naked"] = lambda: ""
    with pytest.raises(RuntimeError, match="naked"):
        check_routes(app, frozenset({"static", "bootstrap.static"}))
