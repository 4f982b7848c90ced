"""Pictures, sound and hostile."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

PNG = b"\x89PNG\r\n\x1a\n"


def png(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    """Return a noisy PNG."""
    return _image(Image.effect_noise((width, height), 90).convert(mode), "PNG")


def jpeg(width: int = 60, height: int = 40, **save: Any) -> bytes:
    """Return a noisy JPEG."""
    return _image(Image.effect_noise((width, height), 90).convert("RGB"), "JPEG", **save)


def gif() -> bytes:
    """Return a GIF."""
    return _image(Image.new("P", (10, 10)), "GIF")


def tiff() -> bytes:
    """Return a TIFF."""
    return _image(Image.new("RGB", (10, 10)), "TIFF")


def _image(image: Image.Image, kind: str, **save: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG whose header claims a size and whose data are short."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")
    return PNG + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _png_with(name: bytes, data: bytes) -> bytes:
    """Return a small PNG with one more chunk behind its header."""
    small = png()
    return small[:33] + _chunk(name, data) + small[33:]


def png_text_bomb(megabytes: int = 80) -> bytes:
    """Return a PNG whose compressed remark unpacks to so many megabytes."""
    return _png_with(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(megabytes << 20), 1))


def png_profile_bomb(megabytes: int = 200) -> bytes:
    """Return a PNG whose colour profile unpacks to so many megabytes."""
    return _png_with(b"iCCP", b"icc\0\0" + zlib.compress(bytes(megabytes << 20), 1))


def jpeg_claiming(width: int, height: int) -> bytes:
    """Return a JPEG whose frame header claims a size."""
    sound = jpeg()
    frame = sound.index(b"\xff\xc0")
    return sound[: frame + 5] + struct.pack(">HH", height, width) + sound[frame + 9 :]


def animated_png(frames: int = 40) -> bytes:
    """Return a PNG that moves."""
    pictures = [Image.new("RGB", (60, 40), (n * 6, 0, 0)) for n in range(frames)]
    return _image(pictures[0], "PNG", save_all=True, append_images=pictures[1:])


def jpeg_with_exif() -> bytes:
    """Return a JPEG that tells where it was taken, and carries a script in its description."""
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    exif[0x8825] = {1: "N", 2: (42.0, 1.0, 0.0), 3: "E", 4: (121.0, 40.0, 0.0)}
    return jpeg(exif=exif)
