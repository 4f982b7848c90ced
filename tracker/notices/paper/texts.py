"""How typed texts become a paper's paragraphs."""


def paragraphs(text: str) -> list[str]:
    """Return the non-empty lines of a text."""
    return [line.strip() for line in text.splitlines() if line.strip()]
