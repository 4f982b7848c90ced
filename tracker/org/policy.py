"""Who may do what: one enum of permissions, one map from roles, and the identity that is asked.

A permission is granted by roles; what it may be used on is decided by predicates that the rooms above register.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tracker.kit.unit_of_work import UnitOfWork
from tracker.kit.words import N_
from tracker.org.models import Role, UnitKind


class Permission(StrEnum):
    """Every act and every kind of page; a route names exactly one."""

    ACCOUNTS_MANAGE = "accounts:manage"
    """Units and accounts: add, change, stop; never their roles, never content (system administrator)."""
    ROLES_GRANT = "roles:grant"
    """Grant and take roles (security administrator)."""
    CERTIFICATES_MANAGE = "certificates:manage"
    """Register and retire the certificates with which units seal electronically; never whoever reviews replies."""
    RECORD_READ = "record:read"
    """Read and verify the whole record (auditor)."""
    DELEGATE = "delegation:give"
    """Let somebody act in one's own role for some days."""
    REGISTRY_READ = "registry:read"
    REGISTRY_EDIT = "registry:edit"
    FINDING_READ = "finding:read"
    FINDING_WRITE = "finding:write"
    NOTICE_READ = "notice:read"
    NOTICE_DRAFT = "notice:draft"
    """Draft, change, submit, withdraw before issue."""
    NOTICE_SIGN = "notice:sign"
    """Return a draft, or sign it off and issue it; never one's own draft."""
    NOTICE_PRINT = "notice:print"
    """Have a draft's paper printed anew, or a failed one tried again."""
    NOTICE_VOID = "notice:void"
    ASSIGNMENT_READ = "assignment:read"
    """Open assignments: the office all, a unit its own."""
    ASSIGNMENT_ACKNOWLEDGE = "assignment:acknowledge"
    REPLY_WRITE = "reply:write"
    REPLY_REGISTER = "reply:register"
    """Register for a unit a reply that came on paper or by messenger (代录); who did so never reviews it."""
    REPLY_READ = "reply:read"
    REPLY_REVIEW = "reply:review"
    ASSIGNMENT_REOPEN = "assignment:reopen"
    REQUEST_ASK = "request:ask"
    """Ask for an extension or dispute a problem, for the own unit."""
    REQUEST_AGREE = "request:agree"
    """Agree inside the unit, as its leader, before a request goes to the office."""
    REQUEST_READ = "request:read"
    """See what the units ask for."""
    REQUEST_RECOMMEND = "request:recommend"
    """Give an opinion on a request, for who decides."""
    REQUEST_DECIDE = "request:decide"
    """Decide on a request; never one's own opinion."""
    BULLETIN_READ = "bulletin:read"
    """See drafts of bulletins and the streams they count."""
    BULLETIN_DRAFT = "bulletin:draft"
    """Draft and change bulletins, enter error reports, change requests, publication figures and lines of work."""
    ESCALATION_DECIDE = "escalation:decide"
    """Decide on what the system proposes against overdue answers, and set the terms; letters need `NOTICE_DRAFT`."""
    TALK_DECIDE = "escalation:talk"
    """Decide that a unit's leaders are asked to a talk (约谈)."""
    REMINDERS_SET = "reminders:set"
    """Set when units are reminded and of what, and have chosen ones reminded at once (催办); try it on a copy."""
    TRANSFER_MAKE = "transfer:make"
    """Hand items of the own unit's assignment down to a unit below it, and take its answer over."""
    TRANSFER_ANSWER = "transfer:answer"
    """Answer, for the own unit, what the unit above handed down."""
    CONTACT_CHANGE = "contact:change"
    """Name who takes over as a unit's contact; the role itself is the security administrator's to move."""
    SELFCHECK_ANSWER = "self-inspection:answer"
    """Answer, for the own unit, the self-inspections that the office opened."""
    CALENDAR_EDIT = "calendar:edit"
    """Store days of the office's working calendar and set the usual deadlines; everybody may read them."""


P = Permission
OFFICE_READS = frozenset(
    {P.REGISTRY_READ, P.FINDING_READ, P.NOTICE_READ, P.ASSIGNMENT_READ, P.REPLY_READ, P.REQUEST_READ}
    | {P.BULLETIN_READ}
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: OFFICE_READS
    | {P.REGISTRY_EDIT, P.FINDING_WRITE, P.NOTICE_DRAFT, P.NOTICE_PRINT, P.REPLY_REGISTER, P.REQUEST_RECOMMEND}
    | {P.CONTACT_CHANGE}
    | {P.ESCALATION_DECIDE, P.CALENDAR_EDIT, P.REMINDERS_SET, P.CERTIFICATES_MANAGE, P.BULLETIN_DRAFT},
    Role.DIRECTOR: OFFICE_READS
    | {P.NOTICE_SIGN, P.NOTICE_PRINT, P.NOTICE_VOID, P.ASSIGNMENT_REOPEN, P.DELEGATE, P.CALENDAR_EDIT, P.REMINDERS_SET}
    | {P.REQUEST_DECIDE, P.ESCALATION_DECIDE, P.TALK_DECIDE},
    Role.REVIEWER: OFFICE_READS | {P.REPLY_REVIEW, P.REPLY_REGISTER, P.ASSIGNMENT_REOPEN, P.DELEGATE},
    Role.OBSERVER: OFFICE_READS,
    Role.CONTACT: frozenset(
        {P.ASSIGNMENT_READ, P.ASSIGNMENT_ACKNOWLEDGE, P.REPLY_WRITE, P.REPLY_READ, P.REQUEST_ASK}
        | {P.TRANSFER_MAKE, P.TRANSFER_ANSWER, P.SELFCHECK_ANSWER}
    ),
    Role.LEADER: frozenset({P.ASSIGNMENT_READ, P.REPLY_READ, P.REQUEST_AGREE, P.CONTACT_CHANGE}),
    Role.SYSTEM_ADMIN: frozenset({P.ACCOUNTS_MANAGE}),
    Role.SECURITY_ADMIN: frozenset({P.ROLES_GRANT, P.CERTIFICATES_MANAGE}),
    Role.AUDITOR: frozenset({P.RECORD_READ}),
}

OFFICE_ROLES = frozenset({Role.CLERK, Role.DIRECTOR, Role.REVIEWER, Role.OBSERVER})
UNIT_ROLES = frozenset({Role.CONTACT, Role.LEADER})
ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
DELEGABLE = frozenset({Role.DIRECTOR, Role.REVIEWER})

ROLE_NAMES: dict[Role, str] = {
    Role.CLERK: N_("Clerk"),
    Role.DIRECTOR: N_("Director"),
    Role.REVIEWER: N_("Reviewer"),
    Role.CONTACT: N_("Unit contact"),
    Role.LEADER: N_("Unit leader"),
    Role.OBSERVER: N_("Observer"),
    Role.SYSTEM_ADMIN: N_("System administrator"),
    Role.SECURITY_ADMIN: N_("Security administrator"),
    Role.AUDITOR: N_("Auditor"),
}

UNIT_KIND_NAMES: dict[UnitKind, str] = {
    UnitKind.OFFICE: N_("Supervising office"),
    UnitKind.DISTRICT: N_("District"),
    UnitKind.COUNTY: N_("County"),
    UnitKind.DEPARTMENT: N_("Department"),
    UnitKind.SUBORDINATE: N_("Subordinate unit"),
}

MAX_DELEGATION_DAYS = 90
"""A delegation ends by itself; longer absences are a change of roles."""


def misplaced(role: Role, kind: UnitKind) -> str | None:
    """Return why somebody of such a unit may not hold the role, or None: all units' content stays inside the office."""
    if role in OFFICE_ROLES - {Role.OBSERVER} and kind != UnitKind.OFFICE:
        return N_("This role is for people of the supervising office.")
    if role in UNIT_ROLES and kind == UnitKind.OFFICE:
        return N_("This role is for people of the supervised units.")
    return None


def conflict(roles: frozenset[Role]) -> str | None:
    """Return the sentence that says why these roles may not be one person's, or None.

    The three administrators exclude one another and every role with content (GB/T 22239-2019 8.1.5: 三权分立);
    a unit's people hold no role in the supervising office.
    """
    if len(roles & ADMIN_ROLES) > 1:
        return N_("The three administrators must be three different people.")
    if roles & ADMIN_ROLES and roles - ADMIN_ROLES:
        return N_("An administrator handles no content: take the other roles away first.")
    if roles & OFFICE_ROLES and roles & UNIT_ROLES:
        return N_("One person cannot work for the office and answer for a unit.")
    return None


@dataclass(frozen=True)
class Acting:
    """Whose role a deputy uses today."""

    person_id: int
    name: str
    role: Role


@dataclass(frozen=True)
class Identity:
    """Who is asking, as plain values: fixed for one request."""

    person_id: int | None = None
    name: str = ""
    unit_id: int | None = None
    unit_name: str = ""
    roles: frozenset[Role] = frozenset()
    acting_for: tuple[Acting, ...] = ()
    session_id: int | None = None
    must_change_password: bool = False
    locale: str = "zh_Hans_CN"
    keys_off: bool = False
    """No single-key shortcuts."""
    address: str = ""
    own: frozenset[Permission] = field(default=frozenset(), init=False)

    def __post_init__(self) -> None:
        granted: frozenset[Permission] = frozenset().union(*(GRANTS[role] for role in self.roles))
        object.__setattr__(self, "own", granted)

    @property
    def actor_id(self) -> int | None:
        """Return the person's id for the record."""
        return self.person_id

    @property
    def actor_name(self) -> str:
        """Return the person's own name for the record."""
        return self.name

    @property
    def is_office(self) -> bool:
        """Tell whether the person works in the supervising office (by a role of theirs or one they deputise for)."""
        return bool(OFFICE_ROLES & (self.roles | {acting.role for acting in self.acting_for}))

    def acting(self, permission: str) -> Acting | None:
        """Return the delegation that grants `permission`, or None when own roles grant it (or nothing does)."""
        if permission in self.own:
            return None
        return next((acting for acting in self.acting_for if permission in GRANTS[acting.role]), None)

    def signature(self, permission: str) -> str:
        """Return the name under an act that needed `permission`: "王×", or "李× 代 王×" under a delegation."""
        acting = self.acting(permission)
        return f"{self.name} 代 {acting.name}" if acting else self.name

    def hands(self, permission: str) -> frozenset[int]:
        """Return the ids of everybody whose hand such an act is: the person, and whom they deputise for."""
        acting = self.acting(permission)
        return frozenset(id_ for id_ in (self.person_id, acting.person_id if acting else None) if id_ is not None)


VISITOR = Identity()
SYSTEM = Identity(name="系统")
Work = UnitOfWork[Identity]
Predicate = Callable[[Identity, Any], bool]
_RULES: dict[str, list[Predicate]] = {}


def rule(permission: Permission) -> Callable[[Predicate], Predicate]:
    """Register a predicate that must hold, besides the role, when `permission` is used on an object."""

    def register(predicate: Predicate) -> Predicate:
        _RULES.setdefault(permission, []).append(predicate)
        return predicate

    return register


def can(identity: Identity, permission: str, subject: Any = None) -> bool:
    """Tell whether `identity` may use `permission`, on `subject` when one is given."""
    granted = permission in identity.own or identity.acting(permission) is not None
    return granted and (subject is None or all(holds(identity, subject) for holds in _RULES.get(permission, ())))
