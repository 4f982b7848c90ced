"""P2: numbers without gaps and without doubles, whoever asks at once and whatever is rolled back."""

from threading import Barrier, Thread

import pytest
from flask import Flask

from tests.conftest import WorkAs
from tracker.kit.clock import FixedClock
from tracker.kit.numbering import next_number
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM


class Broken(Exception):
    pass


def test_every_series_and_year_begins_with_one(work_as: WorkAs) -> None:
    with work_as() as work:
        asked = [("甲", 2021), ("甲", 2021), ("甲", 2022), ("乙", 2021), ("甲", 2021)]
        assert [next_number(work.session, *each) for each in asked] == [1, 2, 1, 1, 3]


def test_p02_a_rolled_back_number_is_given_again(work_as: WorkAs) -> None:
    with work_as() as work:
        assert next_number(work.session, "甲", 2021) == 1
    with pytest.raises(Broken), work_as() as work:
        assert next_number(work.session, "甲", 2021) == 2
        raise Broken
    with work_as() as work:
        assert next_number(work.session, "甲", 2021) == 2


def test_p02_many_at_once_get_every_number_once(app: Flask, clock: FixedClock) -> None:
    workers, rounds = 8, 10
    start, given = Barrier(workers), []

    def take(name: int) -> None:
        with app.app_context():
            start.wait()
            for n in range(rounds):
                try:
                    with unit_of_work(SYSTEM, clock) as work:
                        number = next_number(work.session, "甲", 2021)
                        if (name + n) % 4 == 0:
                            raise Broken
                    given.append(number)
                except Broken:
                    pass
            app.extensions["sqlalchemy"].session.remove()

    threads = [Thread(target=take, args=(name,)) for name in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, workers * rounds * 3 // 4 + 1))
    print(f"{len(given)} numbers, {workers * rounds - len(given)} rolled back")
