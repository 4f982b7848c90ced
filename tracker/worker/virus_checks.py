"""Files that came in while the virus scanner was down: asked for again until it answers."""

from sqlalchemy import select, update

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.files.antivirus import Down, is_up, virus_in
from tracker.files.models import StoredFile, VirusCheck
from tracker.files.place import originals
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM, Work

TOPIC = "virus-check"
AT_ONCE = 50
"""Files of one sweep, so that papers and messages are not kept waiting."""


def due_checks() -> list[int]:
    """Return the ids of files that wait, oldest first; none while the scanner does not answer."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        waiting = select(StoredFile.id).where(StoredFile.virus_check == VirusCheck.WAITING)
        found = list(work.session.scalars(waiting.order_by(StoredFile.id).limit(AT_ONCE)))
    return found if found and is_up(host().settings.clamd_url) else []


def check_file(file_id: int) -> None:
    """Ask the scanner about one waiting file and note what it says; safe to run twice.

    Order of effects: asked outside any transaction, state, record where a virus was found.
    """
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        stored = work.session.get(StoredFile, file_id)
        sha256 = stored.sha256 if stored and stored.virus_check == VirusCheck.WAITING else None
    if sha256 is None:
        return
    try:
        with originals().open(sha256) as file:
            virus = virus_in(file, host().settings.clamd_url)
    except Down:
        return
    with unit_of_work(SYSTEM, host().clock) as work:
        _note(work, file_id, virus)


def _note(work: Work, file_id: int, virus: str) -> None:
    state = VirusCheck.INFECTED if virus else VirusCheck.CLEAN
    waiting = update(StoredFile).where(StoredFile.id == file_id, StoredFile.virus_check == VirusCheck.WAITING)
    noted: int = work.session.execute(waiting.values(virus_check=state)).rowcount  # type: ignore[attr-defined]
    if noted and virus:
        stored = work.session.get_one(StoredFile, file_id)
        record(work, Word.FILE_INFECTED, stored, name=stored.name, sha256=stored.sha256, virus=virus)
