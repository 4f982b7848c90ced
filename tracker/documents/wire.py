"""How parent and child tell frames apart on their pipe: a length, then that many bytes."""

import struct

LENGTH = struct.Struct(">I")
