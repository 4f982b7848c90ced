"""An OFD file (GB/T 33190) as far as it is needed here: which files it shows, the text of its pages, its signatures."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any

from tracker.kit.archives import Archive, Unfit, parse_xml

PAGES = 500
"""Pages whose text is read."""
LONGEST_TEXT = 20_000
"""Characters of one page's text."""
SIGNATURES = 20
ENTRANCE = "OFD.xml"
NAMED = {"PublicRes", "DocumentRes", "PageRes", "MediaFile", "FontFile", "FileLoc", "Annotations"}
"""Elements whose text names a file that is shown; attachments are not, and may be no XML at all."""
LINE = 2.0
"""Millimetres by which the texts of one line may differ in height."""


@dataclass(frozen=True)
class Reference:
    """A file that a signature protects: as named, as it is called in the archive (None: missing), its digest."""

    named: str
    path: str | None
    digest: bytes


@dataclass(frozen=True)
class Entry:
    """One entry of Signatures.xml with what its Signature.xml says; paths as in the archive."""

    kind: str
    """Seal, or Sign for a bare signature value."""
    list_path: str
    path: str
    value_path: str | None
    seal_path: str | None
    method: str
    references: tuple[Reference, ...]

    @property
    def own(self) -> set[str]:
        """Return the files that belong to the signature itself."""
        return {path for path in (self.path, self.value_path, self.seal_path) if path}


class Ofd:
    """An OFD file of bytes, opened within bounds."""

    def __init__(self, data: bytes) -> None:
        """Open the archive and its entrance.

        :raises Unfit: it is no OFD, or not a safe one.
        """
        self.archive = Archive(data)
        root = self.xml(self._there(ENTRANCE))
        if name(root) != "OFD":
            raise Unfit("xml")
        self._bodies = [child for child in root if name(child) == "DocBody"]
        if not self._bodies:
            raise Unfit("xml")

    def xml(self, path: str) -> Any:
        """Return the root element of a file.

        :raises Unfit: it is absent or no safe XML.
        """
        return parse_xml(self.archive.read(path))

    def _there(self, path: str) -> str:
        found = self.archive.find(path)
        if found is None:
            raise Unfit("archive")
        return found

    def resolve(self, base: str, reference: str) -> str | None:
        """Return the archive's name of a path as written in the file `base`; None when there is no such file.

        Wrong case is tolerated, and so are paths written from the root without a leading slash.
        """
        reference = reference.strip()
        if not reference:
            return None
        absolute = reference if reference.startswith("/") else join(dirname(base), reference)
        for path in (normpath(absolute.lstrip("/")), normpath(reference.lstrip("/"))):
            found = self.archive.find(path)
            if found:
                return found
        return None

    def documents(self) -> list[str]:
        """Return the paths of the documents' roots.

        :raises Unfit: one that is named is not there.
        """
        return [self._there(normpath(text.lstrip("/"))) for text in self._named("DocRoot")]

    def _named(self, element: str) -> list[str]:
        return [text for body in self._bodies for text in texts(body, element)]

    def pages(self) -> list[str]:
        """Return the paths of all pages' contents, in order; a page that is named but absent is left out."""
        found = []
        for document in self.documents():
            for element in self.xml(document).iter():
                if name(element) == "Page" and element.get("BaseLoc"):
                    found.append(self.resolve(document, element.get("BaseLoc")))  # noqa: PERF401
        return [path for path in found if path]

    def shown(self) -> set[str]:
        """Return every file that takes part in what a reader sees: pages, templates, resources, annotations."""
        seen: set[str] = set()
        open_ends = self.documents()
        while open_ends:
            path = open_ends.pop()
            if path in seen:
                continue
            seen.add(path)
            if path.lower().endswith(".xml"):
                open_ends += self._leads_to(path)
        return seen

    def _leads_to(self, path: str) -> Iterator[str]:
        root = self.xml(path)
        folder = join(dirname(path), root.get("BaseLoc", ""), "x") if name(root) == "Res" else path
        for element in root.iter():
            what = name(element)
            if what == "Res":
                continue
            written = [element.text or ""] if what in NAMED else []
            if what in ("Page", "TemplatePage") and element.get("BaseLoc"):
                written.append(element.get("BaseLoc"))
            base = folder if what in ("MediaFile", "FontFile") else path
            yield from filter(None, (self.resolve(base, each) for each in written))

    def signatures(self) -> list[Entry]:
        """Return the signatures in their order.

        :raises Unfit: more than SIGNATURES, or one whose files are missing or no XML.
        """
        found = []
        for listed in self._named("Signatures"):
            list_path = self.resolve("", listed)
            if list_path is None:
                continue
            for element in self.xml(list_path).iter():
                if name(element) == "Signature" and element.get("BaseLoc"):
                    found.append(self._entry(list_path, element))  # noqa: PERF401
        if len(found) > SIGNATURES:
            raise Unfit("entries")
        return found

    def _entry(self, list_path: str, element: Any) -> Entry:
        path = self.resolve(list_path, element.get("BaseLoc"))
        if path is None:
            raise Unfit("archive")
        root = self.xml(path)
        value = next(iter(texts(root, "SignedValue")), "")
        seal = next((text for each in root.iter() if name(each) == "Seal" for text in texts(each, "BaseLoc")), "")
        method = next((each.get("CheckMethod", "") for each in root.iter() if name(each) == "References"), "")
        return Entry(
            kind=element.get("Type", "Seal"),
            list_path=list_path,
            path=path,
            value_path=self.resolve(path, value),
            seal_path=self.resolve(path, seal),
            method=method,
            references=tuple(self._references(path, root)),
        )

    def _references(self, base: str, root: Any) -> Iterator[Reference]:
        for element in root.iter():
            if name(element) == "Reference":
                named, written = element.get("FileRef", ""), next(iter(texts(element, "CheckValue")), "")
                digest = b""
                with suppress(NotBase64, ValueError):
                    digest = b64decode("".join(written.split()), validate=True)
                yield Reference(named, self.resolve(base, named), digest)

    def page_texts(self) -> list[str]:
        """Return the text of each page, in lines from top to bottom; a page that cannot be read gives an empty one."""
        found = []
        for path in self.pages()[:PAGES]:
            try:
                found.append(_text(self.xml(path)))
            except Unfit:
                found.append("")
        return found


def name(element: Any) -> str:
    """Return an element's name without its namespace (vendors use several); "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def texts(element: Any, wanted: str) -> list[str]:
    """Return the texts of the elements of that name below one."""
    return [each.text.strip() for each in element.iter() if name(each) == wanted and each.text]


def _text(page: Any) -> str:
    placed = []
    for each in page.iter():
        if name(each) == "TextObject":
            text = "".join(texts(each, "TextCode"))
            placed.append((*_place(each.get("Boundary", "")), text))
    lines: list[tuple[float, list[str]]] = []
    for top, _left, text in sorted(placed, key=lambda each: each[:2]):
        if lines and top - lines[-1][0] < LINE:
            lines[-1][1].append(text)
        else:
            lines.append((top, [text]))
    return "\n".join(" ".join(parts) for _top, parts in lines)[:LONGEST_TEXT]


def _place(boundary: str) -> tuple[float, float]:
    try:
        left, top = (float(each) for each in boundary.split()[:2])
    except ValueError:
        return 0.0, 0.0
    return top, left
