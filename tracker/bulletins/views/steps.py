"""Next steps that ask some units for an answer, and the draft as a Word file."""

from dataclasses import replace
from io import BytesIO

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.bulletins import operations, queries
from tracker.bulletins.forms import DemandForm
from tracker.bulletins.policy.annexes import LEDGER
from tracker.bulletins.policy.binding import compose
from tracker.bulletins.policy.layout import RECIPIENT
from tracker.bulletins.queries.annexes import annexes
from tracker.bulletins.queries.ledger_annex import MOST_ROWS
from tracker.bulletins.views.drafts import ONE, READ, WRITE
from tracker.bulletins.views.place import bp
from tracker.documents.word import word
from tracker.files.names import label
from tracker.files.send import HARMLESS
from tracker.kit.errors import Refused, Stale
from tracker.kit.host import host
from tracker.kit.routes import route
from tracker.org.models import UnitKind
from tracker.org.policy import Work
from tracker.org.queries import units

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@route(bp, ONE + "/steps/<step_key>", permission=WRITE, methods=("GET", "POST"))
def demand(work: Work, bulletin_id: int, step_key: str) -> ResponseReturnValue:
    """Choose who must answer a requirement, and by which day."""
    found = queries.bulletin_by_id(work, bulletin_id)
    step = operations.step_of(found, step_key)
    form = DemandForm(request.form, due_on=operations.day_of(step), units=step.get("units", []), version=found.version)
    form.units.choices = [
        (unit.id, unit.name) for unit in work.session.scalars(units()) if unit.kind != UnitKind.OFFICE
    ]
    if request.method == "POST" and form.validate():
        try:
            operations.ask_for(work, found, step_key, form.due_on.data, form.units.data or [], form.version.data)
        except Stale:
            raise
        except Refused as error:
            form.put(error)
        else:
            flash(_("The text says so now.") if form.units.data else _("It asks for no answer of its own."), "success")
            return redirect(url_for("bulletins.bulletin", bulletin_id=found.id, _anchor=step_key))
    status = 422 if request.method == "POST" else 200
    return render_template("bulletins/demand.html", form=form, bulletin=found, step=step), status


@route(bp, ONE + "/bulletin.docx", permission=READ)
def docx(work: Work, bulletin_id: int) -> Response:
    """Download the present draft as an editable Word file; what is changed there does not come back here."""
    found, settings = queries.bulletin_by_id(work, bulletin_id), host().settings
    facts = queries.facts_of(work, found, settings.office_name)
    if facts.annexed.get(LEDGER, 0) > MOST_ROWS:
        facts = replace(facts, ledger=False)  # the file of the ledger holds all
    body = [line.number + compose(line.pieces, facts.shown) for line in queries.lines_of(found, facts)]
    content = {
        "type": "bulletin", "draft": True, "issuer": settings.office_name, "mark": "", "urgency": "", "number": "",
        "title": found.title, "recipient": RECIPIENT, "body": body, "annexes": annexes(work.session, facts, work.now),
        "contact": "", "signer_line": settings.office_name, "date": work.today.isoformat(), "copy_to": [],
        "printed_by": "", "printed_on": work.today.isoformat(), "verify_url": "",
    }  # fmt: skip
    name = label(f"{found.title}.docx", "docx")
    answer = send_file(
        BytesIO(word("bulletin", content)), mimetype=DOCX, as_attachment=True, download_name=name, etag=False
    )
    answer.headers.update(HARMLESS)
    return answer
