"""Electronic seals on an OFD file, judged in three checks kept apart: its files, the signature value, whose it is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.kit.archives import Unfit
from tracker.kit.words import N_
from tracker.signatures import sm2
from tracker.signatures.certificates import SM2_WITH_SM3, Certificate, NotACertificate, read_certificate
from tracker.signatures.ofd import Entry, Ofd
from tracker.signatures.owner import judge_owner
from tracker.signatures.pictures import as_data_uri
from tracker.signatures.ses import NotASeal, SealSignature, read_signature
from tracker.signatures.trust import Trust
from tracker.signatures.verdicts import Note, Outcome, State, Verdict

NAMED = 20
"""Paths told of each kind."""
METHODS: dict[str, Callable[[bytes], bytes]] = {
    **dict.fromkeys(("1.2.156.10197.1.401", "sm3"), sm2.sm3),
    **dict.fromkeys(("2.16.840.1.101.3.4.2.1", "sha256"), lambda data: hashlib.sha256(data).digest()),
}
"""Digests by what CheckMethod may call them."""
SM2_ALGORITHMS = {SM2_WITH_SM3, "1.2.156.10197.1.301", "1.2.156.10197.1.301.1"}

UNREADABLE = N_("The OFD file or its list of signatures cannot be read.")
BARE = N_("The file bears a signature value without a seal, a form that this system does not verify.")
NOT_A_SEAL = N_("The signature is neither of GM/T 0031 nor of GB/T 38540; check it with the vendor's reader.")
OTHER_ALGORITHM = N_("The seal uses an algorithm that this system does not know; check it with the vendor's reader.")
CONTENT = N_("Files that the seal protects were changed or are missing: %(names)s.")
LIST = N_("The list of protected files was changed after sealing.")
NOTHING = N_("The seal protects no file at all.")
VALUE = N_("The signature value does not belong to the content and the certificate.")
UNSEALED_PAGE = N_("What the pages show is not protected by the seal: %(names)s.")
ADDED = N_("The file holds parts that the seal does not protect: %(names)s.")
UNTOUCHED = N_("Not changed since sealing.")


@dataclass
class Sealed:
    """An OFD file with its seals, and the digests that were computed already."""

    file: Ofd
    entries: list[Entry]
    shown: set[str]
    known: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def digest(self, method: str, path: str) -> bytes:
        """Return a file's digest; computed once however many seals protect it."""
        if (method, path) not in self.known:
            self.known[method, path] = METHODS[method](self.file.archive.read(path))
        return self.known[method, path]


@dataclass(frozen=True)
class Content:
    """The first check: what is with the protected files."""

    outcome: Outcome
    why: Note | None
    files: dict[str, list[str]]
    uncovered: list[str]
    """Files that the pages show and the seal does not protect."""


def verify_ofd(data: bytes, trust: Trust, moment: datetime) -> list[Verdict]:
    """Return one verdict per seal in the file's order; none when it bears none.

    `moment` is when the file was received: certificates and lists are judged as of then.
    """
    try:
        file = Ofd(data)
        entries = file.signatures()
        sealed = Sealed(file, entries, file.shown() if entries else set())
        return [_judged(sealed, entry, trust, moment) for entry in entries]
    except Unfit:
        return [_unverifiable(UNREADABLE, moment)]


def _unverifiable(why: str, moment: datetime) -> Verdict:
    return Verdict(State.UNVERIFIABLE, "ofd", notes=((why, {}),), checked_at=moment.isoformat())


def _judged(sealed: Sealed, entry: Entry, trust: Trust, moment: datetime) -> Verdict:
    if entry.kind.lower() == "sign" or entry.value_path is None:
        return _unverifiable(BARE, moment)
    try:
        seal = read_signature(sealed.file.archive.read(entry.value_path))
        signer, maker = read_certificate(seal.signer.certificate), read_certificate(seal.maker.certificate)
    except (NotASeal, NotACertificate):
        return _unverifiable(NOT_A_SEAL, moment)
    content = _content(sealed, entry, seal)
    value = _value(seal, signer)
    verdict = replace(
        _described(seal, signer),
        digest=content.outcome,
        value=value,
        files={kind: names[:NAMED] for kind, names in content.files.items() if names},
        checked_at=moment.isoformat(),
    )
    if value is Outcome.PASSED:
        verdict = _with_owner(verdict, seal, signer, maker, trust, moment)
    return _concluded(verdict, content)


def _described(seal: SealSignature, signer: Certificate) -> Verdict:
    about = {"name": seal.name, "starts": seal.starts.date().isoformat(), "ends": seal.ends.date().isoformat()}
    picture = as_data_uri(seal.picture)
    return Verdict(
        State.UNVERIFIABLE,
        "ofd",
        holder=signer.subject,
        issuer=signer.issuer,
        serial=f"{signer.serial:x}",
        fingerprint=signer.fingerprint,
        signed_at=seal.time.isoformat() if seal.time else "",
        seal=about | ({"picture": picture} if picture else {}),
    )


def _content(sealed: Sealed, entry: Entry, seal: SealSignature) -> Content:
    method = entry.method.lower() or "sm3"
    protected = {reference.path for reference in entry.references if reference.path}
    # A further seal rightly enters itself into the list: only for the last one must the list be as it was.
    last = [each for each in sealed.entries if each.list_path == entry.list_path][-1] is entry
    changeable = set() if last else {entry.list_path}
    belonging = set().union(*(each.own for each in sealed.entries)) | {entry.list_path}
    rest = set(sealed.file.archive.names) - protected - belonging
    files = {"changed": [], "missing": [], "unprotected": sorted(rest)}
    uncovered = sorted(sealed.shown - protected)
    if method not in METHODS:
        return Content(Outcome.UNKNOWN, (OTHER_ALGORITHM, {}), files, uncovered)
    for reference in entry.references:
        if reference.path is None:
            files["missing"].append(reference.named)
        elif reference.path not in changeable and sealed.digest(method, reference.path) != reference.digest:
            files["changed"].append(reference.path)
    why = _why(sealed, entry, seal, method, files)
    return Content(Outcome.FAILED if why else Outcome.PASSED, why, files, uncovered)


def _why(sealed: Sealed, entry: Entry, seal: SealSignature, method: str, files: dict[str, list[str]]) -> Note | None:
    if sealed.digest(method, entry.path) != seal.digest:
        return LIST, {}
    if not entry.references:
        return NOTHING, {}
    broken = files["changed"] + files["missing"]
    return (CONTENT, _named(broken)) if broken else None


def _named(paths: list[str]) -> dict[str, str]:
    return {"names": "、".join(paths[:3]) + ("…" if len(paths) > 3 else "")}


def _value(seal: SealSignature, signer: Certificate) -> Outcome:
    if signer.algorithm != "SM2" or seal.signer.algorithm not in SM2_ALGORITHMS:
        return Outcome.UNKNOWN
    good = sm2.verify(signer.public, seal.signer.message, seal.signer.signature)
    return Outcome.PASSED if good else Outcome.FAILED


def _with_owner(
    verdict: Verdict, seal: SealSignature, signer: Certificate, maker: Certificate, trust: Trust, moment: datetime
) -> Verdict:
    owner = judge_owner(seal, signer, maker, trust, moment)
    outcome = {None: Outcome.PASSED, State.UNVERIFIABLE: Outcome.UNKNOWN}.get(owner.state, Outcome.FAILED)
    state = owner.state or State.VALID
    return replace(verdict, state=state, certificate=outcome, notes=owner.notes, crl=owner.crl or {})


def _concluded(verdict: Verdict, content: Content) -> Verdict:
    """Return the verdict with its final state: content first, then the value, then the owner, then what was added."""
    state, why = verdict.state, None
    if content.outcome is Outcome.FAILED:
        state, why = State.ALTERED, content.why
    elif verdict.value is Outcome.FAILED:
        state, why = State.ALTERED, (VALUE, {})
    elif Outcome.UNKNOWN in (content.outcome, verdict.value):
        state, why = State.UNVERIFIABLE, (OTHER_ALGORITHM, {})
    elif content.uncovered:
        state, why = State.ALTERED, (UNSEALED_PAGE, _named(content.uncovered))
    elif state is State.VALID and content.files["unprotected"]:
        state, why = State.APPENDED, (ADDED, _named(content.files["unprotected"]))
    elif state is State.VALID:
        why = (UNTOUCHED, {})
    return replace(verdict, state=state, notes=((why,) if why else ()) + verdict.notes)
