"""What must hold before the product serves anybody."""

from flask import current_app
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from tracker.kit.host import host
from tracker.org.models import Person


class NotFit(SystemExit):
    """The installation may not be served as it is: the process ends with a sentence that says why and what to do."""


def check_start(session: Session) -> None:
    """Refuse a start that mixes the demonstration with real work; a database without tables is let through.

    :raises NotFit: a production start finds demo accounts or a moved clock, or a moved clock meets real accounts.
    """
    settings = host().settings
    if not inspect(session.get_bind()).has_table(Person.__tablename__):
        return
    demo = session.scalar(select(func.count(Person.id)).where(Person.demo.is_(True))) or 0
    real = session.scalar(select(func.count(Person.id)).where(Person.demo.is_(False))) or 0
    if settings.production and demo:
        raise NotFit("This database holds demo accounts; a production start refuses them. Use an empty data folder.")
    if settings.production and (settings.now or current_app.debug):
        raise NotFit("RECTIFY_NOW and debug mode are for the demonstration only; unset them for production.")
    if settings.now and real:
        raise NotFit("RECTIFY_NOW moves the clock of real work; unset it, or use the demonstration's data folder.")
