"""Sorting the pages of a scan by their codes: whose they are, what is missing, what belongs elsewhere. Plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tracker.scans.read import PageReading


@dataclass(frozen=True, slots=True)
class Place:
    """Where one physical page (from 1) belongs: page `page` of `of` of that version."""

    n: int
    version: int
    page: int
    of: int


@dataclass(frozen=True)
class Filed:
    """The pages of a scan as seen from one case; physical pages count from 1."""

    own: tuple[Place, ...] = ()
    """Of the wanted version, in the order of the sheet; of two copies of a page the later one."""
    missing: tuple[int, ...] = ()
    """Pages of the sheet that are not there; none where no page of the sheet is."""
    double: tuple[int, ...] = ()
    """Pages of the sheet that are there more than once."""
    outdated: tuple[Place, ...] = ()
    """Pages of another version of this case's sheet."""
    others: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Physical pages by another case's token; a page with two codes may be own as well."""
    uncoded: tuple[int, ...] = ()
    unreadable: tuple[int, ...] = ()

    @property
    def of(self) -> int:
        """Return how many pages the sheet has; 0 while none of them was found."""
        return max((place.of for place in self.own), default=0)

    def order(self) -> list[int]:
        """Return every physical page once: the sheet's own in their order, then the others as they lie."""
        first = [place.n for place in self.own]
        rest = {n for pages in self.others.values() for n in pages} | {place.n for place in self.outdated}
        rest |= set(self.uncoded) | set(self.unreadable)
        return list(dict.fromkeys([*first, *sorted(rest)]))


def sort_pages(pages: Sequence[PageReading], token: str, version: int) -> Filed:
    """Return where every page belongs, as seen from the case `token`, whose sheet now has that version."""
    cases = by_case(pages)
    mine = cases.pop(token, [])
    wanted = [place for place in mine if place.version == version]
    found = {place.page: place for place in wanted}
    twice = [place.n for place in wanted if found[place.page] != place]
    of = max((place.of for place in wanted), default=0)
    return Filed(
        own=tuple(found[page] for page in sorted(found)),
        missing=tuple(page for page in range(1, of + 1) if page not in found),
        double=tuple(sorted({place.page for place in wanted if place.n in twice})),
        outdated=tuple(place for place in mine if place.version != version),
        others={other: tuple(dict.fromkeys(place.n for place in places)) for other, places in cases.items()},
        uncoded=tuple([p["n"] for p in pages if not p["codes"] and not p.get("unreadable")] + twice),
        unreadable=tuple(p["n"] for p in pages if p.get("unreadable")),
    )


def by_case(pages: Sequence[PageReading]) -> dict[str, list[Place]]:
    """Return the places of all pages that carry a code, by the case's token, in the order of the scan."""
    cases: dict[str, list[Place]] = {}
    for page in pages:
        for code in page["codes"]:
            place = Place(page["n"], code["version"], code["page"], code["of"])
            cases.setdefault(code["token"], []).append(place)
    return cases
