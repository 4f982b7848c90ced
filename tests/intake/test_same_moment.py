"""Two clerks in the same instant: who comes second is told so, and nothing of it is stored."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import worlds
from tests.conftest import WorkAs
from tests.databases import PostgresServer
from tests.pages import Page
from tests.reminders.cases import in_own_context
from tracker.intake.models import ChangeRequest

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def database_url(postgres: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database: SQLite lets one writer in at a time anyway."""
    yield postgres.fresh()
    postgres.drop()


def test_p09_an_equal_number_in_the_same_instant_is_refused_in_words(app: Flask, work_as: WorkAs, client_of) -> None:
    with work_as() as work:
        unit, _other = worlds.people(work)
        unit_id = unit.id
    client = client_of("clerk")
    form = client.get("/intake/changes/new").form("/intake/changes/new")
    typed = form.values | {"number": "G1", "unit_id": str(unit_id), "text": "调整栏目", "asked_on": "2021-12-20"}

    def second() -> Page:
        return in_own_context(app, lambda: client.post(form.action, typed))

    with ThreadPoolExecutor(1) as pool:
        with work_as() as first:
            row = ChangeRequest(number="G1", asked_on=first.today, unit_id=unit_id, text="先到", entered_at=first.now)
            first.session.add(row)
            first.session.flush()
            answer = pool.submit(second)
            until = time.monotonic() + 20
            while first.session.scalar(sa.text(WAITING)) == 0 and time.monotonic() < until:
                time.sleep(0.02)
        page = answer.result()

    assert (page.status, "同一时刻已有其他人员录入相同内容" in page.words) == (409, True)
    with work_as(write=False) as work:
        assert work.session.scalars(sa.select(ChangeRequest.text)).all() == ["先到"]
