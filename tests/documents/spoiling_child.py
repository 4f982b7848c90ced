"""A render child that spoils papers on purpose: extra CSS, and substitutions in the HTML before it is laid out.

Run by test_points.py, in a process of its own as the real one is; frames as in tracker/documents/child.py.
"""

import json
import os
import re
import sys

import weasyprint

from tracker.documents import compose, press
from tracker.documents.child import read_frame, write_frame
from tracker.documents.fonts import shelf
from tracker.documents.geometry import GRIDS


def main() -> None:
    machine = press.Press(GRIDS["word"], shelf())
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    right = compose.compose
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        job = json.loads(frame)

        def spoilt(*args, changes=job["changes"]):
            done = right(*args)
            for pattern, replacement in changes:
                done.html, times = re.subn(pattern, replacement, done.html, count=1)
                assert times == 1, pattern
            return done

        press.compose = spoilt
        sheet = compose.style(job["type"], machine.grid, machine.shelf) + job["css"]
        machine.styles = {job["type"]: weasyprint.CSS(string=sheet, font_config=machine.configuration)}
        try:
            write_frame(answers, machine.print(job["type"], job["content"]).pdf)
        except tuple(press.TROUBLES) as trouble:
            write_frame(answers, type(trouble).__name__.encode())
        answers.flush()


if __name__ == "__main__":
    main()
