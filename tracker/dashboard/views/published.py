"""The list of public editions that wait for somebody."""

from flask import url_for
from flask_babel import gettext as _

from tracker.dashboard.queries import ROWS
from tracker.dashboard.views.parts import Entry, Section
from tracker.editions.models import PublicEdition
from tracker.editions.queries import waiting
from tracker.org.policy import Permission, Work, can


def public_editions(work: Work) -> Section:
    """Return the editions to release (a director who had no hand in them) or sent back (a clerk)."""
    found = waiting(work)
    phrase = _("%(n)s public editions to deal with", n=len(found))
    rows = [_entry(work, edition) for edition in found[:ROWS]]
    url = url_for("editions.editions")
    return Section(_("Public editions"), str(len(found)), rows, url, phrase=phrase, count=len(found))


def _entry(work: Work, edition: PublicEdition) -> Entry:
    action = _("Review and release") if can(work.actor, Permission.NOTICE_SIGN) else _("Go on with it")
    url = url_for("editions.edition", edition_id=edition.id)
    what = _("Public edition of %(number)s", number=edition.notice.number)
    return Entry(what=what, url=url, when=f"{edition.drafted_at:%m-%d}", action=str(action))
