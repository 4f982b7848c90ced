"""The migrations lead to what the models say, from nothing and from every landed form with rows in it."""

import re
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.migrations.conftest import Place
from tests.migrations.forms import form_of, straight
from tests.pages import PageClient
from tracker.audit.commands import record
from tracker.kit.db import db

DESKS = ("clerk", "director", "contact-a", "reviewer", "auditor")
NUMBERS = re.compile(r"/(\d+|[A-Z0-9]{16})(?=/|$)")
NOT_WALKED = re.compile(r"/files/|/export$|\.\w+$|/new$|^/(calendar|password|sessions|sign-out|indicators)")
"""Bytes, which the written-down office has not, and pages that show no row of its own."""


@pytest.fixture
def right(empty_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> set[str]:
    """The form that the models ask for, made in a database of its own."""
    if empty_url.startswith("sqlite"):
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'straight.db'}")
        return straight(engine, db.metadata)
    server = request.getfixturevalue("postgres")
    engine = sa.create_engine(server.fresh("template1"))
    try:
        return straight(engine, db.metadata)
    finally:
        engine.dispose()
        server.drop()
        server.count -= 1


def test_p14_an_upgraded_office_of_the_form_0002_keeps_its_rows(place: Place, right: set[str]) -> None:
    before, after = upgraded(place, "0002")

    assert sorted(form_of(place.engine) ^ right) == []
    assert changed(before, after) == ["delivery"]  # see letters()
    assert letters(after) == ([("contact-a", "sent"), ("reviewer", "sent")], ["contact-a", "contact-b"])
    assert [(row["state"], row["file_id"]) for row in after["scan_reading"]] == undecided_scans(before)


def test_p14_an_upgraded_office_of_the_newest_landed_form_keeps_its_rows_and_opens_its_pages(
    place: Place, right: set[str]
) -> None:
    before, after = upgraded(place, "0003")

    assert sorted(form_of(place.engine) ^ right) == []
    assert changed(before, after) == []
    verified = place.app.test_cli_runner().invoke(record, ["verify"])
    assert verified.output.startswith("whole: 69 events"), verified.output
    seen: set[str] = set()
    deep = place.engine.dialect.name == "sqlite"
    assert {login: failed for login in DESKS if (failed := pages_that_fail(place, login, seen, deep=deep))} == {}


Rows = dict[str, list[dict[str, object]]]


def upgraded(place: Place, form: str) -> tuple[Rows, Rows]:
    """Fill a landed form, bring it to the present one, and return the rows of both."""
    place.upgrade(form)
    place.load(form)
    before = place.rows()
    place.upgrade()
    return before, place.rows()


def changed(before: Rows, after: Rows) -> list[str]:
    """Name the tables whose old rows are not there as they were; new columns do not count."""
    found = []
    for table in before.keys() - {"alembic_version"}:
        kept = [{name: row.get(name) for name in before[table][0]} for row in after[table]] if before[table] else []
        found += [table] if kept != before[table] else []
    return sorted(found)


def letters(rows: Rows) -> tuple[object, object]:
    """Whose letter of the day is kept, in which state; and for whom a message waits for the next one."""
    logins = {person["id"]: person["login"] for person in rows["person"]}
    assert {row["day"] for row in rows["delivery"]} == {date(2021, 12, 28)}
    waiting = [logins[message["person_id"]] for message in rows["message"] if message["letter_day"] is None]
    return sorted((logins[row["person_id"]], row["state"]) for row in rows["delivery"]), sorted(waiting)


def undecided_scans(rows: Rows) -> list[tuple[str, object]]:
    """What is to be read: scans that were submitted before and that nobody has decided on."""
    found = [("waiting", row["scan_id"]) for row in rows["reply"] if row["scan_id"] and row["decision"] is None]
    assert len(found) == 1
    return found


def pages_that_fail(place: Place, login: str, seen: set[str], *, deep: bool) -> dict[str, int]:
    """Open somebody's home page and, walking deep, one page of each kind that links lead to and nobody saw before."""
    client = PageClient(place.app).sign_in(login)
    todo, failed = ["/"], {}
    while todo:
        page = client.get(todo.pop())
        if page.status != 200:
            failed[page.path] = page.status
        for path in re.findall(r'<a [^>]*href="(/[^"?#]*)"', page.text) if deep else ():
            kind = NUMBERS.sub("/*", path)
            if kind not in seen and not NOT_WALKED.search(path):
                seen.add(kind)
                todo.append(path)
        page.response.close()  # files that are only opened here are not read to their end
    return failed


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_p14_a_step_that_fails_changes_nothing(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.upgrade("0002")
    place.load("0002")
    with place.engine.connect() as connection:
        connection.connection.dbapi_connection.executescript(
            "PRAGMA foreign_keys = OFF; DELETE FROM unit WHERE id = 3; PRAGMA foreign_keys = ON;"
        )
    before = form_of(place.engine), place.rows()

    with pytest.raises(SystemExit):
        place.upgrade()

    assert "assignment → unit" in caplog.text
    assert (form_of(place.engine), place.rows()) == before
