"""The store in an S3 bucket keeps the same promises as the folder; moto's server stands in for S3."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import obstore
import pytest
from flask import Flask

from tests.files import hostile
from tracker.files.fsck import Findings, check_files
from tracker.files.place import originals
from tracker.files.s3 import S3Store, store_at
from tracker.files.store import Absent, Damaged
from tracker.kit.db import db
from tracker.kit.errors import Refused
from tracker.kit.host import host

DATA = b"%PDF-1.7 \x00\xff" * 200_000
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address, port = server.get_host_and_port()
    yield f"http://{address}:{port}"
    server.stop()


@pytest.fixture
def url(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    import http.client

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    connection = http.client.HTTPConnection(endpoint.removeprefix("http://"))
    bucket = f"b{hashlib.sha256(request.node.name.encode()).hexdigest()[:12]}"
    connection.request("PUT", f"/{bucket}")
    assert connection.getresponse().status == 200
    connection.close()
    return f"s3://{bucket}/rectify?endpoint={endpoint}"


@pytest.fixture
def store(url: str) -> S3Store:
    return store_at(url)


def altered(store: S3Store, sha256: str, data: bytes) -> None:
    obstore.put(store._bucket, f"{sha256[:2]}/{sha256[2:4]}/{sha256}", data)


def test_p01_what_was_put_is_read_back_byte_for_byte_and_lies_there_once(store: S3Store):
    for _ in range(2):
        assert store.put(io.BytesIO(DATA)) == (SHA256, len(DATA))
    with store.open(SHA256) as file:
        assert file.read() == DATA
    assert list(store.list()) == [SHA256]
    found = store.stat(SHA256)
    assert (found.size, datetime.now(UTC) - found.kept_at < timedelta(minutes=1)) == (len(DATA), True)


def test_p01_altered_bytes_are_neither_served_nor_overwritten(store: S3Store):
    store.put(io.BytesIO(DATA))
    altered(store, SHA256, b"x" + DATA[1:])
    for act in (lambda: store.open(SHA256), lambda: store.put(io.BytesIO(DATA))):
        with pytest.raises(Damaged):
            act()
    assert list(store.list()) == [SHA256]


def test_absent_and_deleted(store: S3Store):
    store.put(io.BytesIO(DATA))
    store.delete(SHA256)
    store.delete(SHA256)
    assert list(store.list()) == []
    for ask in (store.open, store.stat):
        with pytest.raises(Absent):
            ask(SHA256)
    with pytest.raises(Absent):
        store.open("../../etc/passwd")


@pytest.mark.parametrize("away", ["s3://nowhere-at-all?endpoint={}", "s3://bucket?endpoint=http://127.0.0.1:1"])
def test_p11_a_store_that_is_away_is_said_plainly_and_nothing_is_kept(
    installation: Flask, handed_in: Any, endpoint: str, url: str, away: str
):
    host().settings = replace(host().settings, files_url=away.format(endpoint))
    with pytest.raises(Refused, match="could not be stored"):
        handed_in(hostile.png())


def test_p06_fsck_reads_the_bucket_as_it_reads_the_folder(installation: Flask, handed_in: Any, url: str):
    host().settings = replace(host().settings, files_url=url)
    gone, bad, _sound = (handed_in(hostile.png(width), "a.png").sha256 for width in (20, 30, 40))
    store = originals()
    assert isinstance(store, S3Store)
    orphan, _size = store.put(io.BytesIO(b"no row"))
    store.delete(gone)
    altered(store, bad, b"other bytes")
    now = datetime.now(UTC)
    assert check_files(db.session(), store, now).orphan == []
    found = check_files(db.session(), store, now + timedelta(hours=25))
    assert found == Findings(checked=3, missing=[gone], wrong=[bad], orphan=[orphan])


@pytest.mark.parametrize("address", ["http://host/bucket", "s3://", "/var/files"])
def test_only_an_s3_address_names_a_bucket(address: str):
    with pytest.raises(ValueError, match="RECTIFY_FILES_URL"):
        store_at(address)
