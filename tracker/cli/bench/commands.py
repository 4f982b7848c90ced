"""`flask bench` and `flask bench load N`."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import click
from flask.cli import with_appcontext

from tracker.cli.bench.figures import Figure, table
from tracker.kit.errors import Refused
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM

PARTS = ("pages", "issue", "papers", "start")


@dataclass(frozen=True)
class Plan:
    """How much is measured: notices of the two ledgers, requests per page and ledger."""

    small: int
    large: int
    requests: int


@click.group(invoke_without_command=True)
@click.option("--small", default=10_000, show_default=True, help="Notices of the smaller ledger.")
@click.option("--large", default=100_000, show_default=True, help="Notices of the larger one.")
@click.option("--requests", default=30, show_default=True, help="Requests per page and ledger.")
@click.option("--part", type=click.Choice(PARTS), help="Only this part.")
@click.pass_context
def bench(context: click.Context, small: int, large: int, requests: int, part: str | None) -> None:
    """Measure everything that has a budget, in temporary folders; exit 1 when a budget is broken."""
    if context.invoked_subcommand is not None:
        return
    plan = Plan(small, large, requests)
    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        figures = [figure for name in PARTS if part in (None, name) for figure in _measured(name, Path(folder), plan)]
    click.echo(table(figures))
    broken = sum(not figure.ok for figure in figures)
    click.echo(f"{broken} of {sum(figure.at_most is not None for figure in figures)} budgets broken")
    context.exit(1 if broken else 0)


def _measured(part: str, folder: Path, plan: Plan) -> Iterator[Figure]:
    from tracker.cli.bench import acts, pages  # noqa: PLC0415  (only who measures pays for the measuring tools)
    from tracker.cli.bench.world import World  # noqa: PLC0415

    def world(count: int) -> World:
        return World(folder / f"{part}-{count}", count)

    if part == "pages":
        small, large = world(plan.small), world(plan.large)
        yield Figure(f"loading {plan.large:,} notices", large.load_seconds, "s", 60, 1)
        yield from pages.page_figures(small, large, plan.requests)
        yield from pages.statement_figures(world(1), world(30))
    elif part == "issue":
        yield acts.issue_figure(world(plan.small))
    elif part == "papers":
        yield from acts.paper_figures()
    else:
        yield from acts.start_figures(folder / part)


@bench.command("load")
@click.argument("count", type=click.IntRange(1, 1_000_000))
@with_appcontext
def load_command(count: int) -> None:
    """Fill the present database, which must be empty, with COUNT issued notices."""
    from tracker.cli.bench.load import load  # noqa: PLC0415

    started = perf_counter()
    try:
        with unit_of_work(SYSTEM, host().clock) as work:
            load(work, count)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{count:,} notices in {perf_counter() - started:.1f} s")


@bench.command("papers")
@click.option("--count", default=300, show_default=True, type=click.IntRange(1, 10_000), help="Papers of the corpus.")
def papers_command(count: int) -> None:
    """Print a made-up corpus of papers, measure it, and time printing against WeasyPrint alone."""
    from tracker.cli.bench import papers  # noqa: PLC0415

    found = list(papers.figures(count, click.echo))
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


commands = [bench]
