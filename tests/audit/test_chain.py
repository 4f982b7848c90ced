"""P5: whatever is altered, removed, put in or exchanged in the record is found, and the first bad event is named."""

import json
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection

from tests.conftest import WorkAs
from tracker.audit.models import ChainHead, Event
from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.audit.queries import digest, head, verify
from tracker.kit.clock import FixedClock
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM

LENGTH = 60


@pytest.fixture
def log(app: Flask, work_as: WorkAs) -> int:
    """A record of sixty events, written in transactions of one to three."""
    with work_as(write=False) as work:
        start = head(work.session)[0]
    written = 0
    while written < LENGTH - start:
        with work_as() as work:
            for _ in range(min(1 + written % 3, LENGTH - start - written)):
                written += 1
                record(work, Word.UNIT_ADDED, case=f"batch:{written}", unit=f"第{written}单位", rank=written)
    return LENGTH


def open_door(connection: Connection) -> None:
    """Take away the triggers, as somebody with the database's password could."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("DROP FUNCTION refuse_change() CASCADE"))
    else:
        for name in ("event_no_update", "event_no_delete"):
            connection.execute(sa.text(f"DROP TRIGGER {name}"))


def run(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(sa.text(statement), values)


def alter(connection: Connection, n: int) -> int:
    run(connection, "UPDATE event SET detail = :d WHERE id = :n", d=json.dumps({"unit": "别的"}), n=n)
    return n


def rename(connection: Connection, n: int) -> int:
    run(connection, "UPDATE event SET actor_name = '别人' WHERE id = :n", n=n)
    return n


def backdate(connection: Connection, n: int) -> int:
    run(connection, "UPDATE event SET at = :at WHERE id = :n", at="2021-12-01 00:00:00.000000+00:00", n=n)
    return n


def remove(connection: Connection, n: int) -> int:
    run(connection, "DELETE FROM event WHERE id = :n", n=n)
    return n


def swap(connection: Connection, n: int) -> int:
    other = n + 1 if n < LENGTH else 1
    for old, new in ((n, 0), (other, n), (0, other)):
        run(connection, "UPDATE event SET id = :new WHERE id = :old", old=old, new=new)
    return min(n, other)


def put_in(connection: Connection, n: int) -> int:
    for id_ in range(LENGTH, n - 1, -1):
        run(connection, "UPDATE event SET id = id + 1 WHERE id = :id", id=id_)
    copy_event(connection, n + 1, n)
    return n


def copy_event(connection: Connection, source: int, target: int) -> None:
    columns = 'at, actor_id, actor_name, address, word, subject_type, subject_id, "case", detail, prev_hash'
    statement = f"INSERT INTO event (id, hash, {columns}) SELECT :new, :hash, {columns} FROM event WHERE id = :old"
    run(connection, statement, new=target, hash=f"{target:064d}", old=source)


def cut(connection: Connection, n: int) -> int:
    run(connection, "DELETE FROM event WHERE id >= :n", n=n)
    return n


TAMPERINGS = (alter, rename, backdate, remove, swap, put_in, cut)


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_p05_every_tampering_is_found_and_names_the_first_bad_event(
    app: Flask, work_as: WorkAs, log: int, tamper: Callable[[Connection, int], int]
) -> None:
    found, expected = {}, {}
    with work_as() as work:
        connection = work.session.connection()
        open_door(connection)
        for n in range(1, log + 1):
            savepoint = connection.begin_nested()
            expected[n] = tamper(connection, n)
            work.session.expire_all()
            found[n] = verify(work.session).bad_event
            savepoint.rollback()
        work.session.expire_all()
        assert verify(work.session).whole
        work.session.rollback()
    assert found == expected
    print(f"{tamper.__name__}: {len(found)} of {log} found")


def test_p05_an_event_put_in_behind_the_newest_is_named_itself(work_as: WorkAs, log: int) -> None:
    with work_as() as work:
        forged = Event(
            id=log + 1, at=work.now, actor_name="", word="unit:added", subject_type="", subject_id=None, case=None,
            detail={}, address="", actor_id=None, prev_hash=head(work.session)[1],
        )  # fmt: skip
        forged.hash = digest(forged)
        work.session.add(forged)
        work.session.flush()
        verdict = verify(work.session)
        assert (verdict.bad_event, verdict.reason) == (log + 1, "it was put in behind the newest event")
        work.session.rollback()


def test_p05_a_newest_event_that_was_written_anew_is_found(work_as: WorkAs, log: int) -> None:
    with work_as() as work:
        open_door(work.session.connection())
        last = work.session.get_one(Event, log)
        last.detail = {"unit": "别的"}
        last.hash = digest(last)
        work.session.flush()
        assert verify(work.session).bad_event == log
        work.session.rollback()


@pytest.mark.parametrize("statement", ["UPDATE event SET detail = '{}' WHERE id = 3", "DELETE FROM event WHERE id = 3"])
def test_p05_the_database_itself_refuses_to_change_the_record(app: Flask, log: int, statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError), app.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_p05_nothing_is_recorded_of_what_did_not_happen(work_as: WorkAs, log: int) -> None:
    class Broken(Exception):
        pass

    with pytest.raises(Broken), work_as() as work:
        record(work, Word.UNIT_ADDED, unit="从未有过")
        raise Broken
    with work_as(write=False) as work:
        assert head(work.session)[0] == log
        assert verify(work.session).checked == log


def test_p05_many_writers_at_once_give_one_unbroken_chain(app: Flask, clock: FixedClock, work_as: WorkAs) -> None:
    writers, acts = 6, 5
    start = Barrier(writers)
    errors: list[Exception] = []

    def write(name: int) -> None:
        with app.app_context():
            start.wait()
            for n in range(acts):
                try:
                    with unit_of_work(SYSTEM, clock) as work:
                        for part in "一二":
                            record(work, Word.UNIT_ADDED, case=f"batch:{name}", unit=f"{n}{part}")
                except Exception as error:
                    errors.append(error)
            app.extensions["sqlalchemy"].session.remove()

    threads = [Thread(target=write, args=(name,)) for name in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with work_as(write=False) as work:
        verdict = verify(work.session)
        assert (verdict.whole, verdict.checked) == (True, writers * acts * 2)
        for name in range(writers):
            told = work.session.scalars(sa.select(Event).where(Event.case == f"batch:{name}").order_by(Event.id))
            assert [event.detail["unit"] for event in told] == [f"{n}{part}" for n in range(acts) for part in "一二"]
        assert work.session.get_one(ChainHead, 1).last_event == writers * acts * 2
