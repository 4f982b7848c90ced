"""What happens to laid-out pages: the side the 版记 stands on, marks beneath the text, landscape pages turned."""

from collections.abc import Callable
from typing import Any

import pydyf

from tracker.documents.fonts import Shelf
from tracker.documents.marks import Marks, operators

COLOPHON = "colophon"
"""The id of the element that must stand on an even page, the last side of the last sheet (7.4)."""


def colophon_is_odd(document: Any) -> bool:
    """Return whether the 版记 stands on an odd page."""
    return any(COLOPHON in page.anchors for page in document.pages[::2])


def colophon_follows_blank(document: Any) -> bool:
    """Return whether the 版记 stands behind a blank page; then neither shows a number (7.5)."""
    pages = document.pages
    return len(pages) > 1 and COLOPHON in pages[-1].anchors and bool(pages[-2]._page_box.page_type.blank)


VERSOS: dict[str, Callable[[Any], bool]] = {"left": colophon_is_odd, "unnumbered": colophon_follows_blank}
"""How the 版记 is to be placed → whether the present layout calls for it; asked in this order."""


def finish(file: pydyf.PDF, marks: Marks, shelf: Shelf) -> None:
    """Put the marks beneath the text of every page, and turn landscape pages to portrait."""
    numbers = file.pages["Kids"][::3]
    for page, number in enumerate(numbers, start=1):
        leaf = file.objects[number]
        before, after = turned(leaf)
        ink = operators(marks, page, len(numbers), shelf)
        contents = [_stream(file, f"{ink} {before}".strip()), leaf["Contents"], _stream(file, after)]
        leaf["Contents"] = pydyf.Array([each for each in contents if each])


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
