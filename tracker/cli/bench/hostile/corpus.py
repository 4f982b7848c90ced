"""The corpus: every file that somebody may try to hand in, and what must become of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tracker.cli.bench.hostile import archives, pdfs, pictures
from tracker.cli.bench.hostile.archives import EXCEL, FIELD, LAUGHS, MACROS, TEMPLATE
from tracker.files.refusals import EMPTY, LOOKS_LIKE, ONLY, REASONS, SEALED_OFFICE, TOO_LARGE, UNREADABLE

LOOKS = dict(LOOKS_LIKE)
WEB, SVG, GIF = LOOKS[b"<"], LOOKS[b"<svg"], LOOKS[b"GIF8"]
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE" + b"!$H+H*"
"""The text on which every virus scanner proves that it works; in two parts, so that this file is not found itself."""
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@dataclass(frozen=True)
class Hostile:
    """A file under its number: how it is made, the name it is handed in by, and what must become of it."""

    number: int
    name: str
    make: Callable[[], bytes]
    refused: str = ""
    """The sentence of the refusal; empty: it is kept."""
    kind: str = ""
    marks: tuple[str, ...] = ()
    slow: bool = False
    """It takes a processor for seconds and ends by a limit of its child process."""


def _kept(number: int, name: str, kind: str, make: Callable[[], bytes], *marks: str) -> Hostile:
    return Hostile(number, name, make, kind=kind, marks=marks)


CORPUS = (
    Hostile(1, "html.pdf", lambda: b"<!DOCTYPE html><script>alert(1)</script>", WEB),
    Hostile(2, "svg.png", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>', SVG),
    Hostile(3, "empty.pdf", bytes, EMPTY),
    _kept(4, "javascript.pdf", "pdf", pdfs.inline_javascript, "javascript"),
    _kept(5, "launch.pdf", "pdf", pdfs.nested_launch, "launch"),
    _kept(6, "program inside.pdf", "pdf", pdfs.embedded_program, "embedded"),
    Hostile(7, "password to open.pdf", partial(pdfs.encrypted_pdf, "u", "o"), REASONS["encrypted"]),
    Hostile(8, "password to change.pdf", partial(pdfs.encrypted_pdf, "", "o"), REASONS["encrypted"]),
    Hostile(9, "30000 x 30000.png", partial(pictures.png_claiming, 30_000, 30_000), REASONS["pixels"]),
    Hostile(10, "7700 x 7700, short.png", partial(pictures.png_claiming, 7700, 7700), REASONS["incomplete"]),
    Hostile(11, "remark of 80 MB.png", pictures.png_text_bomb, UNREADABLE),
    Hostile(12, "profile of 200 MB.png", pictures.png_profile_bomb, UNREADABLE),
    Hostile(13, "65000 x 65000.jpg", partial(pictures.jpeg_claiming, 65_000, 65_000), REASONS["pixels"]),
    Hostile(14, "half.jpg", lambda: (made := pictures.jpeg(300, 200))[: len(made) // 2], REASONS["incomplete"]),
    _kept(15, "jpeg and zip.jpg", "jpeg", lambda: pictures.jpeg() + archives.ofd()),
    Hostile(16, "html before.pdf", lambda: b"<html>" + pdfs.pdf(), WEB),
    _kept(17, "zip behind.pdf", "pdf", lambda: pdfs.pdf() + archives.ofd(), "appended"),
    Hostile(18, "350 metres.pdf", partial(pdfs.pdf, 1, (1e6, 1e6)), REASONS["page_size"]),
    Hostile(19, "3001 pages.pdf", partial(pdfs.pdf, 3001), REASONS["pages"]),
    Hostile(20, "swollen.pdf", pdfs.swollen_content_pdf, UNREADABLE, slow=True),
    _kept(21, "20000 x 20000.pdf", "pdf", pdfs.vast_image_pdf),
    Hostile(22, "nested.pdf", pdfs.nested_forms_pdf, UNREADABLE, slow=True),
    Hostile(23, "circle.pdf", pdfs.page_loop_pdf, UNREADABLE),
    Hostile(24, "half.pdf", lambda: (made := pdfs.pdf())[: len(made) // 2], REASONS["incomplete"]),
    _kept(25, "xfa.pdf", "pdf", pdfs.xfa_pdf, "xfa"),
    Hostile(26, "300 MB.ofd", lambda: archives.ofd_with("Doc_0/Res/a.bin", bytes(300 << 20)), REASONS["unpacked"]),
    Hostile(27, "path.ofd", lambda: archives.ofd_with("../../etc/cron.d/x"), UNREADABLE),
    Hostile(28, "xxe.ofd", partial(archives.ofd_declaring, XXE), UNREADABLE),
    Hostile(29, "laughs.ofd", partial(archives.ofd_declaring, LAUGHS), UNREADABLE),
    Hostile(30, "xxe, UTF-16.ofd", partial(archives.ofd_declaring, XXE, "UTF-16"), UNREADABLE),
    Hostile(31, "one name twice.ofd", partial(archives.ofd_with, "OFD.xml", "<other/>"), UNREADABLE),
    Hostile(32, "9000 members.ofd", archives.crowded_ofd, REASONS["unpacked"]),
    _kept(33, "sound.ofd", "ofd", partial(archives.ofd, 2)),
    _kept(34, "changed later.ofd", "ofd", lambda: archives.ofd_with("Doc_0/Pages/Page_1/Content.xml", "<changed/>")),
    Hostile(35, "docx bomb.pdf", lambda: archives.office(more={"word/x.xml": bytes(300 << 20)}), REASONS["unpacked"]),
    Hostile(36, "gif.jpg", pictures.gif, GIF),
    Hostile(37, "eicar.pdf", lambda: EICAR, ONLY),
    _kept(38, "moving.png", "png", pictures.animated_png),
    _kept(39, "place and script.jpg", "jpeg", pictures.jpeg_with_exif),
    Hostile(40, "tiff.jpg", pictures.tiff, ONLY),
    _kept(41, "sound.pdf", "pdf", partial(pdfs.pdf, 3)),
    Hostile(42, "21 MB.pdf", lambda: pdfs.pdf() + bytes(21 << 20), TOO_LARGE),
    _kept(43, "sound.docx", "docx", archives.office),
    _kept(44, "sound.xlsx", "xlsx", partial(archives.office, EXCEL, "xl/workbook.xml")),
    Hostile(45, "macros.docx", partial(archives.office, more={"word/vbaProject.bin": b"x"}), REASONS["macros"]),
    Hostile(46, "docm named.docx", partial(archives.office, MACROS), REASONS["macros"]),
    _kept(47, "template elsewhere.docx", "docx", lambda: archives.office(more={"word/a.rels": TEMPLATE}), "external"),
    _kept(48, "dde.docx", "docx", lambda: archives.office(more={"word/footer.xml": FIELD}), "dde"),
    Hostile(49, "password.docx", archives.locked_office, SEALED_OFFICE),
    Hostile(50, "password.ofd", lambda: archives.locked_zip(archives.ofd()), REASONS["encrypted_archive"]),
    Hostile(51, "two archives.ofd", lambda: archives.ofd() + archives.office(), REASONS["incomplete"]),
    Hostile(52, "archive.zip", lambda: archives.zipped({"a.pdf": "x"}), REASONS["other_archive"]),
    _kept(53, "program inside.ofd", "ofd", lambda: archives.ofd_with("Doc_0/Attachs/setup.exe", b"MZ"), "embedded"),
)
"""Numbers 1 to 42 are those of the first survey of such files; the others came with Office documents and archives."""
