"""The store behind the same five calls in an S3 bucket, through obstore; every byte goes through us, both ways."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore import exceptions as trouble
from obstore.store import S3Store as Bucket

from tracker.files.store import CHUNK, Absent, Damaged, Stat, is_hash


class S3Store:
    """A bucket, or a part of one below a prefix; keys are `ab/cd/<sha256>`."""

    def __init__(self, bucket: Any) -> None:
        self._bucket = bucket

    def put(self, stream: BinaryIO) -> tuple[str, int]:
        """Send the bytes under their hash unless they are there; S3 answers when they are safe. See `Store.put`."""
        data = stream.read()  # a file has at most 20 MB, and its hash is needed before its first byte is sent
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            with _said_plainly():
                obstore.put(self._bucket, _key(sha256), data, mode="create")
        except Absent as error:
            raise OSError("S3: no such bucket") from error
        except FileExistsError:
            self.open(sha256).close()  # the same bytes were kept before: make sure that they still are the same
        return sha256, len(data)

    def open(self, sha256: str) -> BinaryIO:
        """Fetch the bytes into a temporary file, checked. See `Store.open`."""
        with ExitStack() as unless_sound:
            file = unless_sound.enter_context(tempfile.SpooledTemporaryFile(max_size=CHUNK))
            digest = hashlib.sha256()
            with _said_plainly():
                for chunk in obstore.get(self._bucket, _key(sha256)).stream(min_chunk_size=CHUNK):
                    digest.update(chunk)
                    file.write(bytes(chunk))
            if digest.hexdigest() != sha256:
                raise Damaged(sha256)
            file.seek(0)
            unless_sound.pop_all()
        return cast(BinaryIO, file)

    def stat(self, sha256: str) -> Stat:
        """Return size and age. See `Store.stat`."""
        with _said_plainly():
            found = obstore.head(self._bucket, _key(sha256))
        return Stat(found["size"], found["last_modified"])

    def list(self) -> Iterator[str]:
        """Yield every hash. See `Store.list`."""
        with _said_plainly():
            for found in obstore.list(self._bucket):
                names = (each["path"].rsplit("/", 1)[-1] for each in found)
                yield from (name for name in names if is_hash(name))

    def delete(self, sha256: str) -> None:
        """Remove a file. See `Store.delete`."""
        with _said_plainly():
            obstore.delete(self._bucket, _key(sha256))


@lru_cache(maxsize=4)
def store_at(url: str) -> S3Store:
    """Return the store of `s3://bucket/prefix?endpoint=https://host&region=name`; its keys stand in AWS_… variables.

    :raises ValueError: it is no such address.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("RECTIFY_FILES_URL is s3://bucket/prefix?endpoint=https://host, or empty for the data folder.")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    endpoint = asked.get("endpoint", "")
    config: dict[str, Any] = {"region": asked.get("region", "us-east-1")}
    if endpoint:
        config["endpoint"] = endpoint
    bucket = Bucket(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=cast(Any, config),
        client_options={"timeout": timedelta(seconds=30), "allow_http": endpoint.startswith("http://")},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )
    return S3Store(bucket)


def _key(sha256: str) -> str:
    if not is_hash(sha256):
        raise Absent(sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Say obstore's errors as the local folder says its own."""
    try:
        yield
    except (FileNotFoundError, trouble.NotFoundError) as error:
        raise Absent("not in the bucket") from error
    except trouble.AlreadyExistsError as error:
        raise FileExistsError from error
    except trouble.BaseError as error:
        raise OSError(f"S3: {type(error).__name__}") from error
