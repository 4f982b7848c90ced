"""What parent and child have in common: a frame on their pipe is a length, then that many bytes; a shared sentence."""

import struct

from tracker.kit.words import N_

LENGTH = struct.Struct(">I")
SPENT = 75
"""Exit code of a child whose memory ran out so far that it could not even say so."""
MISSING = N_("The paper needs characters that no font has: %(detail)s")
"""Its detail are those characters: a page names the field that has them."""
