"""The public edition as a page for a portal: what the paper says, as headings, paragraphs and tables."""

from tracker.editions.paper.markup import Told, page, tags_of, told

__all__ = ["Told", "page", "tags_of", "told"]
