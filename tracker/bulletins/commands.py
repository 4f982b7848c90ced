"""Commands on bulletins."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale, gettext

from tracker.bulletins.policy import Flag, lint
from tracker.bulletins.policy.flags import RULE_NAMES

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


def _sentence(flag: Flag) -> str:
    expected = gettext("the other figures give %(value)s", value=flag.expected) if flag.expected else ""
    said = gettext("written: %(value)s", value=flag.said)
    name = gettext(RULE_NAMES[flag.rule])
    return f"{flag.line}: [{flag.rule}] {name}：{'；'.join(filter(None, (said, expected)))}　“{flag.where[:60]}”"
