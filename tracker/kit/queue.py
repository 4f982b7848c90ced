"""Transport of jobs: Huey carries (topic, row id); the rows are the record, so a lost call costs only time."""

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer

from tracker.kit.host import host
from tracker.kit.settings import Settings

HANDLERS: dict[str, Callable[[int], None]] = {}
"""Topic → job; filled by the worker's shell. The web process only sends and leaves it empty."""


def perform(topic: str, row_id: int) -> None:
    """Do the job of a topic for one row (runs in the worker)."""
    HANDLERS[topic](row_id)


@cache
def _carrier(url: str, secret: str) -> tuple[Huey, Any]:
    options: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret=secret)}
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        # No fsync per call: a batch makes fifty of them, and the sweep finds the rows of those that a power cut loses.
        huey = SqliteHuey("rectify", filename=url.removeprefix("sqlite:///"), fsync=False, **options)
    elif scheme.startswith("postgres"):
        huey = PostgresHuey("rectify", dsn=url, **options)
    else:
        huey = RedisHuey("rectify", url=url, **options)
    return huey, huey.task(name="perform")(perform)


def queue(settings: Settings) -> Huey:
    """Return the queue of these settings, with the one task registered on it."""
    huey, _task = _carrier(settings.queue_url, settings.secret_key)
    return huey


def enqueue(topic: str, row_id: int) -> None:
    """Put one call on the running application's queue."""
    settings = host().settings
    _huey, task = _carrier(settings.queue_url, settings.secret_key)
    task(topic, row_id)
