"""Zip archives and XML from strangers, read with bounds that hold while reading; imports only the standard library."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

MEGABYTE = 1 << 20
ENTRIES = 4000
TOTAL = 200 * MEGABYTE
"""Bytes that all entries together may unpack to."""
LARGEST_ENTRY = 60 * MEGABYTE
LARGEST_XML = 12 * MEGABYTE
CHUNK = 1 << 16
LONGEST_NAME = 300
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1


class Unfit(Exception):
    """The archive or the XML in it is refused; the text is a code: archive, entries, size, name, encrypted, xml."""


class Archive:
    """A zip archive of bytes: no path leads out of it, no name occurs twice, no entry unpacks beyond its bounds."""

    def __init__(self, data: bytes) -> None:
        """Look at the directory of the archive; nothing is unpacked yet.

        :raises Unfit: it is no archive, or one that no honest program writes.
        """
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise Unfit("archive") from error
        entries = self._zip.infolist()
        if len(entries) > ENTRIES:
            raise Unfit("entries")
        if sum(entry.file_size for entry in entries) > TOTAL:
            raise Unfit("size")
        if min((entry.header_offset for entry in entries), default=0) != 0:
            raise Unfit("archive")  # another archive stands before this one: which is meant is a guess
        self._entries = {_checked(entry): entry for entry in entries if not entry.is_dir()}
        # Two entries whose names differ in case only would let two readers see two documents.
        self._folded = {name.casefold(): name for name in self._entries}
        if len(self._folded) != sum(not entry.is_dir() for entry in entries):
            raise Unfit("name")
        self._left = TOTAL

    @property
    def names(self) -> tuple[str, ...]:
        """Return the paths of all files, without a leading slash, in the archive's order."""
        return tuple(self._entries)

    def find(self, path: str) -> str | None:
        """Return the archive's own name of a path (leading slash or wrong case tolerated), None when it is absent."""
        plain = path.lstrip("/")
        return plain if plain in self._entries else self._folded.get(plain.casefold())

    def read(self, name: str, most: int = LARGEST_ENTRY) -> bytes:
        """Return an entry's bytes; what the archive claims about its length is not believed.

        :raises Unfit: it is absent or damaged, unpacks to more than `most`, or all reads together to more than TOTAL.
        """
        if name not in self._entries:
            raise Unfit("archive")
        most = min(most, self._left)
        parts, size = [], 0
        try:
            with self._zip.open(self._entries[name]) as stream:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise Unfit("size")
                    parts.append(chunk)
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
            raise Unfit("archive") from error
        self._left -= size
        return b"".join(parts)


def _checked(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name when it may be one.

    :raises Unfit: it leads elsewhere, is encrypted, or packed by a method without use here.
    """
    name = entry.filename.removeprefix("/")
    steps = name.rstrip("/").split("/")
    if len(name) > LONGEST_NAME or "\\" in name or ":" in name or any(step in ("", ".", "..") for step in steps):
        raise Unfit("name")
    if entry.flag_bits & ENCRYPTED:
        raise Unfit("encrypted")
    if entry.compress_type not in METHODS:
        raise Unfit("archive")
    return name


def parse_xml(data: bytes) -> Any:
    """Return the root element (lxml) of XML without entities, without anything fetched.

    :raises Unfit: it is not well-formed, larger than LARGEST_XML, or has a document type (a byte search would miss it
        in UTF-16, so the parser is asked).
    """
    from lxml import etree  # noqa: PLC0415  (a child process sets its limits first)

    if len(data) > LARGEST_XML:
        raise Unfit("size")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, huge_tree=False, remove_pis=True
    )
    try:
        tree = etree.ElementTree(etree.fromstring(data, parser))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unfit("xml") from error
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise Unfit("xml")
    return tree.getroot()
