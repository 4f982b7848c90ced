"""The record's pages, for the auditor: read, filter, verify, export; nothing here writes."""

from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.audit.models import Event
from tracker.audit.policy import Word, heading, spoken
from tracker.audit.queries import Wanted, exported, head, newest_events, verify
from tracker.kit.plain_text import sought
from tracker.kit.routes import route
from tracker.kit.unit_of_work import Actor, UnitOfWork

bp = Blueprint("audit", __name__)
READ = "record:read"
MEGABYTE = 1024 * 1024


@route(bp, "/record", permission=READ)
def events(work: UnitOfWork[Actor]) -> ResponseReturnValue:
    """Show the record, newest first, as sentences."""
    wanted = _wanted()
    page = newest_events(work.session, wanted, request.args.get("before"))
    words = [(str(word), heading(word, _)) for word in Word]
    position, hash_ = head(work.session)
    return render_template(
        "audit/events.html",
        page=page,
        wanted=wanted,
        words=words,
        sentence=_sentence,
        position=position,
        hash=hash_,
        filters=_kept(),
    )


@route(bp, "/record/verify", permission=READ)
def verification(work: UnitOfWork[Actor]) -> ResponseReturnValue:
    """Recompute the whole chain and say whether it is unbroken."""
    verdict = verify(work.session)
    bad = work.session.get(Event, verdict.bad_event) if verdict.bad_event else None
    hash_ = head(work.session)[1]
    return render_template(
        "audit/verification.html", verdict=verdict, bad=bad, hash=hash_, moment=work.now, sentence=_sentence
    )


@route(bp, "/record/export", permission=READ)
def export(work: UnitOfWork[Actor]) -> ResponseReturnValue:
    """Send the events wanted as JSON lines, oldest first, with their hashes."""
    # Written to the end while the transaction is open, so that it is one moment's record; large ones go to disk.
    file: Any = SpooledTemporaryFile(max_size=8 * MEGABYTE)  # noqa: SIM115  (the answer closes it)
    for line in exported(work.session, _wanted()):
        file.write(line.encode())
    file.seek(0)
    name = f"record-{work.today.isoformat()}.jsonl"
    return send_file(file, mimetype="application/x-ndjson", as_attachment=True, download_name=name, etag=False)


def _wanted() -> Wanted:
    word = request.args.get("word", "")
    return Wanted(
        who=sought(request.args.get("who")),
        word=word if word in set(Word) else "",
        since=_day("since"),
        until=_day("until"),
        case=sought(request.args.get("case")),
    )


def _kept() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name in Wanted.__dataclass_fields__ and value}


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None


def _sentence(event: Event) -> str:
    return spoken(event.word, event.detail, _)
