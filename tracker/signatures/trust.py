"""Whom the office trusts: root certificates and revocation lists in a folder that the administrator manages.

`<RECTIFY_TRUST>/roots/*.pem` are certificates of authorities: each one there is trusted, nothing else ever is.
`<RECTIFY_TRUST>/crls/*.crl` are their revocation lists, brought by the administrator; the product fetches nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from tracker.signatures import sm2
from tracker.signatures.certificates import (
    SM2_WITH_SM3,
    Certificate,
    NotACertificate,
    RevocationList,
    pieces,
    read_certificate,
    read_revocation_list,
)

LARGEST = 32 << 20
"""Bytes of one file in the folder; revocation lists of large authorities have several megabytes."""
OLD = timedelta(days=30)
"""A list without a promised next one counts as out of date after this."""
T = TypeVar("T")


@dataclass(frozen=True)
class Trust:
    """What the folder holds; `broken` names files that cannot be read, for the administrator to see."""

    roots: tuple[Certificate, ...] = ()
    lists: tuple[RevocationList, ...] = ()
    broken: tuple[str, ...] = ()

    def issuer_of(self, certificate: Certificate) -> Certificate | None:
        """Return the trusted authority that really signed an SM2 certificate, None when there is none."""
        return next((root for root in self.roots if root.authority and signed_by(certificate, root)), None)

    def list_of(self, root: Certificate) -> RevocationList | None:
        """Return the newest SM2 revocation list that the authority really signed, None when there is none."""
        own = [each for each in self.lists if each.issuer_raw == root.subject_raw and _signed(each, root)]
        return max(own, key=lambda each: each.updated, default=None)


def signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Tell whether an SM2 certificate bears the issuer's signature and name."""
    return certificate.issuer_raw == issuer.subject_raw and _signed(certificate, issuer)


def _signed(thing: Certificate | RevocationList, issuer: Certificate) -> bool:
    fits = thing.signature_oid == SM2_WITH_SM3 and issuer.algorithm == "SM2"
    return fits and sm2.verify(issuer.public, thing.signed, thing.signature)


def stale(found: RevocationList, moment: datetime) -> bool:
    """Tell whether a newer list should have been there at that moment."""
    return moment > (found.due or found.updated + OLD)


def used(found: RevocationList) -> dict[str, str]:
    """Return what a verdict keeps of the list it used."""
    return {
        "issuer": found.issuer,
        "updated": found.updated.isoformat(),
        "due": found.due.isoformat() if found.due else "",
        "sha256": sha256(found.der).hexdigest(),
    }


def load(folder: Path) -> Trust:
    """Read the folder; an absent one trusts nobody, a broken file is named and left out."""
    broken: list[str] = []
    roots = tuple(_read(folder / "roots", (".pem", ".cer", ".crt"), read_certificate, broken))
    lists = tuple(_read(folder / "crls", (".crl", ".pem"), read_revocation_list, broken))
    return Trust(roots, lists, tuple(broken))


def _read(folder: Path, endings: tuple[str, ...], read: Callable[[bytes], T], broken: list[str]) -> Iterator[T]:
    for path in sorted(folder.glob("*")):
        if path.suffix.lower() not in endings:
            continue
        try:
            with path.open("rb") as file:
                parts = list(pieces(file.read(LARGEST)))
            yield from [read(part) for part in parts]
        except (OSError, NotACertificate, ValueError):
            broken.append(path.name)
