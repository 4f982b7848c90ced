"""Sorting pages by their codes: plain values."""

from tracker.scans.codes import parse
from tracker.scans.filing import Place, sort_pages
from tracker.scans.read import PageReading, unreadable


def read(n: int, *codes: tuple[str, int, int, int]) -> PageReading:
    return {"n": n, "turn": 0, "codes": [dict(zip(("token", "version", "page", "of"), c, strict=True)) for c in codes]}


def test_pages_are_ordered_by_the_sheet_and_each_other_kind_is_named() -> None:
    filed = sort_pages(
        [
            read(1, ("B", 1, 1, 2)),  # another case's
            read(2, ("A", 2, 4, 4)),
            read(3),
            read(4, ("A", 2, 1, 4)),
            read(5, ("A", 1, 3, 3)),  # of the round before
            unreadable(6),
            read(7, ("A", 2, 1, 4)),  # a second copy: the later one counts
            read(8, ("A", 2, 2, 4), ("B", 1, 2, 2)),  # two sheets copied onto one page
        ],
        "A",
        2,
    )
    assert filed.own == (Place(7, 2, 1, 4), Place(8, 2, 2, 4), Place(2, 2, 4, 4))
    assert (filed.of, filed.missing, filed.double) == (4, (3,), (1,))
    assert filed.outdated == (Place(5, 1, 3, 3),)
    assert filed.others == {"B": (1, 8)}
    assert (filed.uncoded, filed.unreadable) == ((3, 4), (6,))
    assert filed.order() == [7, 8, 2, 1, 3, 4, 5, 6]


def test_nothing_is_missing_where_no_page_of_the_sheet_is_there() -> None:
    filed = sort_pages([read(1), read(2)], "A", 1)
    assert (filed.of, filed.missing, filed.uncoded) == (0, (), (1, 2))


def test_only_codes_of_ours_are_understood() -> None:
    code = parse("https://office.example/base/r/ABCDEF2345/3/P2of10")
    assert code is not None
    assert (code.token, code.version, code.page, code.of) == ("ABCDEF2345", 3, 2, 10)
    for other in (
        "https://a/r/ABCDEF2345/3/P3of2",
        "https://a/r/ABCDEF2345/0/P1of1",
        "weixin://r/x",
        "https://a/r/AB/1/P1of1",
    ):
        assert parse(other) is None
