import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from tracker.files.models import StoredFile
from tracker.files.operations import keep
from tracker.kit.clock import FixedClock
from tracker.kit.db import db
from tracker.kit.host import Host
from tracker.kit.settings import Settings
from tracker.kit.unit_of_work import unit_of_work

NOW = datetime(2021, 12, 28, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Somebody:
    actor_id: int | None = 7
    actor_name: str = "李某"
    address: str = "127.0.0.1"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Flask]:
    """The least that this room needs of the house: settings, clock, database."""
    settings = Settings.from_env({"RECTIFY_DATA": str(tmp_path / "data"), "RECTIFY_SECRET_KEY": "k"})
    app = Flask("installation")
    app.config.update(SQLALCHEMY_DATABASE_URI=settings.database_url, TESTING=True)
    app.extensions["rectify"] = Host(
        settings, FixedClock(NOW), Somebody, lambda _who: True, lambda _who, _what: True, lambda: "session"
    )
    db.init_app(app)
    with app.app_context():
        StoredFile.__table__.create(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def handed_in(installation: Flask) -> Callable[[bytes, str], StoredFile]:
    """Hand a file in as a signed-in person does, in one transaction."""

    def hand_in(data: bytes, name: str = "回复.pdf") -> StoredFile:
        with unit_of_work(Somebody(), FixedClock(NOW)) as work:
            token = keep(work, io.BytesIO(data), name).token
        return db.session.query(StoredFile).filter_by(token=token).one()

    return hand_in
