"""Runs alone in a child process with few rights: judges the signatures of one hostile file on standard input.

    python -I verify_child.py ROOT verify KIND MOMENT TRUST → JSON: {"verdicts": […]}
    python -I verify_child.py ROOT text ofd                 → JSON: {"pages": [text …]} or {"refused": code}

ROOT is the folder of the product. Limits are set before any library is loaded.
"""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

MEGABYTE = 1 << 20
LIMITS = {
    resource.RLIMIT_AS: 900 * MEGABYTE,
    resource.RLIMIT_CPU: 20,
    resource.RLIMIT_FSIZE: 30 * MEGABYTE,
    resource.RLIMIT_NOFILE: 64,
    resource.RLIMIT_CORE: 0,
}


def main() -> None:
    """Read the command, do it under the limits, write the answer."""
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    root, command, kind, *rest = sys.argv[1:]
    sys.path.insert(0, root)
    data = os.pread(0, os.fstat(0).st_size, 0)  # the file's position is shared with the parent, and stays as it is
    answer = verdicts(data, kind, *rest) if command == "verify" else text(data)
    sys.stdout.write(json.dumps(answer))


def verdicts(data: bytes, kind: str, moment: str, folder: str) -> dict[str, Any]:
    """Return the verdicts on the file's signatures."""
    from datetime import datetime  # noqa: PLC0415

    from tracker.signatures import trust  # noqa: PLC0415
    from tracker.signatures.verify import verify  # noqa: PLC0415

    found = verify(data, kind, trust.load(Path(folder)), datetime.fromisoformat(moment))
    return {"verdicts": [each.as_json() for each in found]}


def text(data: bytes) -> dict[str, Any]:
    """Return the text of an OFD's pages."""
    from tracker.kit.archives import Unfit  # noqa: PLC0415
    from tracker.signatures.ofd import Ofd  # noqa: PLC0415

    try:
        return {"pages": Ofd(data).page_texts()}
    except Unfit as unfit:
        return {"refused": str(unfit)}


if __name__ == "__main__":
    main()
