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

PARTS = ("pages", "issue", "papers", "start", "escalation")


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
    from tracker.cli.bench.escalation import escalation_figures  # noqa: PLC0415
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
    elif part == "escalation":
        yield from escalation_figures(world(plan.small), world(plan.large))
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
@click.option("--speed/--no-speed", default=True, help="Time printing against WeasyPrint alone, too.")
def papers_command(count: int, speed: bool) -> None:
    """Print a made-up corpus of papers, measure it, and time printing against WeasyPrint alone."""
    from tracker.cli.bench import papers  # noqa: PLC0415

    found = list(papers.figures(count, click.echo, speed=speed))
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("stack")
@click.option("--seed", default=1, show_default=True, help="Of the shuffling, turning and scanning.")
def stack_command(seed: int) -> None:
    """Read, sort and copy apart a made-up scan of sixty pages of ten units' reply sheets (synthetic)."""
    from tracker.cli.bench import stack  # noqa: PLC0415

    found = list(stack.figures(seed, click.echo))
    stack.end()
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("scans")
@click.option("--count", default=240, show_default=True, type=click.IntRange(10, 10_000), help="Pages of each half.")
@click.option("--seed", help="Only pages of this seed, instead of the tuning half and the half held back.")
def scans_command(count: int, seed: str | None) -> None:
    """Look for seals, signatures and codes on made-up scans whose truth is known (synthetic data: optimistic)."""
    from tracker.cli.bench import scans  # noqa: PLC0415

    seeds = (seed,) if seed else (scans.TUNING, scans.HELD_BACK)
    found = list(scans.figures(count, seeds, click.echo))
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("files")
def files_command() -> None:
    """Hand the hostile corpus in through the real pages; then other people's pages while bombs are uploaded."""
    from tracker.cli.bench import files  # noqa: PLC0415
    from tracker.cli.bench.world import World  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        found = list(files.figures(World(Path(folder) / "files", 1000), click.echo))
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("workdays")
def workdays_command() -> None:
    """Compare working days, counts, rules and explanations with an independent model: every day 2018-2027, N 1-60."""
    from tracker.cli.bench import workdays  # noqa: PLC0415

    try:
        found = list(workdays.figures())
    except FileNotFoundError as missing:
        raise click.ClickException(f"The notices to compare with are missing: {missing.filename}.") from missing
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("reminders")
@click.option("--units", default=300, show_default=True, type=click.IntRange(1, 5000))
@click.option("--notices", default=3000, show_default=True, type=click.IntRange(1, 100_000), help="Of the year.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 366))
@click.option("--open", "count", default=100_000, show_default=True, help="Open assignments of the tick; 0: no tick.")
@click.option("--seed", default=2021, show_default=True, help="Of the dice.")
def reminders_command(units: int, notices: int, days: int, count: int, seed: int) -> None:
    """Live a year of reminders against an independent model and the forecast; then tick over very many assignments."""
    from tracker.cli.bench import reminders  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        found = list(reminders.year_figures(Path(folder) / "year", units, notices, days, seed))
        found += reminders.tick_figures(Path(folder) / "tick", count) if count else []
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("submits")
@click.option("--rounds", default=200, show_default=True, type=click.IntRange(1, 10_000), help="Servers killed.")
@click.option("--seed", default=2021, show_default=True, help="Of the moments of the kills.")
def submits_command(rounds: int, seed: int) -> None:
    """Kill -9 the server while units submit: what it acknowledged must be there, bytes and all."""
    from tracker.cli.bench import submits  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        found = list(submits.figures(Path(folder), rounds, seed))
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("bulletins")
@click.option("--seed", default=12, show_default=True, help="Of the made-up ledgers.")
@click.option("--ledgers", default=1000, show_default=True, type=click.IntRange(100, 1100), help="Months made up.")
def bulletins_command(seed: int, ledgers: int) -> None:
    """Compare the figures of made-up months with a plain count; alter every figure of five bulletins by one."""
    from tracker.cli.bench.months.figures import figures  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        found = list(figures(Path(folder), seed, ledgers))
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("ledger")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(100, 1_000_000), help="Of the ledger.")
@click.option("--requests", default=20, show_default=True, type=click.IntRange(1, 1000), help="Of each page.")
@click.option("--database", default="", help="URL of an empty PostgreSQL database; SQLite without it.")
@click.option("--keep", default="", help="Folder to fill, or to measure again where it is filled already.")
def ledger_command(rows: int, requests: int, database: str, keep: str) -> None:
    """Time the ledger's page, its filters and its search beside the floor, and write it as workbook and CSV."""
    from tracker.cli.bench import ledger  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        found = list(ledger.figures(Path(keep or folder), rows, requests, database))
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("letters")
@click.option("--rounds", default=200, show_default=True, type=click.IntRange(1, 10_000), help="Days of kills.")
@click.option("--seed", default=2022, show_default=True, help="Of moments, moods and clocks.")
def letters_command(rounds: int, seed: int) -> None:
    """Kill -9 the workers that send letters, 1, 2 and 4 at once; the mail server refuses, hangs and loses answers."""
    from tracker.cli.bench.letters import siege  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="rectify-bench-") as folder:
        found = list(siege.figures(Path(folder), rounds, seed))
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


@bench.command("signatures")
def signatures_command() -> None:
    """Judge made-up signed PDFs and sealed OFDs, SM2 against the openssl command; exit 1 when one is judged wrong."""
    from tracker.cli.bench.signatures import figures  # noqa: PLC0415  (only who measures pays for it)

    found = list(figures.figures())
    click.echo(table(found))
    raise SystemExit(0 if all(figure.ok for figure in found) else 1)


commands = [bench]
