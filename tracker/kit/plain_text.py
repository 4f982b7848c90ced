"""Text as people type it: nothing is escaped or removed here but what no paper and no database can carry."""

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids or discourages: controls other than line feed and tab, lone surrogates, non-characters."""


def clean(text: str | None) -> str:
    """Return the text with plain line ends, without forbidden characters and without blanks at both ends."""
    return FORBIDDEN.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str | None) -> str:
    """Return the cleaned text with every run of blanks and line ends as one space."""
    return " ".join(clean(text).split())


def sought(text: str | None) -> str:
    """Return what somebody looks for: one line of at most 100 characters, since databases refuse longer patterns."""
    return one_line(text)[:100]
