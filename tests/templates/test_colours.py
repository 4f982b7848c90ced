"""Words are readable in both themes: every ink of the theme on every ground, at least 4.5 to 1 (WCAG 1.4.3)."""

import re
from pathlib import Path

import pytest

THEME = (Path(__file__).resolve().parents[2] / "static/css/theme.css").read_text("utf-8")
INKS = [
    "ink",
    "muted",
    "primary",
    "official",
    "slate",
    "blue",
    "indigo",
    "amber",
    "green",
    "grey-green",
    "violet",
    "grey",
]
GROUNDS = ["ground", "surface", "primary-tint"]
FURTHER = [("on-primary", "primary"), ("amber", "amber-tint"), ("green", "green-tint"), ("muted", "tint")]
PAIRS = [(ink, ground) for ink in INKS for ground in GROUNDS] + FURTHER


def tokens(dark: bool) -> dict[str, str]:
    light_block, dark_block = re.findall(r":root \{(.*?)\}", THEME, re.DOTALL)[:2]
    text = light_block + (dark_block if dark else "")
    found = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", text))
    return {
        name: value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])
        for name, value in found.items()
    }


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_contrast(ink: str, ground: str, dark: bool) -> None:
    colours = tokens(dark)
    lighter, darker = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
