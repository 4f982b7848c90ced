"""The name a person's file bears: a label for eyes, never a path."""

import unicodedata

LONGEST = 120
SUFFIXES = {
    "pdf": (".pdf",),
    "jpeg": (".jpg", ".jpeg"),
    "png": (".png",),
    "ofd": (".ofd",),
    "docx": (".docx",),
    "xlsx": (".xlsx",),
    "html": (".html",),
    "csv": (".csv",),
    "json": (".json",),
}
NAMELESS = "未命名"
UNSEEN = {"Cc", "Cf", "Cs"}
"""Unicode categories: control; format (bidi, zero-width, soft hyphen); half characters. Rare Chinese characters may be
of category Cn or Co on this Python, and people bear them in their names: they stay."""


def label(typed: str, kind: str) -> str:
    """Return the name as it is shown and offered for saving, at most 120 characters, ending as the file's kind asks.

    NFC; only the last part of a path; without control, direction-changing and zero-width characters.
    """
    text = "".join(char for char in typed if char.isspace() or unicodedata.category(char) not in UNSEEN)
    text = unicodedata.normalize("NFC", " ".join(text.replace("\\", "/").rsplit("/", 1)[-1].split()))
    stem, suffix = _split(text, kind)
    stem = stem.strip(". ")[: LONGEST - len(suffix)].rstrip(". ")
    return (stem or NAMELESS) + suffix


def _split(text: str, kind: str) -> tuple[str, str]:
    """Return (stem, suffix); a suffix of another kind stays part of the stem, so that `a.exe` becomes `a.exe.pdf`."""
    for suffix in SUFFIXES[kind]:
        if text.lower().endswith(suffix):
            return text[: -len(suffix)], text[-len(suffix) :]
    return text, SUFFIXES[kind][0]
