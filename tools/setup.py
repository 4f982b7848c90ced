"""Set-up: from a bare Debian or Ubuntu with python3 and make to a product that can start.

    python3 tools/setup.py [--dev]

In this order: the environment `.venv`, Debian's libraries, the locked Python packages, the official type. Each part
leaves a stamp, so a second run does nothing. Where Debian's packages may not be installed by this person, one plain
sentence says what to type. Standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from debian import FOR_TESTS, PAPER, RARE_CHARACTERS, Package, as_root, command_for, install, missing

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN = ("requirements.txt",)
DEV = ("requirements.txt", "requirements-dev.txt")


class Halt(Exception):
    """Set-up cannot go on; the text is the sentence to show."""


def say(text: str) -> None:
    """Tell the person what happens now."""
    print(f"set-up: {text}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Do what is missing; return 1 when the product could not start, with the reason printed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="also what building and testing need")
    dev = parser.parse_args(arguments).dev
    try:
        if not _stamped(dev):
            _prepare(dev)
    except Halt as reason:
        print(f"set-up: {reason}", file=sys.stderr)
        return 1
    return 0


def _prepare(dev: bool) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - the person's python3 is not ours to choose
        raise Halt(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.")
    debian_packages(dev)
    make_environment()
    install_locked(DEV if dev else RUN)
    build_fonts()
    _stamp(dev)


def debian_packages(dev: bool) -> None:
    """Install what is missing from Debian; what is dispensable is named and left out when it cannot be had.

    :raises Halt: when the environment or the papers cannot work without it; the sentence holds the command to type.
    """
    needed = missing(PAPER) + ([] if PYTHON.exists() or _has_ensurepip() else ["python3-venv"])
    welcome = missing(RARE_CHARACTERS + (FOR_TESTS if dev else ()))
    if not needed and not welcome:
        return
    say(f"Debian packages {' '.join(needed + welcome)}")
    if as_root() is not None and not install(needed + welcome):
        install(needed)
        for name in welcome:
            install([name])
    needed = [name for name in needed if not _is_there(name)]
    welcome = [name for name in welcome if not _is_there(name)]
    if needed:
        raise Halt(f"Please type this once, then start again:  {command_for(needed + welcome)}")
    if welcome:
        say(f"goes on without {', '.join(welcome)}; to have them type:  {command_for(welcome)}")


def make_environment() -> None:
    """Create `.venv` unless it is there."""
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    say("Python environment .venv")
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        raise Halt(f"The environment could not be made. Please type:  {command_for(['python3-venv'])}")


def install_locked(files: tuple[str, ...]) -> None:
    """Install exactly the locked packages, each checked against its hash.

    :raises Halt: when pip fails; its own message stands above.
    """
    digest = _digest(files)
    stamp = VENV / f".locked-{len(files)}"
    if _read(stamp) == digest:
        return
    say(f"Python packages of {' and '.join(files)}")
    order = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for file in files:
        order += ["-r", str(ROOT / file)]
    if subprocess.run(order, check=False).returncode:
        raise Halt("The Python packages could not be installed; pip's message above says why.")
    stamp.write_text(digest)


def build_fonts() -> None:
    """Build the papers' type; a failure is told by the builder and does not stop the product (Noto stands in)."""
    if not _font_stamp().exists():
        say("official type (once, about a minute)")
    subprocess.run([str(PYTHON), str(ROOT / "tools" / "build_fonts.py")], check=False)


def _has_ensurepip() -> bool:
    try:
        import ensurepip  # noqa: F401, PLC0415 - absent where Debian's python3-venv is not installed
    except ImportError:
        return False
    return True


def _is_there(name: str) -> bool:
    known: dict[str, Package] = {package.name: package for package in PAPER + RARE_CHARACTERS + FOR_TESTS}
    if name in known:
        return known[name].present()
    probe = [sys.executable, "-c", "import ensurepip"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _font_stamp() -> Path:
    return Path(os.environ.get("RECTIFY_FONTS") or ROOT / "var" / "fonts") / ".recipe"


def _digest(files: tuple[str, ...]) -> str:
    content = b"".join((ROOT / file).read_bytes() for file in files)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def _state(dev: bool) -> str:
    """Everything that set-up's result depends on, as one digest."""
    sources = ("tools/setup.py", "tools/debian.py", "tools/build_fonts.py")
    return _digest((DEV if dev else RUN) + sources) + _read(_font_stamp())


def _stamped(dev: bool) -> bool:
    """Tell whether this set-up, or the larger one for building and testing, was done with these very files."""
    return _read(VENV / ".set-up-dev") == _state(True) or (not dev and _read(VENV / ".set-up-run") == _state(False))


def _stamp(dev: bool) -> None:
    (VENV / f".set-up-{'dev' if dev else 'run'}").write_text(_state(dev))


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    raise SystemExit(main())
