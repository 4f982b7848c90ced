"""Loaded in the child process only: looks into a ZIP and says whether it is an OFD, a docx or an xlsx."""

import re
from collections.abc import Iterator
from typing import Any

from tracker.kit.archives import Archive, Unfit, parse_xml

PAGES = 3000
MAIN = {"wordprocessingml.document.main+xml": "docx", "spreadsheetml.sheet.main+xml": "xlsx"}
"""What the content types of an Office file say of its main part; macro-enabled and template ones are not among them."""
TYPES = "[Content_Types].xml"
PROGRAMS = re.compile(
    r"\.(exe|dll|com|scr|bat|cmd|ps1|vbs|js|jse|wsf|hta|lnk|jar|msi|sh|py|docm|xlsm|html?|svg|zip|rar|7z|cab|iso)$"
)
"""Endings of what runs, or packs away what runs."""
MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("embedded", re.compile(r"^(word|xl)/(embeddings|activex)/")),
    ("external", re.compile(r"^xl/(externallinks/|connections\.xml)")),
    ("embedded", PROGRAMS),
)
MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)$|^xl/(macrosheets|dialogsheets)/")
DDE = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
DOCTYPE = tuple("<!doctype".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))
OWN = {"macros", "other_archive", "pages"}
REASONS = {code: code for code in OWN} | {
    "entries": "unpacked",
    "size": "unpacked",
    "encrypted": "encrypted_archive",
    "xml": "xml",
    "archive": "incomplete",
}
"""Codes that have a sentence of their own at the gate; the others say: unusually built."""


def look_into_archive(data: bytes) -> dict[str, Any]:
    """Return {"kind": ofd, docx or xlsx, "pages": n, "active": […]}, or {"refused": code}.

    Every member is unpacked, within the archive's bounds.
    """
    try:
        archive = Archive(data)
        kind, pages = _kind_and_pages(archive)
        return {"kind": kind, "pages": pages, "active": sorted(set(_marks(archive)))}
    except Unfit as unfit:
        return {"refused": REASONS.get(str(unfit), "broken")}


def _kind_and_pages(archive: Archive) -> tuple[str, int]:
    if archive.find("OFD.xml"):
        return "ofd", _ofd_pages(archive)
    if archive.find(TYPES):
        return _office_kind(archive), 0
    raise Unfit("other_archive")


def _office_kind(archive: Archive) -> str:
    """Return docx or xlsx by the type of the main part; macros are refused wherever they lie."""
    said = [str(node.get("ContentType", "")) for node in _root(archive, TYPES).iter() if isinstance(node.tag, str)]
    if any("macroEnabled" in each or "vbaProject" in each for each in said):
        raise Unfit("macros")
    if any(MACROS.search(name.lower()) for name in archive.names):
        raise Unfit("macros")
    kinds = {kind for each in said for end, kind in MAIN.items() if each.endswith(end)}
    if len(kinds) != 1:
        raise Unfit("other_archive")
    return kinds.pop()


def _ofd_pages(archive: Archive) -> int:
    """Return the number of pages that the documents of an OFD list."""
    pages = 0
    for node in _children(_root(archive, "OFD.xml"), "DocRoot"):
        pages += sum(1 for _page in _children(_root(archive, (node.text or "").strip()), "Page"))
    if not 0 < pages <= PAGES:
        raise Unfit("pages")
    return pages


def _root(archive: Archive, path: str) -> Any:
    return parse_xml(archive.read(archive.find(path) or path))


def _marks(archive: Archive) -> Iterator[str]:
    """Unpack every member and yield what could run in it or reach outside."""
    for name in archive.names:
        small, data = name.lower(), archive.read(name)
        yield from (mark for mark, pattern in MARKS if pattern.search(small))
        root = _root_if_any(data) if small.endswith((".xml", ".rels")) else None
        if root is None:
            continue
        if small.endswith(".rels") and any(map(_reaches_out, _children(root, "Relationship"))):
            yield "external"
        if small.startswith("word/") and DDE.search(_field_codes(root)):
            yield "dde"


def _root_if_any(data: bytes) -> Any:
    """Return the root of XML, None for what does not parse: genuine invoices carry such attachments.

    :raises Unfit: it declares a document type, which a more forgiving reader might follow.
    """
    try:
        return parse_xml(data)
    except Unfit:
        small = data.lower()
        if any(mark in small for mark in DOCTYPE):
            raise
        return None


def _reaches_out(relation: Any) -> bool:
    """Tell whether something is fetched from elsewhere when the file is opened; a link waits for a click."""
    return relation.get("TargetMode") == "External" and not str(relation.get("Type")).endswith("/hyperlink")


def _field_codes(root: Any) -> str:
    simple = "".join(value for node in _children(root, "fldSimple") for value in map(str, node.attrib.values()))
    return simple + " " + "".join(node.text or "" for node in _children(root, "instrText"))


def _children(root: Any, name: str) -> Iterator[Any]:
    return (node for node in root.iter() if isinstance(node.tag, str) and node.tag.rsplit("}", 1)[-1] == name)
