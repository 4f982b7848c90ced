"""Marking sentences for translation where no web library may be imported."""


def N_(msgid: str) -> str:  # noqa: N802  (the gettext world's own name for "mark, do not translate")
    """Mark an English msgid for extraction and return it unchanged; the page translates it when it is shown."""
    return msgid
