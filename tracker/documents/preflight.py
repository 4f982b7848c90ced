"""Is everything here that papers need? Fonts, Pango, HarfBuzz's subsetter: without this look a lack stays silent."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tracker.kit.words import N_

APT = "apt-get install -y libpangoft2-1.0-0 libharfbuzz-subset0"
FONTS = "python tools/build_fonts.py"
NOTO = "apt-get install -y fonts-noto-cjk"
FACES = {"fang": "仿宋", "kai": "楷体", "hei": "黑体", "title": "小标宋"}


@dataclass(frozen=True)
class Complaint:
    """One thing that is missing: a sentence (msgid) with its parameters, the command that mends it, how bad it is."""

    sentence: str
    command: str
    fatal: bool
    params: dict[str, Any] = field(default_factory=dict)


def check() -> list[Complaint]:
    """Ask the render child what it misses; an empty list means papers come out right.

    :raises RenderFailed: when the child cannot even be asked.
    """
    from tracker.documents.press_room import room  # noqa: PLC0415  (the child imports this module too)

    told, _ = room().ask({"job": "check"})
    return [Complaint(**each) for each in told["complaints"]]


def told(complaints: list[Complaint]) -> str:
    """Return what a terminal shows: a sentence and the command for each lack; "" when nothing is missing."""
    if not complaints:
        return ""
    lines = [f"  ! {each.sentence % each.params}.\n    Type: {each.command}" for each in complaints]
    return "\n".join(["Official papers lack something on this machine:", *lines, "  Then start again."])


def note(data: Path, complaints: list[Complaint]) -> None:
    """Write down beside the data what the worker misses, for the web process, which has no fonts to look at."""
    path = _note(data)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([asdict(each) for each in complaints], ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def noted(data: Path) -> list[Complaint]:
    """Return what the worker last wrote down; nothing when it has not looked yet."""
    try:
        return [Complaint(**each) for each in json.loads(_note(data).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _note(data: Path) -> Path:
    return data / "cache" / "preflight.json"


def look() -> tuple[list[dict[str, Any]], Any]:
    """Inside the child: return complaints as plain dicts, worst first, and the shelf of fonts (None when unusable)."""
    from tracker.documents.fonts import STACKS, shelf  # noqa: PLC0415  (only the child loads fontTools)

    fonts = shelf()
    complaints = libraries()
    for face, name in FACES.items():
        present = fonts.stack(face)
        if not present:
            complaints.append(missing(N_("No font at all for %(face)s"), FONTS, fatal=True, face=name))
        elif STACKS[face].index(present[0]) == len(STACKS[face]) - 1:
            complaints.append(missing(N_("The font for %(face)s is missing; Noto stands in"), FONTS, face=name))
    if "Noto Serif CJK SC" not in fonts.families:
        complaints.append(missing(N_("The font for rare characters (Noto Serif CJK SC) is missing"), NOTO))
    return sorted(complaints, key=lambda each: not each["fatal"]), fonts


def libraries() -> list[dict[str, Any]]:
    """Inside the child: return complaints about native libraries."""
    try:
        from weasyprint.text.ffi import harfbuzz_subset  # noqa: PLC0415
    except (ImportError, OSError) as error:
        sentence = N_("WeasyPrint cannot load a library: %(detail)s")
        return [missing(sentence, APT, fatal=True, detail=str(error).partition(":")[0])]
    if not harfbuzz_subset:
        return [missing(N_("libharfbuzz-subset is missing: every paper takes ten times as long"), APT)]
    return []


def missing(sentence: str, command: str, *, fatal: bool = False, **params: str) -> dict[str, Any]:
    """Return a complaint as a plain dict."""
    return {"sentence": sentence, "command": command, "fatal": fatal, "params": params}


def hopeless(complaints: list[dict[str, Any]]) -> bool:
    """Return whether no paper can come out."""
    return any(each["fatal"] for each in complaints)
