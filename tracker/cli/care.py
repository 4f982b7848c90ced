"""Commands that look after an installation: the first accounts, papers, files."""

import faulthandler
import json
import os
import resource
import tempfile
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.documents.measure import Unreadable
from tracker.documents.operations import newest
from tracker.documents.selfcheck import report
from tracker.files.fsck import check_files
from tracker.files.place import originals
from tracker.kit.db import db
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.notices.models import Notice
from tracker.org.models import Person, Role, RoleGrant, Unit, UnitKind
from tracker.org.operations.people import first_password
from tracker.org.operations.sign_in import HASHER
from tracker.org.policy import SYSTEM, Work
from tracker.org.queries import person_count

ADMINS = {"sysadmin": Role.SYSTEM_ADMIN, "secadmin": Role.SECURITY_ADMIN, "auditor": Role.AUDITOR}
MEMORY, SECONDS = 1 << 30, 60
"""What measuring one PDF may take."""
BEYOND = "The PDF needs more memory or time than a paper does; it is damaged, or built to harm. It was not measured."
people = AppGroup("people", help="Accounts.")
paper = AppGroup("paper", help="Papers.")


@people.command("first")
def first_command() -> None:
    """Make the three administrators of an empty installation; their first passwords are shown once, here."""
    with unit_of_work(SYSTEM, host().clock) as work:
        if person_count(work.session):
            raise click.ClickException("There are accounts already; add further ones on the page of accounts.")
        office = Unit(code="office", name="市政府办公室", full_name=host().settings.office_name, kind=UnitKind.OFFICE)
        work.session.add(office)
        work.session.flush()
        for login, role in ADMINS.items():
            click.echo(f"{login}: {_admin(work, office, login, role)}")
    click.echo("Each of them changes the password at the first sign-in. Nobody can see these passwords again.")


def _admin(work: Work, office: Unit, login: str, role: Role) -> str:
    password = first_password()
    person = Person(
        login=login, name=login, unit_id=office.id, password_hash=HASHER.hash(password), created_at=work.now
    )
    work.session.add(person)
    work.session.flush()
    work.session.add(RoleGrant(person_id=person.id, role=role, granted_at=work.now))
    record(work, Word.PERSON_ADDED, person, person=login)
    record(work, Word.ROLE_GRANTED, person, person=login, role=str(role))
    return password


@paper.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_command(file: Path) -> None:
    """Measure any PDF against the points of GB/T 9704-2012 and print what was found as JSON.

    Exit code: 0 when every point that applies holds, 1 when one fails, 2 when the file cannot be measured ("error" says
    why). "form" is the format that the paper says it has: without one (any PDF that is not ours) only what holds for
    all official papers is asked.
    """
    found = {"file": file.name, **_measured(file.read_bytes())}
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    raise SystemExit(2 if "error" in found else 0 if found["ok"] else 1)


def _measured(pdf: bytes) -> dict[str, Any]:
    """Measure in a child with limits: the file may be one that was built to take all memory there is."""
    with tempfile.TemporaryFile("w+") as answer:
        child = os.fork()
        if child == 0:
            _measure_and_leave(pdf, answer)
        _child, status = os.waitpid(child, 0)
        answer.seek(0)
        found: dict[str, Any] = json.load(answer) if status == 0 else {"ok": False, "error": BEYOND}
    return found


def _measure_and_leave(pdf: bytes, answer: TextIO) -> NoReturn:
    try:
        faulthandler.disable()  # how it ends is said by the parent, in one sentence
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        had = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        for limit, most in (
            (resource.RLIMIT_AS, had + MEMORY),
            (resource.RLIMIT_CPU, SECONDS),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(limit, (most, most))
        try:
            found = report(pdf)
        except Unreadable as reason:
            found = {"ok": False, "error": str(reason)}
        json.dump(found, answer)
        answer.flush()
        os._exit(0)
    finally:
        os._exit(1)


@paper.command("render")
@click.argument("number")
@click.option("-o", "output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def render_command(number: str, output: Path) -> None:
    """Write the stored paper of an issued notice to a file; it is never rendered again."""
    notice = db.session.scalar(select(Notice).where(Notice.number == number))
    stored = newest(db.session(), "notice", notice.id, "official") if notice else None
    if stored is None or stored.sha256 is None:
        raise click.ClickException(f"No stored paper has the number {number}.")
    with originals().open(stored.sha256) as file:
        output.write_bytes(file.read())
    click.echo(f"{output}: SHA-256 {stored.sha256}")


@click.command()
@with_appcontext
def fsck() -> None:
    """Read every stored file and list what is missing, altered, or without a row; exit 1 on the first two."""
    found = check_files(db.session(), originals(), host().clock.now())
    click.echo(f"{found.checked} files checked")
    for name in ("missing", "wrong", "orphan"):
        for sha256 in getattr(found, name):
            click.echo(f"{name}: {sha256}")
    raise SystemExit(0 if found.sound else 1)


commands = [people, paper, fsck]
