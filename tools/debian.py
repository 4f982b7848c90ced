"""What set-up asks of Debian: which packages are missing, and installing them where that is allowed.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    """A Debian package and the sign by which its content is known to be there, however it was installed."""

    name: str
    library: str = ""
    command: str = ""
    file: str = ""

    def present(self) -> bool:
        """Tell whether the library loads, the command is on the path, the file exists."""
        if self.library:
            return _loads(self.library)
        if self.command:
            return shutil.which(self.command) is not None
        return Path(self.file).exists()


PAPER = (
    Package("libpangoft2-1.0-0", library="libpangoft2-1.0.so.0"),
    Package("libharfbuzz-subset0", library="libharfbuzz-subset.so.0"),  # without it a paper costs twelve times more
)
RARE_CHARACTERS = (Package("fonts-noto-cjk", file="/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),)
FOR_TESTS = (
    Package("chromium", command="chromium"),
    Package("libatomic1", library="libatomic.so.1"),
    Package("poppler-utils", command="pdftoppm"),
)


def missing(packages: Iterable[Package]) -> list[str]:
    """Return the names of the packages whose content is not there, in the order given."""
    return [package.name for package in packages if not package.present()]


def as_root() -> list[str] | None:
    """Return the words that make a command run as root without asking anybody; None when there are none."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def install(names: list[str]) -> bool:
    """Install the packages together; when that fails refresh Debian's lists once and try again."""
    root = as_root()
    if root is None or not shutil.which("apt-get"):
        return False
    install_quietly = "env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends"
    order = [*root, *install_quietly.split(), *names]
    return _succeeds(order) or (refresh() and _succeeds(order))


def refresh() -> bool:
    """Fetch Debian's lists of packages; False when that is not allowed or fails."""
    root = as_root()
    return root is not None and _succeeds([*root, "apt-get", "-q", "update"])


def command_for(names: Iterable[str]) -> str:
    """Return the one line a person types to get the packages."""
    return f"sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(names)}"


def download(name: str, folder: Path) -> Path | None:
    """Fetch a package's file into the folder without installing it; None when Debian's client cannot."""
    if not shutil.which("apt-get"):
        return None
    order = ["apt-get", "-q", "download", name]
    if not _succeeds(order, folder) and not (refresh() and _succeeds(order, folder)):
        return None
    return next(iter(folder.glob(f"{name}_*.deb")), None)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _succeeds(command: list[str], folder: Path | None = None) -> bool:
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
