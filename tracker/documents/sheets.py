"""What happens to laid-out pages: the side the 版记 stands on, marks beneath the text, landscape pages turned."""

from collections.abc import Callable
from typing import Any

import pydyf

from tracker.documents import geometry
from tracker.documents.fonts import Shelf
from tracker.documents.marks import Marks, operators

COLOPHON, COPIES = "colophon", "copies"
"""The ids of what must stand on an even page, the last side of the last sheet (7.4): the 版记 of the general format,
and a letter's, which stays on the first page when the letter has one only (10.1)."""


def colophon_is_odd(document: Any) -> bool:
    """Return whether the 版记 stands on an odd page."""
    odd = document.pages[::2]
    return any(COLOPHON in page.anchors for page in odd) or any(COPIES in page.anchors for page in odd[1:])


def colophon_follows_blank(document: Any) -> bool:
    """Return whether the 版记 stands behind a blank page; then neither shows a number (7.5)."""
    pages = document.pages
    last = len(pages) > 1 and {COLOPHON, COPIES} & set(pages[-1].anchors)
    return bool(last and pages[-2]._page_box.page_type.blank)


VERSOS: dict[str, Callable[[Any], bool]] = {"left": colophon_is_odd, "unnumbered": colophon_follows_blank}
"""How the 版记 is to be placed → whether the present layout calls for it; asked in this order."""
_FLOW = 'class="colophon-room flow'


def placed(html: str, verso: str) -> str:
    """Return a paper's HTML with its 版记 placed otherwise than in the flow of the text (see VERSOS)."""
    return html.replace(_FLOW, _FLOW.replace("flow", verso), 1)


def finish(file: pydyf.PDF, marks: Marks, shelf: Shelf) -> None:
    """Put the marks beneath the text of every page, and turn landscape pages to portrait."""
    numbers = file.pages["Kids"][::3]
    lying = set()
    for page, number in enumerate(numbers, start=1):
        leaf = file.objects[number]
        before, after = turned(leaf)
        if before:
            lying.add(leaf.reference)
        ink = operators(marks, page, len(numbers), shelf)
        contents = [_stream(file, f"{ink} {before}".strip()), leaf["Contents"], _stream(file, after)]
        leaf["Contents"] = pydyf.Array([each for each in contents if each])
    aim(file, lying)


def aim(file: pydyf.PDF, lying: set[bytes]) -> None:
    """Let bookmarks of turned pages lead to the page's upper edge: their places were those before the turn."""
    for thing in file.objects:
        if isinstance(thing, pydyf.Dictionary) and "Dest" in thing and thing["Dest"][0] in lying:
            thing["Dest"] = pydyf.Array([thing["Dest"][0], "/XYZ", 0, geometry.points(geometry.PAGE_HEIGHT), 0])


def _stream(file: pydyf.PDF, ink: str) -> Any:
    if not ink:
        return None
    stream = pydyf.Stream([ink.encode()], compress=True)
    file.add_object(stream)
    return stream.reference


def turned(leaf: Any) -> tuple[str, str]:
    """Make a landscape page portrait, its head to the left; return the operators before and after its own."""
    _, _, wide, high = leaf["MediaBox"]
    if wide <= high:
        return "", ""
    for box in ("MediaBox", "TrimBox", "BleedBox"):
        if box in leaf:
            leaf[box] = pydyf.Array([0, 0, high, wide])
    return f"q 0 1 -1 0 {high:.4f} 0 cm", "Q"
