"""The yardstick of `flask bench papers`: WeasyPrint alone, with the same fonts, HTML and style sheet.

`python -m tracker.documents.plain` answers each frame of JSON {html, css} with a frame of PDF, as `child.py` does.
"""

import json
import os
import sys

from tracker.documents.child import read_frame, write_frame


def main() -> None:
    """Serve until the input ends."""
    import weasyprint  # noqa: PLC0415  (whoever imports this file has no need of it)

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        job = json.loads(frame)
        write_frame(
            answers, weasyprint.HTML(string=job["html"]).write_pdf(stylesheets=[weasyprint.CSS(string=job["css"])])
        )
        answers.flush()


if __name__ == "__main__":
    main()
