"""Drawing a sample by chance so that anybody can draw it again: only SHA-256 of the seed and the registry number."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple


class Candidate(NamedTuple):
    """A site or account that can be drawn: its registry number and its sponsor's id."""

    subject_id: int
    unit_id: int


def draw(candidates: Sequence[Candidate], number: int, seed: str, *, by_unit: bool = False) -> list[int]:
    """Return the registry numbers of `number` candidates (all, where there are fewer), in rising order.

    Each candidate's place in the draw is the SHA-256 of "seed:registry number"; the first `number` are taken. With
    `by_unit` each unit gives in proportion to what it runs, at least one where the number suffices for all units. The
    same seed over the same snapshot gives the same sample, in whatever order the candidates come.
    """
    if not by_unit:
        return sorted(each.subject_id for each in _first(candidates, number, seed))
    strata: dict[int, list[Candidate]] = defaultdict(list)
    for each in candidates:
        strata[each.unit_id].append(each)
    shares = shared_out({unit: len(of) for unit, of in strata.items()}, number, seed)
    return sorted(each.subject_id for unit, of in strata.items() for each in _first(of, shares[unit], seed))


def _first(candidates: Sequence[Candidate], number: int, seed: str) -> list[Candidate]:
    return sorted(candidates, key=lambda each: place(seed, each.subject_id))[:number]


def place(seed: str, number: int) -> str:
    """Return where something stands in a draw: the smaller the text, the earlier it is taken."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def shared_out(sizes: dict[int, int], number: int, seed: str) -> dict[int, int]:
    """Return how many each unit gives: one first where all can, then to whoever is furthest below its fair share."""
    total = sum(sizes.values())
    wanted = min(number, total)
    given = dict.fromkeys(sizes, 1 if wanted >= len(sizes) else 0)
    lots = {unit: place(seed, unit) for unit in sizes}
    for _ in range(wanted - sum(given.values())):
        open_ = [unit for unit in sizes if given[unit] < sizes[unit]]
        # in whole numbers: the fair share is wanted × size ÷ total
        given[min(open_, key=lambda each: (given[each] * total - wanted * sizes[each], lots[each]))] += 1
    return given
