"""Signing in and out: throttled per account and per address; every failure has the same answer in the same time."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select, update

from tracker.audit.operations import record
from tracker.audit.policy import Word
from tracker.kit.errors import Invalid, Missing, TooMany
from tracker.kit.settings import Settings
from tracker.kit.words import N_
from tracker.org.models import Person, SignInAttempt, SignInSession
from tracker.org.policy import Work
from tracker.org.queries import failures_since, open_session_of, token_digest, wait_after

HASHER = PasswordHasher()
UNKNOWN = HASHER.hash(secrets.token_urlsafe(12))
"""Checked when no such account exists, so that an unknown name takes as long as a wrong password."""

LIMITS_PER_ACCOUNT = ((5, timedelta(minutes=1)), (20, timedelta(hours=1)))
LIMITS_EVERYWHERE = ((100, timedelta(hours=1)),)
"""Of an account over all addresses: high, so that nobody can shut another person out from elsewhere by a few tries."""
LIMITS_PER_ADDRESS = ((100, timedelta(hours=1)),)
REFUSED = N_("The name or the password is not right. Check both; after five wrong tries the account waits a minute.")
WRONG_CURRENT = N_("The current password is not right.")
COMMON = frozenset(
    {"password1234", "123456789012", "qwertyuiop12", "admin1234567", "fuxin1234567", "aaaaaaaaaaaa", "111111111111"}
)


def sign_in(work: Work, login: str, password: str, address: str, agent: str) -> tuple[Person, str] | None:
    """Return the person and the token of a new session, or None when the name or the password is wrong.

    The account is locked first, so that tries sent all at once are counted one after the other. A failed try is noted
    and must be committed by the caller.

    :raises TooMany: says in how many minutes the next try is allowed; such a try is neither checked nor counted.
    """
    work.session.execute(select(Person.id).where(Person.login == login).with_for_update())
    check_throttle(work, login, address)
    person = authenticate(work, login, password, address)
    return (person, open_session(work, person, address, agent)) if person else None


def check_throttle(work: Work, login: str, address: str) -> None:
    """Refuse a try that comes too soon after too many failures.

    :raises TooMany: says in how many minutes the next try is allowed.
    """
    since = work.now - timedelta(hours=1)
    here = failures_since(work.session, since, login=login, address=address)
    waits = [wait_after(here, n, window, work.now) for n, window in LIMITS_PER_ACCOUNT]
    everywhere = failures_since(work.session, since, login=login)
    waits += [wait_after(everywhere, n, window, work.now) for n, window in LIMITS_EVERYWHERE]
    if address:
        tries = failures_since(work.session, since, address=address)
        waits += [wait_after(tries, n, window, work.now) for n, window in LIMITS_PER_ADDRESS]
    if max(waits) > 0:
        raise TooMany(N_("Too many wrong tries. Please try again in %(minutes)s minutes."), max(waits))


def authenticate(work: Work, login: str, password: str, address: str) -> Person | None:
    """Return the active person whose name and password these are, or None; notes the attempt either way."""
    person = work.session.scalar(select(Person).where(Person.login == login))
    good = verifies(person.password_hash if person else UNKNOWN, password)
    accepted = person if good and person is not None and person.active else None
    work.session.add(SignInAttempt(login=login[:60], address=address, at=work.now, succeeded=accepted is not None))
    if accepted is None:
        record(work, Word.SIGN_IN_FAILED, login=login[:60])
    return accepted


def verifies(password_hash: str, password: str) -> bool:
    """Tell whether the password is the one behind the hash."""
    try:
        return HASHER.verify(password_hash, password)
    except VerificationError:
        return False


def open_session(work: Work, person: Person, address: str, agent: str) -> str:
    """Open a session for a person and return its token; only the token's digest is stored."""
    token = secrets.token_urlsafe(32)
    work.session.add(
        SignInSession(
            token_digest=token_digest(token),
            person_id=person.id,
            created_at=work.now,
            seen_at=work.now,
            address=address,
            agent=agent[:200],
        )
    )
    record(work, Word.SIGNED_IN, person, by=person.name)
    return token


def end_session(work: Work, token: str) -> None:
    """End the session of a token; an unknown or ended one is left alone."""
    found = open_session_of(work.session, token)
    if found is not None:
        found.ended_at, found.end_reason = work.now, "signed out"
        record(work, Word.SIGNED_OUT, found.person)


def end_sessions_of(work: Work, person_id: int, why: str, keep: int | None = None) -> None:
    """End every open session of a person, except the one with id `keep`."""
    query = update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    if keep is not None:
        query = query.where(SignInSession.id != keep)
    work.session.execute(query.values(ended_at=work.now, end_reason=why))


def sign_out_everywhere(work: Work) -> None:
    """End every session of the person who asks, this one included."""
    person_id = work.actor.person_id
    if person_id is not None:
        end_sessions_of(work, person_id, "signed out everywhere")
        record(work, Word.SIGNED_OUT_EVERYWHERE, work.session.get(Person, person_id))


def is_over(found: SignInSession, settings: Settings, work: Work) -> bool:
    """Tell whether a session has been idle or open for too long."""
    return work.now - found.seen_at > settings.idle or work.now - found.created_at > settings.absolute


def knows_password(work: Work, password: str, address: str) -> bool:
    """Tell whether the signed-in person knows the own password; a wrong one counts as a failed try, as at sign-in.

    :raises TooMany: too many wrong tries.
    """
    person = work.session.get_one(Person, work.actor.person_id)
    check_throttle(work, person.login, address)
    if verifies(person.password_hash, password):
        return True
    work.session.add(SignInAttempt(login=person.login, address=address, at=work.now, succeeded=False))
    record(work, Word.SIGN_IN_FAILED, person, login=person.login)
    return False


def change_password(work: Work, current: str, new: str) -> None:
    """Change the own password, end all other sessions.

    :raises Invalid: the current one is wrong, or the new one is refused by the rules of `password_fault`.
    """
    person = work.session.get_one(Person, work.actor.person_id)
    if not verifies(person.password_hash, current):
        raise Invalid({"current": WRONG_CURRENT})
    fault = password_fault(new, person)
    if fault or verifies(person.password_hash, new):
        raise Invalid({"new": fault or N_("The new password must differ from the current one.")})
    person.password_hash, person.must_change_password = HASHER.hash(new), False
    end_sessions_of(work, person.id, "password changed", keep=work.actor.session_id)
    record(work, Word.PASSWORD_CHANGED, person)


def password_fault(password: str, person: Person) -> str | None:
    """Return why a password is refused, or None.

    At least twelve characters of three kinds, without the account's name (GB/T 22239-2019 8.1.4.1 asks for complexity).
    """
    kinds: list[Callable[[str], bool]] = [str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum()]
    if len(password) < 12:
        return N_("Use at least 12 characters; a sentence you remember is best.")
    if sum(any(kind(character) for character in password) for kind in kinds) < 3:
        return N_("Use at least three kinds of characters: small letters, capitals, digits, signs.")
    if person.login.lower() in password.lower() or password.lower() in COMMON:
        return N_("Do not use the account's name or a common password.")
    return None


def set_keys(work: Work, *, off: bool) -> None:
    """Remember whether this person wants no single-key shortcuts.

    :raises Missing: nobody is signed in.
    """
    person = work.session.get(Person, work.actor.person_id) if work.actor.person_id else None
    if person is None:
        raise Missing
    person.keys_off = off
