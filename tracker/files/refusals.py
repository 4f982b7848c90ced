"""The sentences with which a file is refused or held back: what it is, why, and what to do."""

from tracker.kit.words import N_

ONLY = N_(
    "This file is neither a PDF or OFD nor a JPEG or PNG picture. Scan the paper as PDF, JPEG or PNG and upload that"
    " file."
)
LOOKS_LIKE = (
    (b"<svg", N_("This file is an SVG drawing, which can carry programs. Save it as PNG or PDF and upload that file.")),
    (b"<", N_("This file is a web page or another text file, not a scan. Upload the scan itself as PDF, JPEG or PNG.")),
    (b"MZ", N_("This file is a program, which is not taken. Upload the scan or the document itself.")),
    (b"\x7fELF", N_("This file is a program, which is not taken. Upload the scan or the document itself.")),
    (b"GIF8", N_("This file is a GIF picture. Save it as PNG or JPEG and upload that file.")),
    (b"Rar!", N_("This file is an archive. Unpack it and upload the documents in it one by one.")),
    (b"7z\xbc\xaf", N_("This file is an archive. Unpack it and upload the documents in it one by one.")),
    (b"\xd0\xcf\x11\xe0", N_("This file is an old Office document. Export it as PDF and upload that file.")),
)
SEALED_OFFICE = N_(
    "This Office document is protected by a password. Take the password off, export it as PDF and upload that file."
)
UNREADABLE = N_(
    "The file could not be opened safely: it may be damaged or unusually built."
    " Scan or export it again and upload the new file; if that fails too, call the office."
)
REASONS = {
    "incomplete": N_("The file is incomplete: its end is missing. Copy or scan it again and upload the new file."),
    "encrypted": N_("The PDF is protected by a password. Remove the protection and upload it again."),
    "encrypted_archive": N_("The file is protected by a password. Remove the protection and upload it again."),
    "broken": UNREADABLE,
    "xml": UNREADABLE,
    "pages": N_("The file has no page, or more than 3,000. Upload the signed and sealed pages only."),
    "page_size": N_(
        "A page of the PDF is larger than five metres. Print it to an ordinary paper size and upload that file."
    ),
    "pixels": N_("The picture has more than 80 million pixels. Scan it at 300 dpi and upload the new file."),
    "unpacked": N_(
        "The file would unpack to more than the system takes (4,000 parts or 200 MB). Export it as PDF and upload"
        " that file."
    ),
    "macros": N_(
        "This Office document contains macros, which are programs. Save it as .docx or .xlsx without macros, or export"
        " it as PDF, and upload that file."
    ),
    "other_archive": N_(
        "This file is an archive, or an Office document of a kind that is not taken. Unpack an archive and upload its"
        " documents one by one; export a document as PDF."
    ),
}
EMPTY = N_("The file is empty. Choose the scan again and upload it.")
TOO_LARGE = N_(
    "The file is larger than %(megabytes)s MB. Scan it at 300 dpi in grey or colour, or split it, and upload again."
)
NOT_KEPT = N_(
    "The file could not be stored (the server's disk may be full). Nothing was saved."
    " Tell the system administrator, then upload it again."
)
NOT_A_SCAN = N_(
    "A Word or Excel document cannot be the signed and sealed paper. Print it, have it signed and sealed, and scan it"
    " as PDF, JPEG or PNG; the document itself may be added to an item as evidence."
)
WAITS = N_(
    "This file waits for the virus check, because the scanner does not answer at the moment. It can be saved once it"
    " was checked; its pages can be looked at here."
)
INFECTED_LATER = N_(
    "The virus scanner found something in this file after it came in, so the original is locked. Its pages can be"
    " looked at here; ask the sender for a clean file."
)
