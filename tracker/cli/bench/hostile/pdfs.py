"""PDFs, sound and hostile."""

import io
import zlib
from typing import Any

import pikepdf


def pdf(pages: int = 1, size: tuple[float, float] = (595, 842), **save: Any) -> bytes:
    """Return a PDF of blank pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
        made.pages[-1].MediaBox = pikepdf.Array([0, 0, *size])
    return saved(made, **save)


def saved(made: pikepdf.Pdf, **save: Any) -> bytes:
    """Return the bytes of a PDF."""
    out = io.BytesIO()
    made.save(out, deterministic_id="encryption" not in save, **save)
    return out.getvalue()


def encrypted_pdf(user: str, owner: str) -> bytes:
    """Return a PDF with passwords to open and to change it."""
    return pdf(encryption=pikepdf.Encryption(user=user, owner=owner))


def inline_javascript() -> bytes:
    """Return a PDF whose catalogue itself holds the action: no indirect object of its own says JavaScript."""
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    return saved(made, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def nested_launch() -> bytes:
    """Return a PDF with a launch action five direct dictionaries and arrays deep, its name written with an escape."""
    made = pikepdf.new()
    made.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    page = made.pages[0].obj
    page.AA = pikepdf.Dictionary(
        O=pikepdf.Dictionary(S=pikepdf.Name.GoTo, Next=pikepdf.Array([pikepdf.Array([action])]))
    )
    return saved(made).replace(b"/Launch", b"/L#61unch")


def embedded_program() -> bytes:
    """Return a PDF that carries a program along."""
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["setup.exe"] = b"MZ" + bytes(60)
    return saved(made)


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
    """Return a PDF whose page tree runs in a circle."""
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Pages.Kids = pikepdf.Array([made.Root.Pages])
    return saved(made)


def xfa_pdf() -> bytes:
    """Return a PDF with a form that a program lays out."""
    made = pikepdf.new()
    made.add_blank_page()
    form = pikepdf.Array([pikepdf.String("template"), made.make_stream(b"<template/>")])
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=form)
    return saved(made)


def vast_image_pdf(side: int = 20_000) -> bytes:
    """Return a page with one grey picture of `side` by `side` pixels in a few hundred kilobytes."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    picture = made.make_stream(zlib.compress(bytes(side * side), 1))
    picture.stream_dict = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=side, Height=side, BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.FlateDecode, Length=len(picture.read_raw_bytes()),
    )  # fmt: skip
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=picture))
    made.pages[0].Contents = made.make_stream(b"500 0 0 700 40 60 cm /X Do")
    return saved(made)
