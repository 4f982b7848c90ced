"""Turning a page's picture without opening it: a mark in the JPEG's head that every browser follows."""

import struct

ORIENTATIONS = {90: 6, 180: 3, 270: 8}
"""EXIF's number for a picture that is to be shown turned clockwise by so many degrees."""
START = b"\xff\xd8"


def turned(jpeg: bytes, turn: int) -> bytes:
    """Return a JPEG without metadata (as previews are) that is shown turned clockwise by 0, 90, 180 or 270 degrees.

    Its picture data stay as they are: what a hostile file may have made of them is not decoded here.
    """
    if turn not in ORIENTATIONS or not jpeg.startswith(START):
        return jpeg
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, ORIENTATIONS[turn], 0)
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return START + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
