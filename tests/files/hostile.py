"""Files that somebody may try to hand in, made at the moment of the test: sound ones first, then the other kind."""

import io
import struct
import zlib

import pikepdf
from PIL import Image


def pdf(pages: int = 1, size: tuple[float, float] = (595, 842), **save: object) -> bytes:
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
        made.pages[-1].MediaBox = pikepdf.Array([0, 0, *size])
    return saved(made, **save)


def saved(made: pikepdf.Pdf, **save: object) -> bytes:
    out = io.BytesIO()
    made.save(out, deterministic_id="encryption" not in save, **save)
    return out.getvalue()


def png(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    return _image(Image.effect_noise((width, height), 90).convert(mode), "PNG")


def jpeg(width: int = 60, height: int = 40, **save: object) -> bytes:
    return _image(Image.effect_noise((width, height), 90).convert("RGB"), "JPEG", **save)


def gif() -> bytes:
    return _image(Image.new("P", (10, 10)), "GIF")


def tiff() -> bytes:
    return _image(Image.new("RGB", (10, 10)), "TIFF")


def _image(image: Image.Image, kind: str, **save: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def encrypted_pdf(user: str, owner: str) -> bytes:
    return pdf(encryption=pikepdf.Encryption(user=user, owner=owner))


def inline_javascript() -> bytes:
    """The action stands directly in the catalogue: no indirect object of its own says JavaScript."""
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    return saved(made, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def nested_launch() -> bytes:
    """A launch action five direct dictionaries and arrays deep, its name written with an escape."""
    made = pikepdf.new()
    made.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    page = made.pages[0].obj
    page.AA = pikepdf.Dictionary(
        O=pikepdf.Dictionary(S=pikepdf.Name.GoTo, Next=pikepdf.Array([pikepdf.Array([action])]))
    )
    return saved(made).replace(b"/Launch", b"/L#61unch")


def embedded_program() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["setup.exe"] = b"MZ" + bytes(60)
    return saved(made)


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def swollen_content_pdf(megabytes: int = 220) -> bytes:
    """One page whose few kilobytes of drawing orders unpack to hundreds of megabytes."""
    made = pikepdf.new()
    made.add_blank_page()
    order = b"0 0 m 1 1 l 2 2 l h f\n"
    made.pages[0].Contents = made.make_stream(order * (megabytes * 1_000_000 // len(order)))
    return saved(made, compress_streams=True, recompress_flate=True)


def nested_forms_pdf(depth: int = 24, fan: int = 3) -> bytes:
    """Drawings inside drawings: `fan` to the power of `depth` of them, in five kilobytes."""
    made = pikepdf.new()
    made.add_blank_page()
    inner = made.make_stream(b"0 0 1 1 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
    for _ in range(depth):
        inner = made.make_stream(
            b"/X Do " * fan,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 9, 9],
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner)),
        )
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
    made.pages[0].Contents = made.make_stream(b"/X Do")
    return saved(made)


def page_loop_pdf() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Pages.Kids = pikepdf.Array([made.Root.Pages])
    return saved(made)
