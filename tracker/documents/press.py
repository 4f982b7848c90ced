"""HTML to PDF/A: the only file that imports WeasyPrint; it runs inside the render child.

FONTCONFIG_FILE must point at the private configuration before this module is imported.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import weasyprint
from jinja2 import UndefinedError
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from tracker.charts.figure import NotAFigure
from tracker.documents.compose import TEMPLATES, Composed, compose, style, types
from tracker.documents.fonts import Shelf
from tracker.documents.geometry import Grid
from tracker.documents.marks import Marks
from tracker.documents.sheets import VERSOS, colophon_follows_blank, finish, placed
from tracker.documents.wire import MISSING
from tracker.kit.words import N_

OFFICE = ZoneInfo("Asia/Shanghai")
SLOW_SUBSETTING = "Using fontTools instead of HarfBuzz-Subset"
_KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class Assets(URLFetcher):  # type: ignore[misc]
    """Serves the pictures and style sheets of one type's own folder, and nothing else of this world."""

    def __init__(self, type_: str) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True)
        folder = TEMPLATES / type_
        self.known = {f"asset:{path.name}": path for path in folder.iterdir() if path.suffix in _KINDS}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return a known asset.

        :raises ValueError: for every other address; WeasyPrint then stops the paper.
        """
        if url not in self.known:
            msg = f"A paper may not load {url[:80]}"
            raise ValueError(msg)
        path = self.known[url]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _KINDS[path.suffix]})


class Complaints(logging.Handler):
    """Collects what WeasyPrint grumbles about while it works on one paper."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the sentence."""
        self.lines.append(record.getMessage())


@dataclass(frozen=True)
class Pressed:
    """A finished PDF and what was noticed while it was made."""

    pdf: bytes
    pages: int
    fallbacks: tuple[str, ...]
    complaints: tuple[str, ...]


class MissingCharacters(Exception):
    """Characters that no font has, named in the message."""


class UnknownType(Exception):
    """No folder of templates has this name."""


class EmptyBox(Exception):
    """The layout engine found no glyph although a font was promised to have it."""


TROUBLES: dict[type[BaseException], str] = {
    MissingCharacters: MISSING,
    EmptyBox: N_("The paper would show an empty box: %(detail)s"),
    UnknownType: N_("There is no paper of the type %(detail)s"),
    UndefinedError: N_("The paper lacks a value: %(detail)s"),
    FatalURLFetchingError: N_("The paper asked for something outside itself: %(detail)s"),
    NotAFigure: N_("A figure of the paper cannot be drawn: %(detail)s"),
    RecursionError: N_("The paper is nested too deeply"),
    MemoryError: N_("The paper needs more memory than it may have"),
}
"""What may go wrong with one paper's content, and the sentence for it."""


@dataclass
class Press:
    """The warm machine: fonts loaded once, style sheets parsed once for each type."""

    grid: Grid
    shelf: Shelf
    configuration: FontConfiguration = field(default_factory=FontConfiguration)
    styles: dict[str, weasyprint.CSS] = field(default_factory=dict)

    def print(self, type_: str, content: Mapping[str, Any]) -> Pressed:
        """Return the paper of this type with this content; the same content and fonts give the same bytes.

        :raises BaseException: one of TROUBLES.
        """
        if type_ not in types():
            raise UnknownType(type_[:40])
        composed = compose(type_, content, self.grid, self.shelf)
        missing = self.shelf.missing(composed.html.replace("\n", ""))
        if missing:
            raise MissingCharacters("、".join(missing))
        with listening() as complaints:
            document = self._settled(type_, composed)
            pdf, pages = self._press(content, document, composed.marks)
        boxes = [line for line in complaints.lines if ".notdef" in line]
        if boxes:
            raise EmptyBox(boxes[0])
        return Pressed(pdf, pages, self.shelf.fallen_back(composed.html.replace("\n", "")), tuple(complaints.lines))

    def _settled(self, type_: str, composed: Composed) -> weasyprint.Document:
        """Lay the paper out, again where its 版记 came to stand on an odd page or behind a blank one (7.4, 7.5).

        Where the text is thought to end on an odd page, the 版记 is sent to the next side at once: without a blank page
        before it, that is where it belongs, and one layout was enough.
        """
        if composed.marks.text_pages % 2:
            document = self._laid_out(type_, placed(composed.html, "left"))
            if not colophon_follows_blank(document):
                return document
        document = self._laid_out(type_, composed.html)
        for verso, wrong in VERSOS.items():
            if wrong(document):
                document = self._laid_out(type_, placed(composed.html, verso))
        return document

    def _laid_out(self, type_: str, html: str) -> weasyprint.Document:
        assets = Assets(type_)
        if type_ not in self.styles:
            text = style(type_, self.grid, self.shelf)
            self.styles[type_] = weasyprint.CSS(string=text, font_config=self.configuration, url_fetcher=assets)
        source = weasyprint.HTML(string=html, base_url="asset:", url_fetcher=assets)
        return source.render(font_config=self.configuration, stylesheets=[self.styles[type_]])

    def _press(self, content: Mapping[str, Any], document: weasyprint.Document, marks: Marks) -> tuple[bytes, int]:
        frozen = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()
        document.metadata.attachments = [attachment(frozen, document.metadata.created, document.url_fetcher)]
        pdf = document.write_pdf(
            pdf_variant="pdf/a-3a",
            pdf_identifier=sha256(frozen).digest()[:16],
            finisher=lambda _, file: finish(file, marks, self.shelf),
        )
        return pdf, len(document.pages)


def attachment(frozen: bytes, created: str | None, assets: Assets) -> weasyprint.Attachment:
    """Return the content as the file notice.json inside the PDF, dated as the paper is."""
    moment = datetime.fromisoformat(created or "2000-01-01").replace(tzinfo=OFFICE)
    return weasyprint.Attachment(
        string=frozen, name="notice.json", relationship="Source", created=moment, modified=moment, url_fetcher=assets
    )


class listening:  # noqa: N801  (reads as a word in `with listening() as complaints`)
    """Context in which WeasyPrint's warnings are collected."""

    def __enter__(self) -> Complaints:
        """Begin to collect."""
        self.complaints = Complaints()
        logging.getLogger("weasyprint").addHandler(self.complaints)
        return self.complaints

    def __exit__(self, *_: object) -> None:
        """Stop collecting."""
        logging.getLogger("weasyprint").removeHandler(self.complaints)
