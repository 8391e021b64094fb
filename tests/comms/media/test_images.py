"""Images without the place they were taken at, small ones, and those that are too large to look at."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from crm.platform.files import images
from crm.platform.files.gps_removal import strip_gps_position
from crm.platform.files.images import UnreadableImage, build_preview, image_size, upright_size

GPS, ORIENTATION = 0x8825, 0x0112
XMP = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="52,22.5N" exif:GPSLongitude="4,53E"/></x:xmpmeta>'


def exif(turned: int = 6) -> Image.Exif:
    made = Image.Exif()
    made[ORIENTATION] = turned
    made[0x010F] = "Phone"
    made[GPS] = {1: "N", 2: (52.0, 22.0, 30.0), 3: "E", 4: (4.0, 53.0, 10.0)}
    return made


def picture(kind: str, **parts: object) -> bytes:
    made = io.BytesIO()
    image = Image.effect_noise((40, 20), 60).convert("RGB")
    image.save(made, kind, **{"exif": exif(), **parts})
    return made.getvalue()


def read(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("JPEG", {"xmp": XMP}),
        ("JPEG", {"progressive": True, "icc_profile": b"profile"}),
        ("WEBP", {"xmp": XMP, "lossless": True}),
        ("PNG", {}),
    ],
)
def test_the_place_goes_and_the_picture_stays(kind: str, parts: dict[str, object]) -> None:
    content = picture(kind, **parts)
    assert read(content).getexif().get_ifd(GPS)
    stripped = strip_gps_position(content)
    before, after = read(content), read(stripped)
    assert after.getexif().get_ifd(GPS) == {}
    assert after.getexif()[ORIENTATION] == 6
    assert 0x010F not in after.getexif()
    assert after.tobytes() == before.tobytes()
    assert after.info.get("icc_profile") == before.info.get("icc_profile")
    assert b"GPS" not in stripped
    assert strip_gps_position(stripped) == stripped


def test_the_place_of_a_video_is_written_over() -> None:
    head = b"\0\0\0\x18ftypqt  \0\0\0\0qt  \0\0\0\0"
    place = b"\xa9xyz\0\x12\x15\xc7+27.5916+086.5640/"
    apple = b"com.apple.quicktime.location.ISO6709\0data+48.8577+002.2951+042.106/"
    stripped = strip_gps_position(head + place + apple + b"mdat 1+2/3")
    assert (
        stripped
        == head
        + place.replace(b"27.5916+086.5640", b"00.0000+000.0000")
        + apple.replace(b"48.8577+002.2951+042.106", b"00.0000+000.0000+000.000")
        + b"mdat 1+2/3"
    )


def test_a_second_picture_behind_the_first_goes() -> None:
    stripped = strip_gps_position(picture("JPEG") + picture("JPEG"))
    assert stripped.count(b"\xff\xd8\xff") == 1


def test_texts_in_a_png_go() -> None:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    info.add_text("Raw profile type exif", "GPSLatitude 52", zip=True)
    stripped = strip_gps_position(picture("PNG", pnginfo=info))
    assert read(stripped).text == {}


def test_a_heic_of_a_phone_has_a_preview_without_its_metadata() -> None:
    content = picture("HEIF", quality=50)
    assert content[4:12] == b"ftypheic"
    made, media_type = build_preview(content, edge=32)
    assert (media_type, max(read(made).size)) == ("image/jpeg", 32)
    assert not read(made).getexif()


def test_a_heic_that_is_damaged_or_larger_than_may_be_decoded_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture("HEIF", quality=50)
    with pytest.raises(UnreadableImage):
        build_preview(content[: len(content) // 2])
    monkeypatch.setitem(images._MOST_OF, "HEIF", 799)
    with pytest.raises(UnreadableImage):
        image_size(content)


def test_a_photo_is_measured_as_it_is_seen() -> None:
    assert upright_size(io.BytesIO(picture("JPEG"))) == (20, 40)
    assert upright_size(io.BytesIO(picture("JPEG", exif=exif(turned=1)))) == (40, 20)


def test_in_formats_that_point_into_themselves_the_place_is_written_over() -> None:
    """HEIC keeps EXIF whole behind its name; one is put together here."""
    inside = exif().tobytes()
    content = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40) + inside + XMP + b"pixels" * 100
    stripped = strip_gps_position(content)
    assert len(stripped) == len(content)
    assert stripped.endswith(b"pixels" * 100)
    assert b"52,22" not in stripped
    found = Image.Exif()
    at = stripped.index(b"Exif\0\0")
    found.load(stripped[at : at + len(inside)])
    assert found[ORIENTATION] == 6
    assert not any(found.get_ifd(GPS).values())
    tiff = picture("TIFF", exif=None, tiffinfo=_tiff_with_place())
    assert read(tiff).getexif().get_ifd(GPS)[1] == "N"
    assert not any(read(strip_gps_position(tiff)).getexif().get_ifd(GPS).values())


def _tiff_with_place() -> TiffImagePlugin.ImageFileDirectory_v2:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[GPS] = {1: "N", 2: (52.0, 22.0, 30.0)}
    info.tagtype[GPS] = TiffImagePlugin.TiffTags.LONG
    return info


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, of what it passes over
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_image_is_no_error(kind: str) -> None:
    mix = random.Random(7)
    content = picture(kind)
    for _ in range(150):
        damaged = bytearray(content[: mix.randint(1, len(content))])
        for _ in range(mix.randint(0, 6)):
            damaged[mix.randrange(len(damaged))] = mix.randrange(256)
        strip_gps_position(bytes(damaged))
        try:
            build_preview(bytes(damaged))
        except UnreadableImage:
            continue


@pytest.mark.parametrize("content", [b"", b"x", b"%PDF-1.4", b"<svg onload=x>", b"\xff\xd8\xff", b"GIF89a"])
def test_what_is_no_image_has_no_preview_and_stays_as_it_is(content: bytes) -> None:
    assert strip_gps_position(content) == content
    with pytest.raises(UnreadableImage):
        build_preview(content)


def test_a_preview_is_made_anew_and_turned() -> None:
    hidden = picture("JPEG") + b"<script>alert(1)</script>"
    made, media_type = build_preview(hidden)
    assert media_type == "image/jpeg"
    assert read(made).size == (20, 40)
    assert not read(made).getexif()
    assert b"script" not in made
    clear = io.BytesIO()
    Image.new("RGBA", (3000, 30), (1, 2, 3, 0)).save(clear, "PNG")
    made, media_type = build_preview(clear.getvalue(), edge=300)
    assert (media_type, read(made).size) == ("image/png", (300, 3))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is so large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def test_an_image_too_large_is_refused_before_it_is_decoded() -> None:
    for width, height in ((50_000, 50_000), (4_001, 4_000), (2**31 - 1, 2**31 - 1)):
        with pytest.raises(UnreadableImage):
            image_size(bomb(width, height))
    assert image_size(bomb(4_000, 4_000)) == (4_000, 4_000)
