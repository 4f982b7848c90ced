"""Background work of public editions: print, make the HTML file, look for deleted words in both, keep them."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from tracker.documents.models import Paper
from tracker.documents.operations import due
from tracker.documents.printing import print_paper
from tracker.documents.render import Rendered
from tracker.documents.residue import Carried, carried
from tracker.editions.models import PublicEdition
from tracker.editions.operations import OWNER, finish, strings
from tracker.editions.paper import page
from tracker.editions.policy.deleting import Mark
from tracker.editions.policy.traces import markup_parts, traces
from tracker.files.names import label
from tracker.files.operations import Received, enter
from tracker.files.place import originals
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.kit.words import N_
from tracker.org.policy import SYSTEM, Work

TOPIC = f"{OWNER}-paper"
HTML, NAME = N_("the HTML file"), N_("the files' name")


def print_edition(paper_id: int) -> None:
    """Print one ordered edition, make its HTML file and check both, then note them; safe to run twice.

    The check takes its time, so it runs between printing and the transaction that notes the files.
    """
    made: list[Made] = []

    def check(_purpose: str, rendered: Rendered) -> Rendered:
        made.append(_made(paper_id, rendered))
        return rendered

    def ready(work: Work, paper: Paper, rendered: Rendered) -> None:
        _note(work, paper, rendered, made[0])

    print_paper(SYSTEM, host().clock, paper_id, keep=originals().put, ready=ready, failed=_left, after=check)


def due_papers() -> list[int]:
    """Return the ids of editions' papers that nobody prints at the moment though they are due."""
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        return due(work.session, work, OWNER)


def file_name(edition: PublicEdition) -> str:
    """Return what both files are called, without the ending."""
    content = edition.content or {}
    return f"{content.get('number') or content.get('title')}（公开版）"


def found_in(pdf: bytes, html: str, name: str, marks: list[Mark]) -> list[dict[str, Any]]:
    """Return what of the deleted strings is still found in finished files: [{text, where, n}]."""
    parts = [*carried(pdf), *markup_parts(html, HTML), Carried(NAME, text=name)]
    return [{"text": each.text, "where": each.where, "n": each.n} for each in traces(parts, marks)]


@dataclass(frozen=True)
class Made:
    """The HTML file beside a printed edition, what both are called, and what of the deleted strings was found."""

    html: str
    name: str
    traces: list[dict[str, Any]]


def _made(paper_id: int, rendered: Rendered) -> Made:
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        edition = work.session.get_one(PublicEdition, work.session.get_one(Paper, paper_id).owner_id)
        html, name, marks = page(edition), file_name(edition), strings(edition)
    return Made(html, name, found_in(rendered.pdf, html, name, marks))


def _note(work: Work, paper: Paper, rendered: Rendered, made: Made) -> None:
    edition = work.session.get_one(PublicEdition, paper.owner_id)
    if edition.content != paper.content:
        return  # handed in anew meanwhile: another paper is ordered
    enter(work, _received(rendered.sha256, len(rendered.pdf), "pdf", made.name, rendered.pages))
    sha256, size = originals().put(BytesIO(made.html.encode()))
    enter(work, _received(sha256, size, "html", made.name, 1))
    finish(work, edition, rendered.sha256, sha256, made.traces)


def _received(sha256: str, size: int, kind: str, name: str, pages: int) -> Received:
    return Received(sha256, size, kind, label(f"{name}.{kind}", kind), pages, active_content=False)


def _left(_work: Work, _paper: Paper) -> None:
    """Leave it to the page: it shows the sentence, and the clerk may hand in anew."""
