"""How long pages take: beside the floor, from ten thousand notices to a hundred thousand, and how many statements."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from werkzeug.test import Client

from tracker.cli.bench.figures import Figure
from tracker.cli.bench.floor import floor
from tracker.cli.bench.world import Browser, World, apart

WARM_UP = 3
FLOORS = 3.0
GROWTH = 1.2


@dataclass(frozen=True)
class Place:
    """A page as somebody sees it; `{n}` in the address becomes the newest notice, `{b}` a recent full batch."""

    name: str
    login: str
    url: str
    same_rows: bool = True
    """Whether both ledgers show as many rows; else its growth has no budget."""

    def address(self, world: World) -> str:
        """Return its address in this ledger."""
        return self.url.format(n=max(1, world.notices - 5), b=max(1, world.notices // 30))


PLACES = (
    Place("home, clerk", "clerk", "/"),
    Place("home, director", "director", "/"),
    Place("home, reviewer", "reviewer", "/"),
    Place("home, contact", "contact-7", "/"),
    Place("notices", "clerk", "/notices"),
    Place("one notice", "clerk", "/notices/{n}"),
    Place("one batch", "clerk", "/batches/{b}"),
    Place("batches", "clerk", "/batches"),
    Place("assignments, office", "clerk", "/assignments"),
    Place("assignments, contact", "contact-7", "/assignments", same_rows=False),
    Place("findings", "clerk", "/findings"),
)


class Stand:
    """One ledger with a browser for every page, and the times that were taken."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bare: Client = floor(world.settings.database_url)
        browsers: dict[str, Browser] = {}
        for place in PLACES:
            browsers.setdefault(place.login, world.browser(place.login))
        self.browsers = browsers
        self.floor_times: list[float] = []
        self.times: dict[str, list[float]] = {place.name: [] for place in PLACES}

    def measure(self, place: Place) -> None:
        """Fetch the floor and a page, one right after the other."""
        started = perf_counter()
        apart(lambda: self.bare.get("/"))
        self.floor_times.append(perf_counter() - started)
        self.times[place.name].append(self.browsers[place.login].seconds(place.address(self.world)))

    def milliseconds(self, place: Place) -> float:
        """Return the median of a page's times."""
        return 1000 * median(self.times[place.name][WARM_UP:])

    @property
    def floor(self) -> float:
        """The median of the floor's times, in milliseconds."""
        return 1000 * median(self.floor_times[WARM_UP:])


def page_figures(small: World, large: World, requests: int) -> Iterator[Figure]:
    """Yield medians, their ratio to the floor, and their growth.

    The ledgers take turns, so that a busy machine slows both.
    """
    stands = (Stand(small), Stand(large))
    for _ in range(WARM_UP + requests):
        for place in PLACES:
            for stand in stands:
                stand.measure(place)
    for stand in stands:
        yield Figure(f"floor at {stand.world.notices:,}", stand.floor, "ms", None, 1)
    for place in PLACES:
        for stand in stands:
            times = stand.milliseconds(place)
            yield Figure(f"{place.name} at {stand.world.notices:,}", times, "ms", None, 1)
            yield Figure("  beside the floor", times / stand.floor, "x", FLOORS)
        growth = stands[1].milliseconds(place) / stands[0].milliseconds(place)
        yield Figure("  growth", growth, "x", GROWTH if place.same_rows else None)


def statement_figures(one: World, thirty: World) -> Iterator[Figure]:
    """Yield how many more statements a page needs for thirty rows than for one."""
    for place in PLACES:
        counts = [_statements(world, place) for world in (one, thirty)]
        yield Figure(f"{place.name}: statements for 30 rows", counts[1], "", None, 0)
        yield Figure("  more than for 1 row", abs(counts[1] - counts[0]), "", 0, 0)


def _statements(world: World, place: Place) -> int:
    # With one notice only one unit has something to do: its contact is the one to look at.
    login = f"contact-{2 + 1}" if place.login.startswith("contact") else place.login
    browser = world.browser(login)
    with suppress(RuntimeError):
        browser.get(place.address(world))
    return browser.statements(place.address(world))
