"""OFD and Office files, sound and hostile. The OFD here are made up and carry no seal."""

import io
import warnings
import zipfile
from collections.abc import Iterable, Mapping

OFD_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
ROOT = "<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
PAGE = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEMPLATE = (
    f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/attachedTemplate" Target="http://example.com/t.dotm" '
    'TargetMode="External"/></Relationships>'
)
FIELD = (
    f'{HEAD}<w:document xmlns:w="w"><w:r><w:instrText>DDE</w:instrText></w:r>'
    "<w:r><w:instrText>AUTO c:\\\\windows\\\\system32\\\\cmd.exe</w:instrText></w:r></w:document>"
)
LAUGHS = "<!DOCTYPE lolz [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
)
Members = Mapping[str, bytes | str]


def zipped(members: Members | Iterable[tuple[str, bytes | str]]) -> bytes:
    """Return a ZIP of these members, in their order; a name may occur twice."""
    out = io.BytesIO()
    pairs = members.items() if isinstance(members, Mapping) else members
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        warnings.simplefilter("ignore")  # about the name that is meant to occur twice
        for name, data in pairs:
            made.writestr(name, data)
    return out.getvalue()


def ofd_members(pages: int = 1, prologue: str = HEAD, declared: str = "") -> dict[str, bytes | str]:
    """Return the members of a sound OFD; `prologue` and `declared` stand in its first file, for those that are not."""
    return {
        "OFD.xml": f'{prologue}{declared}<ofd:OFD {OFD_SPACE} Version="1.0">{ROOT}</ofd:OFD>',
        "Doc_0/Document.xml": f"{HEAD}<ofd:Document {OFD_SPACE}><ofd:Pages>{PAGE * pages}</ofd:Pages></ofd:Document>",
        "Doc_0/Pages/Page_0/Content.xml": f"{HEAD}<ofd:Page {OFD_SPACE}/>",
    }


def ofd(pages: int = 1, **more: bytes | str) -> bytes:
    """Return an OFD with further members."""
    return zipped({**ofd_members(pages), **more})


def ofd_with(name: str, data: bytes | str = "x") -> bytes:
    """Return an OFD with one more member, whatever its name."""
    return zipped([*ofd_members().items(), (name, data)])


def ofd_declaring(declared: str, encoding: str = "UTF-8") -> bytes:
    """Return an OFD whose first file declares a document type."""
    members = ofd_members(prologue=f'<?xml version="1.0" encoding="{encoding}"?>', declared=declared)
    return zipped({**members, "OFD.xml": str(members["OFD.xml"]).encode(encoding)})


def crowded_ofd(entries: int = 9000) -> bytes:
    """Return an OFD of that many members."""
    return zipped([*ofd_members().items(), *((f"Doc_0/Res/{n}.xml", "") for n in range(entries))])


def office(kind: str = WORD, main: str = "word/document.xml", more: Members | None = None) -> bytes:
    """Return a document whose main part has that type, with further members."""
    types = f'{HEAD}<Types><Override PartName="/{main}" ContentType="{kind}"/></Types>'
    return zipped({"[Content_Types].xml": types, main: f"{HEAD}<document/>", **(more or {})})


def locked_zip(data: bytes) -> bytes:
    """Return a ZIP whose first member is marked as encrypted, in both places."""
    central = data.index(b"PK\x01\x02")
    marked = bytearray(data)
    marked[6] |= 1
    marked[central + 8] |= 1
    return bytes(marked)


def locked_office() -> bytes:
    """Return the head of what Office writes for a document with a password."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1200) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
