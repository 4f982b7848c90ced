"""A start that mixes the demonstration with real work is refused with a sentence."""

from dataclasses import replace

import pytest

from tests import factories as f
from tests.conftest import WorkAs
from tracker.kit.settings import Settings
from tracker.web.app import create_app
from tracker.web.start import NotFit


def test_production_refuses_demo_accounts(work_as: WorkAs, settings: Settings) -> None:
    with work_as() as work:
        f.person(work, "clerk", demo=True)
    with pytest.raises(NotFit, match="demo accounts"):
        create_app(replace(settings, production=True))


def test_real_work_refuses_a_moved_clock(work_as: WorkAs, settings: Settings) -> None:
    with work_as() as work:
        f.person(work, "clerk")
    with pytest.raises(NotFit, match="moves the clock"):
        create_app(replace(settings, now="2021-12-28T16:30"))
    with pytest.raises(NotFit, match="for the demonstration only"):
        create_app(replace(settings, now="2021-12-28T16:30", production=True))


def test_real_work_starts_in_production(work_as: WorkAs, settings: Settings) -> None:
    with work_as() as work:
        f.person(work, "clerk")
    app = create_app(replace(settings, production=True))
    assert app.extensions["rectify"].settings.production
