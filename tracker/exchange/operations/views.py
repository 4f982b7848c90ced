"""Keeping a person's views of the ledger."""

from urllib.parse import parse_qsl, urlencode

from sqlalchemy import select

from tracker.exchange.models import SavedView
from tracker.kit.errors import Invalid
from tracker.kit.words import N_
from tracker.org.policy import Work

NAMES = (
    "unit", "kind", "level", "indicator", "subject", "period", "rectified", "reported", "from", "until", "number", "q",
)  # fmt: skip
"""What a view may hold: the ledger's filters as the address names them."""
LONGEST, ADDRESS, MOST = 40, 1000, 30


def save_view(work: Work, name: str, address: str) -> SavedView:
    """Keep filters under a name of the person's own; the same name again replaces them.

    :raises Invalid: no name, a long one, no filter, or too many views.
    """
    name = name.strip()
    if not name or len(name) > LONGEST:
        raise Invalid({"name": N_("Give the view a name of at most 40 characters.")})
    kept = urlencode([(key, value) for key, value in parse_qsl(address) if key in NAMES and value])
    if not kept or len(kept) > ADDRESS:
        raise Invalid({"name": N_("Narrow the ledger by at least one filter first; a view keeps the filters.")})
    own = SavedView.person_id == work.actor.person_id
    view = work.session.scalar(select(SavedView).where(own, SavedView.name == name))
    if view is None:
        if len(work.session.scalars(select(SavedView.id).where(own)).all()) >= MOST:
            raise Invalid({"name": N_("You keep 30 views already. Remove one first.")})
        view = SavedView(person_id=work.actor.person_id, name=name)
        work.session.add(view)
    view.address, view.saved_at = kept, work.now
    work.session.flush()
    return view


def drop_view(work: Work, view: SavedView) -> None:
    """Remove a view; nothing of the ledger changes."""
    work.session.delete(view)
    work.session.flush()
