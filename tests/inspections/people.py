"""Who these tests act as."""

from flask import Flask

from tests import factories
from tracker.org.models import Role, Unit, UnitKind
from tracker.org.policy import Work

ROLES = {
    "clerk": Role.CLERK,
    "director": Role.DIRECTOR,
    "reviewer": Role.REVIEWER,
    "observer": Role.OBSERVER,
    "sysadmin": Role.SYSTEM_ADMIN,
    "secadmin": Role.SECURITY_ADMIN,
    "auditor": Role.AUDITOR,
}


def settle(work: Work) -> Unit:
    """Add one person per role and the police with their contact; return the police."""
    for login, role in ROLES.items():
        factories.person(work, login, role)
    police = factories.unit(work, "市公安局", UnitKind.DEPARTMENT, full_name="阜新市公安局", rank=10)
    factories.person(work, "contact-police", Role.CONTACT, unit=police)
    return police


class QueryCount:
    """Counts the statements sent while the block runs, without those that open and end transactions."""

    def __init__(self, app: Flask) -> None:
        self.engine = app.extensions["sqlalchemy"].engine
        self.count = 0

    def __enter__(self) -> "QueryCount":
        from sqlalchemy import event

        event.listen(self.engine, "before_cursor_execute", self._seen)
        return self

    def __exit__(self, *_error: object) -> None:
        from sqlalchemy import event

        event.remove(self.engine, "before_cursor_execute", self._seen)

    def _seen(self, *_statement: object) -> None:
        self.count += 1
