"""Editing the text: figures stay bound while the words around them change."""

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.bulletins.models import Bulletin
from tracker.bulletins.operations.draft import require_open
from tracker.bulletins.policy.binding import compose, rebind, stored
from tracker.bulletins.policy.facts import Facts
from tracker.bulletins.policy.layout import Line
from tracker.bulletins.policy.wording import Role
from tracker.kit.errors import Invalid
from tracker.kit.plain_text import clean
from tracker.kit.words import N_
from tracker.org.policy import Work

LONGEST, LONGEST_REASON = 4000, 1000
EMPTY = N_("Write the paragraph, or take it out of the bulletin.")
TOO_LONG = N_("A paragraph holds at most %(most)s characters; this one has %(has)s.")
REASON_TOO_LONG = N_("A reason has at most 1,000 characters.")
NO_REASON = N_("Say why this is right all the same; the director reads it before signing.")


def change_line(work: Work, bulletin: Bulletin, line: Line, text: str, facts: Facts, seen_version: int) -> None:
    """Store the edited words of a paragraph; figures that were left alone go on following the ledger.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed the bulletin meanwhile.
    :raises Invalid: nothing was written, or too much.
    """
    require_open(bulletin, seen_version)
    plain = " ".join(text.split())
    _require_fit(plain)
    if plain == compose(line.pieces, facts.shown):
        return
    edit = {**bulletin.edits.get(line.key, {}), "pieces": stored(rebind(line.pieces, facts.shown, plain))}
    _store(work, bulletin, line.key, edit)


def add_line(work: Work, bulletin: Bulletin, after: Line, role: Role, text: str, seen_version: int) -> str:
    """Add a paragraph after another; return its key.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed the bulletin meanwhile.
    :raises Invalid: nothing was written, or too much.
    """
    require_open(bulletin, seen_version)
    plain = " ".join(text.split())
    _require_fit(plain)
    taken = [int(key.removeprefix("added-")) for key in bulletin.edits if key.startswith("added-")]
    key = f"added-{max(taken, default=0) + 1}"
    _store(work, bulletin, key, {"pieces": [plain], "role": str(role), "after": after.key})
    return key


def drop_line(work: Work, bulletin: Bulletin, line: Line, seen_version: int) -> None:
    """Take a paragraph out; one that the ledger writes can be put back by `restore_line`.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed the bulletin meanwhile.
    """
    require_open(bulletin, seen_version)
    _store(work, bulletin, line.key, None if line.source is None else {"dropped": True})


def restore_line(work: Work, bulletin: Bulletin, key: str, seen_version: int) -> None:
    """Let the ledger write a paragraph again, as if nobody had touched it.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed the bulletin meanwhile.
    """
    require_open(bulletin, seen_version)
    _store(work, bulletin, key, None)


def explain_flag(work: Work, bulletin: Bulletin, flag_key: str, reason: str, seen_version: int) -> None:
    """Note why a flag of the checker stands all the same, and record it.

    :raises Refused: it was handed in.
    :raises Stale: somebody changed the bulletin meanwhile.
    :raises Invalid: no reason is given, or a very long one.
    """
    require_open(bulletin, seen_version)
    reason = clean(reason)
    if not reason:
        raise Invalid({"reason": NO_REASON})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": REASON_TOO_LONG})
    bulletin.reasons = {**bulletin.reasons, flag_key: reason}
    work.session.flush()
    record(work, Word.BULLETIN_EXPLAINED, bulletin, bulletin=bulletin.title, flag=flag_key, reason=reason)


def _require_fit(plain: str) -> None:
    if not plain:
        raise Invalid({"text": EMPTY})
    if len(plain) > LONGEST:
        raise Invalid({"text": TOO_LONG}, most=LONGEST, has=len(plain))


def _store(work: Work, bulletin: Bulletin, key: str, edit: dict[str, object] | None) -> None:
    rest = {name: value for name, value in bulletin.edits.items() if name != key}
    bulletin.edits = rest if edit is None else {**rest, key: edit}
    work.session.flush()
    record(work, Word.BULLETIN_CHANGED, bulletin, bulletin=bulletin.title, line=key)
