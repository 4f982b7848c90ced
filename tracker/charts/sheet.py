"""A drawing as an SVG file that stands by itself: its style inside, no address of the ledger in it."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.charts.drawing import draw
from tracker.charts.figure import Figure

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FAMILY = '"Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'
WIDTH = 640.0


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def svg_file(figure: Figure) -> str:
    """Return the drawing as an SVG document of one ink; the figure must have something to draw."""
    jinja = _environment()
    style = jinja.get_template("documents/parts/chart.css").render(family=FAMILY)
    macros = jinja.get_template("documents/parts/chart.html").make_module()
    drawn = macros.chart(draw(figure, WIDTH), figure.key, sheet=style, links=False)  # type: ignore[attr-defined]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{str(drawn).strip()}\n'
