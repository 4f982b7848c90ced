"""The record's pages: read, filter, verify, export; and the command that verifies."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import WorkAs
from tests.pages import H, Page, PageClient
from tracker.audit.commands import commands
from tracker.audit.models import Event
from tracker.audit.operations import record
from tracker.audit.policy import SENTENCES, Word, heading, spoken
from tracker.audit.queries import GENESIS, canonical, verify
from tracker.kit.clock import FixedClock
from tracker.org.models import Role

ClientOf = Callable[[str], PageClient]


@pytest.fixture
def auditor(app: Flask, client_of: ClientOf, work_as: WorkAs, clock: FixedClock) -> PageClient:
    """An auditor, and a record of a hundred and twenty events over four days."""
    with work_as() as work:
        factories.person(work, "auditor", Role.AUDITOR, name="审计员")
        factories.person(work, "clerk", Role.CLERK, name="经办员")
    for day in range(4):
        clock.moment += timedelta(days=1)
        with work_as() as work:
            for n in range(30):
                record(work, Word.UNIT_ADDED, case=f"batch:{day}", by="王某" if n % 2 else "李某", unit=f"第{n}单位")
    return client_of("auditor")


def positions(page: Page) -> list[int]:
    assert page.tree is not None
    rows = [n.get("id") or "" for n in page.tree.iter(f"{H}tr")]
    return [int(id_.removeprefix("event-")) for id_ in rows if id_.startswith("event-")]


def test_the_record_is_read_newest_first_page_by_page(auditor: PageClient) -> None:
    first = auditor.get("/record")
    assert positions(first) == list(range(121, 71, -1))
    assert positions(auditor.get("/record?before=72")) == list(range(71, 21, -1))
    assert positions(auditor.get("/record?before=22")) == list(range(21, 0, -1))
    assert positions(auditor.get("/record?before=nonsense")) == positions(first)
    assert "新增单位第29单位" in first.words


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ("who=李某&case=batch:1", 15),
        ("word=session:signed-in", 1),
        ("since=2021-12-30&until=2021-12-30", 30),
        ("since=2022-01-01", 31),
        ("case=batch:9", 0),
        ("who=%25", 0),
    ],
)
def test_filters_stand_in_the_address(auditor: PageClient, address: str, count: int) -> None:
    assert len(positions(auditor.get(f"/record?{address}"))) == count


@pytest.mark.parametrize("address", ["since=nonsense", "word=nonsense", "until=9999-12-31", "since=0001-01-01"])
def test_a_filter_that_cannot_be_read_narrows_nothing(auditor: PageClient, address: str) -> None:
    assert len(positions(auditor.get(f"/record?{address}"))) == 50


def test_every_word_has_a_sentence_that_never_fails() -> None:
    assert set(SENTENCES) == set(Word)
    for word in Word:
        assert "%" not in heading(word, str)
    assert spoken("future:word", {}, str) == "future:word"
    assert spoken(Word.ROLE_GRANTED, {"person": "100%", "role": "Clerk"}, str) == "granted 100% the role Clerk"


def test_a_whole_record_says_so(auditor: PageClient) -> None:
    page = auditor.get("/record/verify")
    assert "留痕完整" in page.words
    assert "121" in page.words


def tamper(app: Flask, *statements: str) -> None:
    engine = app.extensions["sqlalchemy"].engine
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            for name in names:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE event SET actor_name = 'x' WHERE id = 7", "第 7 条起不完整"),
        ("DELETE FROM event WHERE id = 7", "第 7 条起不完整"),
        ("DELETE FROM event WHERE id = 121", "第 121 条起不完整"),
        ("UPDATE event SET prev_hash = 'x' WHERE id = 9", "第 9 条起不完整"),
    ],
)
def test_whoever_changes_the_record_is_found(app: Flask, auditor: PageClient, statement: str, sentence: str) -> None:
    tamper(app, statement)
    assert sentence in auditor.get("/record/verify").words
    outcome = app.test_cli_runner().invoke(commands[0], ["verify"])
    assert outcome.exit_code == 1
    assert "BROKEN at event" in outcome.output


def test_the_command_accepts_a_whole_record(app: Flask, work_as: WorkAs) -> None:
    with work_as() as work:
        record(work, Word.DEMO_LOADED)
    outcome = app.test_cli_runner().invoke(commands[0], ["verify"])
    assert (outcome.exit_code, outcome.output.startswith("whole: 1 events")) == (0, True)


def exported(auditor: PageClient, url: str) -> list[str]:
    with auditor.http.get(url) as answer:
        return answer.get_data(as_text=True).splitlines()


def test_an_export_can_be_verified_by_anybody(auditor: PageClient) -> None:
    lines = [json.loads(line) for line in exported(auditor, "/record/export")]
    assert [line["id"] for line in lines] == list(range(1, 122))
    previous = GENESIS
    for line in lines:
        hash_, before = line.pop("hash"), line.pop("prev_hash")
        assert before == previous
        assert hash_ == hashlib.sha256((before + canonical(line)).encode()).hexdigest()
        previous = hash_
    assert len(exported(auditor, "/record/export?case=batch:2")) == 30


def test_only_the_auditor_reads_it_and_a_refused_try_is_recorded(
    client_of: ClientOf, auditor: PageClient, work_as: WorkAs
) -> None:
    clerk = client_of("clerk")
    assert [clerk.get(url).status for url in ("/record", "/record/verify", "/record/export")] == [404, 404, 404]
    with work_as(write=False) as work:
        told = work.session.scalars(sa.select(Event).where(Event.word == "access:refused").order_by(Event.id)).all()
        assert [(e.actor_name, e.detail["path"]) for e in told] == [
            ("经办员", "/record"),
            ("经办员", "/record/verify"),
            ("经办员", "/record/export"),
        ]
        assert verify(work.session).whole


def test_the_auditor_has_nothing_to_change(auditor: PageClient) -> None:
    for url in ("/record", "/record/verify"):
        assert {f.action.split("/")[1] for f in auditor.get(url).forms() if f.method == "post"} <= {
            "language",
            "keys",
            "sign-out",
        }
