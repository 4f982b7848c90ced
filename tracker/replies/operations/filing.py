"""Filing an upload by the codes on its pages: what is said of it, what blocks it, and which pages a unit never sees."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.files.models import StoredFile
from tracker.kit.words import N_
from tracker.notices.models import Assignment
from tracker.org.policy import Work
from tracker.replies.models import ReadingState, Reply, ScanReading
from tracker.replies.policy import Gap
from tracker.scans.filing import Filed, sort_pages
from tracker.scans.read import PageReading

FOREIGN = N_("Page %(pages)s holds another unit's reply sheet. Split the scan and upload your own pages only.")
ELSEWHERE = N_(
    "Page %(pages)s is the reply sheet of %(number)s. Split the scan and upload each sheet to its own notice."
)
MISSING = N_("Page %(pages)s of the sheet is missing; it has %(of)s pages.")
OUTDATED = N_("Page %(pages)s is of version %(version)s of the sheet; the one in force is version %(now)s.")
DOUBLE = N_("Page %(pages)s of the sheet is there more than once; the later one counts.")
UNCODED = N_("Page %(pages)s carries no code of a reply sheet; it is taken because it was uploaded here.")
UNREADABLE = N_("Page %(pages)s could not be read by the machine. Look at it yourself.")
COMPLETE = N_("All %(of)s pages of the sheet are there.")
READING = N_("The pages are being read.")


@dataclass(frozen=True)
class Remark:
    """One thing to say of a scan: "block" keeps it from being submitted, "warning" asks to look, "passed" is well."""

    state: str
    msgid: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Filing:
    """A scan as seen from the assignment it was uploaded to."""

    reading: ScanReading | None = None
    filed: Filed = field(default_factory=Filed)
    foreign: tuple[int, ...] = ()
    """Physical pages with another unit's code: no person of this unit ever sees them."""
    elsewhere: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Physical pages by the number of another notice to this same unit."""
    version: int = 1

    @property
    def pending(self) -> bool:
        """Tell whether pages are still to be read."""
        return self.reading is not None and self.reading.state in (ReadingState.WAITING, ReadingState.READING)

    def turn(self, page: int) -> int:
        """Return by how many degrees clockwise a page is to be shown turned."""
        found = [each for each in self._pages if each["n"] == page]
        return int(found[0]["turn"]) if found else 0

    def withheld(self, page: int | None = None) -> bool:
        """Tell whether a page (or the file as a whole) is not for the unit's eyes: another's, or not yet read."""
        return self.pending or (page in self.foreign if page is not None else bool(self.foreign))

    @property
    def _pages(self) -> list[PageReading]:
        return self.reading.pages if self.reading is not None else []


def file_scan(work: Work, assignment: Assignment, stored: StoredFile, version: int) -> Filing:
    """Return what is known of a scan of this assignment, whose sheet in force is of that version (the round)."""
    reading = work.session.scalar(select(ScanReading).where(ScanReading.file_id == stored.id))
    if reading is None:
        return Filing(version=version)
    filed = sort_pages(reading.pages, assignment.token, version)
    known = assignments_of(work, filed.others)
    own = {t: a.notice.number or t for t, a in known.items() if a.unit_id == assignment.unit_id}
    foreign = {n for t, pages in filed.others.items() if t in known and t not in own for n in pages}
    elsewhere = {own[token]: pages for token, pages in filed.others.items() if token in own}
    return Filing(reading, filed, tuple(sorted(foreign)), elsewhere, version)


def assignments_of(work: Work, tokens: Iterable[str]) -> dict[str, Assignment]:
    """Return the assignments that codes name, whoever asks: to tell own pages from others', not to show them."""
    wanted = list(tokens)
    if not wanted:
        return {}
    query = select(Assignment).where(Assignment.token.in_(wanted)).options(joinedload(Assignment.notice))
    return {found.token: found for found in work.session.scalars(query)}


def remarks(filing: Filing) -> list[Remark]:
    """Return what is to be said of a scan, gravest first; it never names another unit."""
    if filing.reading is None or filing.reading.state == ReadingState.FAILED:
        return []
    if filing.pending:
        return [Remark("none", READING)]
    return [*blocks(filing), *_warnings(filing)]


def blocks(filing: Filing) -> list[Remark]:
    """Return why the scan cannot be submitted: pages of other cases have no place in this one's record."""
    found = [Remark("block", FOREIGN, {"pages": listed(filing.foreign)})] if filing.foreign else []
    for number, pages in filing.elsewhere.items():
        found.append(Remark("block", ELSEWHERE, {"pages": listed(pages), "number": number}))
    return found


def scan_gaps(work: Work, assignment: Assignment, reply: Reply) -> list[Gap]:
    """Return what about its scan keeps a draft from being submitted; a scan not yet read keeps nobody."""
    if reply.scan is None:
        return []
    return [Gap(None, each.msgid, each.params) for each in blocks(file_scan(work, assignment, reply.scan, reply.round))]


def _warnings(filing: Filing) -> list[Remark]:
    filed = filing.filed
    found = []
    if filed.missing:
        found.append(Remark("warning", MISSING, {"pages": listed(filed.missing), "of": filed.of}))
    for version in sorted({place.version for place in filed.outdated}):
        pages = listed(place.n for place in filed.outdated if place.version == version)
        found.append(Remark("warning", OUTDATED, {"pages": pages, "version": version, "now": filing.version}))
    kinds: tuple[tuple[str, str, tuple[int, ...]], ...] = (
        ("warning", DOUBLE, filed.double),
        ("warning", UNREADABLE, filed.unreadable),
        ("none", UNCODED, filed.uncoded),
    )
    found += [Remark(state, sentence, {"pages": listed(numbers)}) for state, sentence, numbers in kinds if numbers]
    if filed.own and not filed.missing:
        found.append(Remark("passed", COMPLETE, {"of": filed.of}))
    return found


def listed(pages: Iterable[int]) -> str:
    """Return page numbers as people write them: 1、3—5."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs)
