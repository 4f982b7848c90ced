"""Certificates with which units seal electronically: whoever signs with another one does not sign for the unit."""

from sqlalchemy import select

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing, Refused
from tracker.kit.words import N_
from tracker.org.models import Unit, UnitCertificate
from tracker.org.policy import Work
from tracker.signatures.certificates import LARGEST, Certificate, NotACertificate, read_certificate

SECRET = N_(
    "This file holds a private key, which nobody may hand out. Export the certificate alone (PEM or CER) and upload"
    " that; if the key was sent around, have the certificate replaced."
)
UNREADABLE = N_(
    "This file is no certificate that can be read. Export the certificate as PEM or CER and upload that file."
)
AUTHORITY = N_("This is the certificate of an authority, not of a unit. Authorities are put into the trust folder.")
NO_SIGNER = N_("By its key usage this certificate is not for signing. Choose the unit's signing certificate.")
ENDED = N_("This certificate has ended. Register the one that replaced it.")
TAKEN = N_("This certificate is already registered for %(unit)s.")
RETIRED_BEFORE = N_("This certificate was retired already.")


def register_certificate(work: Work, unit_id: int, data: bytes) -> UnitCertificate:
    """Register a unit's certificate from the bytes of a PEM or CER file.

    :raises Invalid: no such unit in use; no certificate, one that may not sign, or one that is registered already.
    """
    unit = work.session.get(Unit, unit_id)
    if unit is None or not unit.active:
        raise Invalid({"unit_id": N_("Choose a unit that is in use.")})
    found = _fit(work, data)
    row = UnitCertificate(
        unit_id=unit_id,
        fingerprint=found.fingerprint,
        subject=found.subject,
        issuer=found.issuer,
        serial=f"{found.serial:x}"[:64],
        algorithm=found.algorithm,
        valid_from=found.starts,
        valid_to=found.ends,
        added_at=work.now,
        added_by=work.actor.person_id,
    )
    work.session.add(row)
    work.session.flush()  # the record names the row
    about = {"holder": found.subject, "unit": unit.name, "serial": row.serial, "sha256": row.fingerprint}
    record(work, Word.CERTIFICATE_REGISTERED, row, **about)
    return row


def _fit(work: Work, data: bytes) -> Certificate:
    if b"PRIVATE KEY" in data:
        raise Invalid({"file": SECRET})
    try:
        found = read_certificate(data if len(data) <= LARGEST else b"")
    except NotACertificate as error:
        raise Invalid({"file": UNREADABLE}) from error
    sentence = _unfit(work, found)
    if sentence:
        raise Invalid({"file": sentence})
    query = select(UnitCertificate).where(
        UnitCertificate.fingerprint == found.fingerprint, UnitCertificate.retired_at.is_(None)
    )
    known = work.session.scalar(query)
    if known is not None:
        raise Invalid({"file": TAKEN}, unit=known.unit.name)
    return found


def _unfit(work: Work, found: Certificate) -> str | None:
    if found.authority:
        return AUTHORITY
    if not found.may_sign:
        return NO_SIGNER
    return ENDED if found.ends < work.now else None


def retire_certificate(work: Work, certificate_id: int, reason: str) -> UnitCertificate:
    """Retire a certificate from now on; signatures received before keep their verdict.

    :raises Missing: no such certificate.  :raises Refused: it was retired already.  :raises Invalid: no reason given.
    """
    query = select(UnitCertificate).where(UnitCertificate.id == certificate_id).with_for_update()
    row = work.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise Missing
    if row.retired_at is not None:
        raise Refused(RETIRED_BEFORE)
    if not reason:
        raise Invalid({"reason": N_("Say why it is retired.")})
    row.retired_at, row.retired_by, row.retired_reason = work.now, work.actor.person_id, reason
    about = {"holder": row.subject, "unit": row.unit.name, "serial": row.serial, "reason": reason}
    record(work, Word.CERTIFICATE_RETIRED, row, **about)
    return row
