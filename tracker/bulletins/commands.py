"""Commands on bulletins."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale, gettext

from tracker.bulletins.operations.draft import unsaved
from tracker.bulletins.policy import Flag, lint
from tracker.bulletins.policy.flags import RULE_NAMES
from tracker.bulletins.policy.layout import RECIPIENT, annexes_line, text_of
from tracker.bulletins.policy.period import Period
from tracker.bulletins.queries import facts_of, lines_of
from tracker.kit.host import host
from tracker.kit.unit_of_work import unit_of_work
from tracker.org.policy import SYSTEM

bulletin = AppGroup("bulletin", help="Bulletins.")
commands = [bulletin]


@bulletin.command("lint")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
def lint_command(file: Path) -> None:
    """Check the arithmetic of a bulletin's text ("-" reads standard input); exit 1 when anything is flagged."""
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    flags = lint(text)
    with force_locale("zh_Hans_CN"):
        for flag in flags:
            click.echo(f"{file}:{_sentence(flag)}")
    raise SystemExit(1 if flags else 0)


@bulletin.command("draft")
@click.argument("period")
@click.option("--figures", is_flag=True, help="List each figure with the page of its rows instead.")
def draft_command(period: str, figures: bool) -> None:
    """Print the bulletin that the ledger writes for a month (2021-12), a half-year (2021-H2) or a year (2021)."""
    try:
        wanted = Period.parse(period)
    except ValueError:
        raise click.BadParameter("2021-12, 2021-H2 or 2021", param_hint="PERIOD") from None
    with unit_of_work(SYSTEM, host().clock, write=False) as work:
        draft = unsaved(work, wanted)
        facts = facts_of(work, draft, host().settings.office_name)
        lines = lines_of(draft, facts)
        if figures:
            for figure in facts.figures.values():
                click.echo("\t".join((figure.key, figure.shown, figure.rows)))
            return
        click.echo("\n".join((draft.title, f"{RECIPIENT}：", text_of(lines, facts.shown), *annexes_line(facts))))


def _sentence(flag: Flag) -> str:
    expected = gettext("the other figures give %(value)s", value=flag.expected) if flag.expected else ""
    said = gettext("written: %(value)s", value=flag.said)
    name = gettext(RULE_NAMES[flag.rule])
    return f"{flag.line}: [{flag.rule}] {name}：{'；'.join(filter(None, (said, expected)))}　“{flag.where[:60]}”"
