"""The matrix of what can happen to a signed PDF: each row a file made up anew, and the state it must get."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    pdf_name,
    pdf_string,
)

from tracker.cli.bench.signatures.authorities import UNIT, Authority, blank_pdf, later, sign, trust

HOME, ROGUE = Authority("试验根证书"), Authority("冒名根证书")
SEAL = HOME.signer(UNIT)
OTHER = HOME.signer("细河区人民政府")
REVOKED = HOME.signer("已吊销单位")
EXPIRED = HOME.signer("过期单位", start=-300, days=-10)
PRETENDER = ROGUE.signer(UNIT)
CRL = HOME.crl(REVOKED.certificate)
TRUST = trust(HOME, lists=(CRL,))
"""One authority and its list, on which REVOKED stands."""
REGISTERED = frozenset(each.fingerprint for each in (SEAL, REVOKED, EXPIRED, PRETENDER))
"""Certificates of the unit that replies; OTHER is another unit's."""


def drawing(writer: Any) -> None:
    """Replace a page's drawing."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[pdf_name("/Contents")] = writer.add_object(StreamObject(stream_data=b"0 0 200 200 re f"))
    writer.update_container(page)


def annotation(writer: Any) -> None:
    """Put a note over a page."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    make: Any = DictionaryObject  # the package leaves it without types
    note = make({pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/FreeText")})
    note[pdf_name("/Rect")] = ArrayObject(map(NumberObject, (0, 0, 90, 90)))
    note[pdf_name("/Contents")] = pdf_string("改期")
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    writer.update_container(page)


def flipped(pdf: bytes) -> bytes:
    """Change one byte of what the page shows."""
    at = pdf.index(b"100 100 l")
    return pdf[:at] + b"9" + pdf[at + 1 :]


def saved_anew(pdf: bytes) -> bytes:
    """Save it by another program."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as file:
        file.save(out)
    return out.getvalue()


def national(pdf: bytes) -> bytes:
    """Put an SM2 signature in the place of the signature."""
    at = pdf.index(b"/Contents <") + 11
    blob = bytes.fromhex("3082010006082a811ccf55018375").hex().encode()
    return pdf[:at] + blob + pdf[at + len(blob) :]


Change = Callable[[bytes], bytes]
CHANGES: dict[str, tuple[Change, list[str]]] = {
    "unchanged": (lambda pdf: pdf, ["valid"]),
    "one byte flipped": (flipped, ["altered"]),
    "saved by another tool": (saved_anew, ["altered"]),
    "drawing added": (lambda pdf: later(pdf, drawing), ["altered"]),
    "annotation added": (lambda pdf: later(pdf, annotation), ["altered"]),
    "junk after the end": (lambda pdf: pdf + b"\nsomething else\n" * 20, ["appended"]),
    "second signature": (lambda pdf: sign(pdf, SEAL, "Leader"), ["appended", "valid"]),
    "cut off": (lambda pdf: pdf[: pdf.index(b"/ByteRange") + 60], ["unverifiable"]),
    "SM2 in a PDF": (national, ["unverifiable"]),
}
"""Name → what is done to a PDF that the unit signed, and the states of its signatures then."""
SIGNERS = {
    "of another unit": (OTHER, "other_unit"),
    "of an unknown authority": (PRETENDER, "untrusted"),
    "expired": (EXPIRED, "out_of_date"),
    "revoked": (REVOKED, "out_of_date"),
}
"""Name → who signs, and the state."""


def signed() -> bytes:
    """Return a PDF that the unit signed."""
    return sign(blank_pdf(), SEAL)
