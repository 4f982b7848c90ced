"""A small sample of `flask --app app bench ledger`: every page of it opens and the files are written."""

from pathlib import Path

from tracker.cli.bench.ledger import PAGES, figures


def test_the_ledgers_bench_measures_every_page_and_both_files(tmp_path: Path) -> None:
    found = {figure.name: figure.value for figure in figures(tmp_path, rows=120, requests=1, warm_up=0)}
    assert found["rows of the ledger"] == 120
    assert {name for name, _url in PAGES} <= set(found)
    assert min(found["xlsx: size"], found["csv: size"]) > 0
