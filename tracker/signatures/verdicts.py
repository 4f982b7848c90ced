"""What is said of one electronic signature: a state in fixed words, three checks kept apart, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from tracker.kit.words import N_


class State(StrEnum):
    """The verdict on one signature; only VALID is green."""

    VALID = "valid"
    APPENDED = "appended"
    UNTRUSTED = "untrusted"
    OTHER_UNIT = "other_unit"
    OUT_OF_DATE = "out_of_date"
    ALTERED = "altered"
    UNVERIFIABLE = "unverifiable"
    NONE = "none"


STATE_NAMES: dict[State, str] = {
    State.VALID: N_("Signature valid"),
    State.APPENDED: N_("Valid, but content was added after signing"),
    State.UNTRUSTED: N_("Signer not trusted"),
    State.OTHER_UNIT: N_("Certificate is not this unit's"),
    State.OUT_OF_DATE: N_("Certificate expired or revoked"),
    State.ALTERED: N_("File was altered"),
    State.UNVERIFIABLE: N_("Cannot be verified"),
    State.NONE: N_("No electronic signature"),
}


class Outcome(StrEnum):
    """How one of the three checks ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.PASSED: N_("check passed"),
    Outcome.FAILED: N_("check failed"),
    Outcome.UNKNOWN: N_("not checked"),
}
CHECK_NAMES = {
    "digest": N_("Content since signing"),
    "value": N_("Signature value"),
    "certificate": N_("Certificate, seal and time"),
}
NOT_REGISTERED = N_("The certificate is not on the unit's list of registered certificates.")

Note = tuple[str, dict[str, Any]]
"""A msgid and its parameters; a page translates it."""


@dataclass(frozen=True)
class Verdict:
    """One signature as it was judged at `checked_at`; plain values only, so that it is stored as JSON."""

    state: State
    kind: str
    """pdf or ofd."""
    digest: Outcome = Outcome.UNKNOWN
    """Is what was signed still what is there."""
    value: Outcome = Outcome.UNKNOWN
    """Was the signature made with the key of the certificate."""
    certificate: Outcome = Outcome.UNKNOWN
    """Chain to a configured root, dates, revocation; for a seal also its maker and its own dates."""
    notes: tuple[Note, ...] = ()
    """Why it is so, the decisive one first."""
    holder: str = ""
    issuer: str = ""
    serial: str = ""
    fingerprint: str = ""
    """SHA-256 of the signer's certificate, hex."""
    signed_at: str = ""
    """ISO moment that the signer claims, empty when none is told."""
    seal: dict[str, Any] = field(default_factory=dict)
    """Of a seal: name, starts, ends (ISO dates), picture (data URI of a re-encoded PNG, may be absent)."""
    files: dict[str, list[str]] = field(default_factory=dict)
    """Of an OFD: changed, missing, unprotected paths, at most 20 each."""
    crl: dict[str, str] = field(default_factory=dict)
    """The revocation list used: issuer, updated, due (ISO), sha256."""
    checked_at: str = ""
    pages: list[str] = field(default_factory=list)
    """Text of an OFD's pages, shortened, with the first verdict on it: no picture of them is made here."""

    @property
    def signed_moment(self) -> datetime | None:
        """Return the claimed moment of signing."""
        return datetime.fromisoformat(self.signed_at) if self.signed_at else None

    def as_json(self) -> dict[str, Any]:
        """Return plain values to be stored."""
        return asdict(self)


def from_json(stored: Mapping[str, Any]) -> Verdict:
    """Return a stored verdict; keys of a later version are left out."""
    known = {key: value for key, value in stored.items() if key in Verdict.__dataclass_fields__}
    known |= {key: Outcome(known[key]) for key in CHECK_NAMES if key in known}
    notes = tuple((str(text), dict(params)) for text, params in known.get("notes", ()))
    return Verdict(**known | {"state": State(known["state"]), "notes": notes})


def for_unit(verdicts: Iterable[Verdict], registered: Iterable[str]) -> list[Verdict]:
    """Return the verdicts as they are for a unit: good only with a certificate among these fingerprints.

    A trusted authority does not mean the right unit.
    """
    known = frozenset(registered)
    return [_for_unit(verdict, known) for verdict in verdicts]


def _for_unit(verdict: Verdict, known: frozenset[str]) -> Verdict:
    if verdict.state not in (State.VALID, State.APPENDED) or verdict.fingerprint in known:
        return verdict
    return replace(verdict, state=State.OTHER_UNIT, notes=((NOT_REGISTERED, {}), *verdict.notes))


def seals_whole_file(verdicts: Iterable[Verdict]) -> bool:
    """Tell whether a file bears a good electronic signature and no bad one: no wet seal need be looked for on it.

    Nothing follows from it by itself; the reviewer still decides.
    """
    states = {verdict.state for verdict in verdicts}
    return State.VALID in states and not states & {State.ALTERED, State.OUT_OF_DATE, State.OTHER_UNIT, State.UNTRUSTED}
