"""One transaction: everything in it stands or falls together."""

import logging

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import WorkAs
from tracker.kit.db import UtcDateTime
from tracker.kit.errors import Stale
from tracker.org.models import Unit
from tracker.org.policy import Work


class Broken(Exception):
    pass


def names(work_as: WorkAs) -> list[str]:
    with work_as(write=False) as work:
        return list(work.session.scalars(sa.select(Unit.name).order_by(Unit.id)))


def test_what_was_done_is_stored_at_the_end(work_as: WorkAs) -> None:
    with work_as() as work:
        factories.unit(work, "甲")
    assert names(work_as) == ["甲"]


def test_an_error_undoes_everything_and_calls_nothing_afterwards(work_as: WorkAs) -> None:
    called: list[str] = []
    with pytest.raises(Broken), work_as() as work:
        factories.unit(work, "甲")
        work.at_commit(lambda: called.append("at"))
        work.after_commit(lambda: called.append("after"))
        raise Broken
    assert (names(work_as), called) == ([], [])


def test_a_reading_one_stores_nothing(work_as: WorkAs) -> None:
    with work_as(write=False) as work:
        factories.unit(work, "甲")
    assert names(work_as) == []


def test_acts_at_commit_are_part_of_the_transaction(work_as: WorkAs) -> None:
    def fail() -> None:
        raise Broken

    with pytest.raises(Broken), work_as() as work:
        factories.unit(work, "甲")
        work.at_commit(fail)
    assert names(work_as) == []


def test_a_failure_after_the_commit_is_logged_and_undoes_nothing(
    work_as: WorkAs, caplog: pytest.LogCaptureFixture
) -> None:
    called: list[str] = []

    def fail() -> None:
        raise Broken

    with caplog.at_level(logging.ERROR), work_as() as work:
        factories.unit(work, "甲")
        work.after_commit(fail)
        work.after_commit(lambda: called.append("second"))
    assert (names(work_as), called) == (["甲"], ["second"])
    assert ["an act after commit failed" in record.message for record in caplog.records] == [True]


def test_everything_in_it_happens_at_one_moment(work_as: WorkAs, clock: object) -> None:
    with work_as() as work:
        before = work.now
        clock.moment = work.now.replace(year=2030)  # type: ignore[attr-defined]
        assert (work.now, work.today.year) == (before, 2021)


def test_p09_a_row_that_somebody_else_changed_is_not_overwritten(app: Flask, work_as: WorkAs) -> None:
    with work_as() as work:
        factories.unit(work, "甲")
    with pytest.raises(Stale), work_as(write=False) as work:
        row = work.session.scalars(sa.select(Unit)).one()
        work.session.connection().execute(sa.text("UPDATE unit SET version = version + 1"))
        row.full_name = "我的"
        work.session.flush()


def test_a_moment_without_a_zone_is_refused(work: Work) -> None:
    column = UtcDateTime()
    with pytest.raises(ValueError, match="zone"):
        column.process_bind_param(work.now.replace(tzinfo=None), work.session.get_bind().dialect)


def test_sqlite_keeps_its_word(app: Flask, work: Work) -> None:
    if work.session.get_bind().dialect.name != "sqlite":
        return
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = {name: work.session.execute(sa.text(f"PRAGMA {name}")).scalar() for name in pragmas}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}
