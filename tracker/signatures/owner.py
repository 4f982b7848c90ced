"""The third check of a seal: may its signer use it, who made it, is the authority trusted, were they in date."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.kit.words import N_
from tracker.signatures import sm2
from tracker.signatures.certificates import SM2_WITH_SM3, Certificate, RevocationList
from tracker.signatures.pades import CRL_USED, EXPIRED, NO_CRL, NO_CRL_OF_ISSUER, REVOKED, STALE_CRL, UNFIT
from tracker.signatures.ses import SealSignature
from tracker.signatures.trust import Trust, stale, used
from tracker.signatures.verdicts import Note, State

AHEAD = timedelta(minutes=10)
"""By how much a signer's clock may be fast."""
SHORTENED = (sm2.sm3, lambda data: hashlib.sha256(data).digest())
"""Digests by which a seal may name the certificates that use it."""

NOT_ITS_SIGNER = N_("The certificate is not among those that may use this seal.")
FORGED_SEAL = N_("The seal itself was not signed by the maker that it names.")
NO_AUTHORITY = N_("Seal and signature are sound, but the authority behind them is not registered here.")
SEAL_OUT_OF_DATE = N_("It was sealed outside the seal's own dates (%(starts)s to %(ends)s).")
FUTURE = N_("The time of sealing lies after the file was received.")


@dataclass(frozen=True)
class Owner:
    """How the check ended: no state when it passed."""

    state: State | None
    notes: tuple[Note, ...] = ()
    crl: dict[str, str] | None = None


def judge_owner(seal: SealSignature, signer: Certificate, maker: Certificate, trust: Trust, moment: datetime) -> Owner:
    """Judge signer, maker and dates of a seal whose signature value is right."""
    if not _may_use(seal, signer):
        return Owner(State.UNTRUSTED, ((NOT_ITS_SIGNER, {}),))
    if maker.algorithm != "SM2" or not sm2.verify(maker.public, seal.maker.message, seal.maker.signature):
        return Owner(State.UNTRUSTED, ((FORGED_SEAL, {}),))
    root = trust.issuer_of(signer)
    if root is None or not (maker in trust.roots or trust.issuer_of(maker)):
        return Owner(State.UNTRUSTED, ((NO_AUTHORITY, {}),))
    trouble = _dates(seal, signer, root, moment)
    if trouble:
        return Owner(State.OUT_OF_DATE, (trouble,))
    if not signer.may_sign:
        return Owner(State.UNTRUSTED, ((UNFIT, {}),))
    return _revocation(signer, maker, root, trust, moment)


def _may_use(seal: SealSignature, signer: Certificate) -> bool:
    return signer.der in seal.signers or any(digest(signer.der) in seal.signer_digests for digest in SHORTENED)


def _dates(seal: SealSignature, signer: Certificate, root: Certificate, moment: datetime) -> Note | None:
    """Return what is out of date: the certificate as of receipt, the seal as of sealing (it may have ended since)."""
    for each in (signer, root):
        if not each.in_date(moment):
            return EXPIRED, {"starts": each.starts.date().isoformat(), "ends": each.ends.date().isoformat()}
    sealed = seal.time or moment
    if sealed > moment + AHEAD:
        return FUTURE, {}
    if sealed < signer.starts:
        return EXPIRED, {"starts": signer.starts.date().isoformat(), "ends": signer.ends.date().isoformat()}
    if not seal.starts <= sealed <= seal.ends:
        return SEAL_OUT_OF_DATE, {"starts": seal.starts.date().isoformat(), "ends": seal.ends.date().isoformat()}
    return None


def _revocation(signer: Certificate, maker: Certificate, root: Certificate, trust: Trust, moment: datetime) -> Owner:
    """Judge by the lists: none at all is said, one that is absent or old leaves it open."""
    if not any(each.signature_oid == SM2_WITH_SM3 for each in trust.lists):
        return Owner(None, ((NO_CRL, {}),))
    found = trust.list_of(root)
    if found is None:
        return Owner(State.UNVERIFIABLE, ((NO_CRL_OF_ISSUER, {}),))
    updated = {"updated": found.updated.date().isoformat()}
    if found.lists(signer.serial) or _revoked(maker, trust):
        return Owner(State.OUT_OF_DATE, ((REVOKED, {}),), used(found))
    if stale(found, moment):
        return Owner(State.UNVERIFIABLE, ((STALE_CRL, updated),), used(found))
    return Owner(None, ((CRL_USED, {"issuer": found.issuer, **updated}),), used(found))


def _revoked(maker: Certificate, trust: Trust) -> bool:
    root = trust.issuer_of(maker)
    found: RevocationList | None = trust.list_of(root) if root else None
    return found is not None and found.lists(maker.serial)
