"""Which folders fonts come from, told to fontconfig; light enough for the web process to import."""

import os
from pathlib import Path
from xml.sax.saxutils import escape

RARE_FOLDERS = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk")


def folders() -> list[Path]:
    """Return where fonts come from: the office's own (RECTIFY_DATA/fonts), ours (RECTIFY_FONTS), rare characters."""
    root = Path(__file__).resolve().parents[2]
    office = Path(os.environ.get("RECTIFY_DATA", root / "instance")).resolve() / "fonts"
    ours = Path(os.environ.get("RECTIFY_FONTS", root / "var" / "fonts")).resolve()
    return [folder for folder in (office, ours, *map(Path, RARE_FOLDERS)) if folder.is_dir()]


def fontconfig(cache: Path) -> str:
    """Return a fontconfig file that shows exactly `folders()` and keeps its cache in `cache`."""
    seen = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders())
    return f"<fontconfig>{seen}<cachedir>{escape(str(cache))}</cachedir></fontconfig>\n"
