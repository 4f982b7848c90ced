"""识读效果: what the machine had said when reviewers decided, beside what they held. The office's own table."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.kit.errors import Missing
from tracker.kit.routes import route
from tracker.kit.words import N_
from tracker.org.policy import Permission, Work
from tracker.replies.queries import HELD, machine_counts, machine_rounds
from tracker.replies.views.blueprint import bp
from tracker.scans.levels import SEAL_NAMES, SIGNATURE_NAMES

UNREAD = N_("Not read when it was decided")
NAMES: dict[str, dict[str, str]] = {
    "seal": {level.value: name for level, name in SEAL_NAMES.items()} | {"": UNREAD},
    "signature": {level.value: name for level, name in SIGNATURE_NAMES.items()} | {"": UNREAD},
}
TITLES = {"seal": N_("Seal"), "signature": N_("Signature")}
OUTCOMES = {
    "seal": dict(zip(HELD, (N_("Seal ticked"), N_("Returned, reason names the seal"), N_("Neither")), strict=True)),
    "signature": dict(
        zip(HELD, (N_("Signature ticked"), N_("Returned, reason names the signature"), N_("Neither")), strict=True)
    ),
}


@route(bp, "/replies/machine", permission=Permission.REPLY_REVIEW)
def machine(work: Work) -> ResponseReturnValue:
    """Show both tables: the machine's level at the decision, and the reviewer's tick or reason."""
    counts = {what: machine_counts(work, what) for what in NAMES}
    return render_template("replies/machine.html", counts=counts, names=NAMES, titles=TITLES, outcomes=OUTCOMES)


@route(bp, "/replies/machine/rounds", permission=Permission.REPLY_REVIEW)
def machine_cell(work: Work) -> ResponseReturnValue:
    """List the rounds that one figure of the tables counts.

    :raises Missing: there is no such figure.
    """
    asked = request.args
    what, level, held = asked.get("what", "seal"), asked.get("level", ""), asked.get("held", HELD[0])
    if what not in NAMES or level not in NAMES[what] or held not in HELD:
        raise Missing("figure")
    return render_template(
        "replies/machine_cell.html",
        page=machine_rounds(work, what, level, held, asked.get("after")),
        level=NAMES[what][level],
        held=OUTCOMES[what][held],
        title=TITLES[what],
    )
