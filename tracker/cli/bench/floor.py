"""The floor: the barest page of the same fifty rows that Flask, SQLAlchemy and Jinja can make."""

from flask import Flask, render_template_string
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, joinedload, selectinload
from werkzeug.test import Client

from tracker.notices.models import Notice

PAGE = """<!doctype html><title>Notices</title><table>
{% for notice in notices %}<tr><td>{{ notice.number }}</td><td>{{ notice.unit.name }}</td><td>{{ notice.title }}</td>
<td>{{ notice.state }}</td>
{% for row in notice.assignments %}<td>{{ row.state }}</td><td>{{ row.due_on }}</td>{% endfor %}</tr>
{% endfor %}</table>"""


def floor(database_url: str) -> Client:
    """Return a client of the bare application on this database."""
    engine = create_engine(database_url)
    app = Flask("floor")

    @app.get("/")
    def notices() -> str:
        query = select(Notice).options(joinedload(Notice.unit), selectinload(Notice.assignments))
        with Session(engine) as session:
            rows = session.scalars(query.order_by(Notice.id.desc()).limit(50)).all()
            return render_template_string(PAGE, notices=rows)

    return app.test_client()
