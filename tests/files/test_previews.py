import io
import shutil
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from tests.files import hostile
from tracker.files import child
from tracker.files.models import StoredFile
from tracker.files.place import derived, originals
from tracker.files.previews import preview
from tracker.kit.errors import Missing

HandIn = Callable[..., StoredFile]


def shown(stored: StoredFile, page: int = 1) -> Image.Image:
    image = Image.open(io.BytesIO(preview(stored, page, originals(), derived())))
    image.load()
    return image


def test_a_page_is_drawn_with_a_long_side_of_1600(handed_in: HandIn):
    image = shown(handed_in(hostile.pdf(2)), 2)
    assert (image.format, image.size) == ("JPEG", (1131, 1600))


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "LA", "P", "I;16"])
def test_pictures_of_every_mode_are_shown(handed_in: HandIn, mode: str):
    assert shown(handed_in(hostile.png(1700, 850, mode))).size == (1600, 800)


def test_a_small_picture_is_not_blown_up(handed_in: HandIn):
    assert shown(handed_in(hostile.jpeg(60, 40))).size == (60, 40)


def test_sixteen_bit_grey_keeps_its_greys(handed_in: HandIn):
    out = io.BytesIO()
    Image.new("I;16", (20, 20), 32768).save(out, "PNG")
    assert shown(handed_in(out.getvalue())).convert("L").getpixel((10, 10)) in range(126, 131)


def test_what_is_transparent_is_white_paper(handed_in: HandIn):
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    assert shown(handed_in(out.getvalue())).getpixel((10, 10)) == (255, 255, 255)


def test_p15_a_preview_is_turned_upright_and_carries_no_metadata(handed_in: HandIn):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010E] = "<script>"
    image = shown(handed_in(hostile.jpeg(60, 40, exif=exif)))
    assert (image.size, dict(image.getexif()), "exif" in image.info) == ((40, 60), {}, False)


def test_a_seal_in_a_form_field_is_seen(handed_in: HandIn):
    """The visible seal of an electronic signature is a form field's appearance."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    red = made.make_stream(b"1 0 0 rg 0 0 100 100 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    red.BBox = pikepdf.Array([0, 0, 100, 100])
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T=pikepdf.String("seal"), F=4
    )
    field.Rect = pikepdf.Array([50, 50, 150, 150])
    field.AP = pikepdf.Dictionary(N=red)
    widget = made.make_indirect(field)
    made.pages[0].Annots = pikepdf.Array([widget])
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([widget]), SigFlags=3)
    red_of, green_of, _blue = shown(handed_in(hostile.saved(made))).getpixel((800, 800))
    assert (red_of > 200, green_of < 80) == (True, True)


def test_previews_are_kept_apart_and_made_again_when_lost(handed_in: HandIn):
    stored = handed_in(hostile.pdf())
    first = preview(stored, 1, originals(), derived())
    assert [path.name for path in derived().rglob("*.jpg")] == [f"{stored.sha256}-1-1600.jpg"]
    originals().delete(stored.sha256)
    assert preview(stored, 1, originals(), derived()) == first  # from the cache
    originals().put(io.BytesIO(hostile.pdf()))
    shutil.rmtree(derived())
    assert preview(stored, 1, originals(), derived()) == first


def test_a_page_that_cannot_be_drawn_is_missing(handed_in: HandIn):
    stored = handed_in(hostile.pdf())
    stored.pages = 9  # what a lying structure would have claimed
    with pytest.raises(Missing):
        preview(stored, 9, originals(), derived())


def test_p15_a_page_that_takes_too_long_is_missing_and_nothing_is_cached(
    handed_in: HandIn, monkeypatch: pytest.MonkeyPatch
):
    stored = handed_in(hostile.pdf())
    monkeypatch.setattr(child, "SECONDS", 0.01)
    with pytest.raises(Missing):
        preview(stored, 1, originals(), derived())
    assert list(derived().rglob("*")) == []
