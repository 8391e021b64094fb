"""What is refused before it is kept, in words; and what is kept, without the place it was taken at. No database."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image

from crm.documents.files.inspection import inspect
from crm.documents.files.limits import check_size
from crm.kernel.refusal import Refused
from tests.documents.conftest import GPS, PDF, photo


def made(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


def docx(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def pixels(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and is a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


ZIP = docx({"a": b"a"})
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "nothing": ("a.pdf", b"", "empty"),
    "a page": ("a.html", b"<!doctype html><script>alert(1)</script>", "web page"),
    "a page that says it is a photo": ("a.jpg", b"<html><script>alert(1)</script></html>", "web page"),
    "an image with code": ("a.svg", SVG, "web page"),
    "a drawing that says it is a photo": ("a.png", b'<?xml version="1.0"?>' + SVG, "web page"),
    "a drawing behind much space": ("a.txt", b" " * 2_000 + SVG, "web page"),
    "a program": ("a.pdf", b"MZ" + b"\0" * 200, "type that can’t"),
    "a program without an ending": ("photo", b"\x7fELF" + b"\0" * 200, "type that can’t"),
    "an archive": ("a.zip", docx({}).replace(b"[Content_Types]", b"[Kontent_Types]"), "type that can’t"),
    "a PDF that says it is a photo": ("a.jpg", PDF, "has the wrong extension"),
    "a photo that says it is a PDF": ("a.pdf", made("PNG"), "has the wrong extension"),
    "an Office file that says it is a photo": (
        "a.png",
        docx({"word/document.xml": b"<a/>"}),
        "has the wrong extension",
    ),
    "a PDF behind something else": ("a.pdf", b"GARBAGE\n" + PDF, "two types of file"),
    "a PDF that is an archive": ("a.pdf", PDF + ZIP, "two types of file"),
    "an archive that is a PDF": ("a.docx", ZIP[:40] + PDF + ZIP[40:], "has the wrong extension"),
    "a photo that is an archive": ("a.jpg", photo() + ZIP, "two types of file"),
    "a GIF that is a page": (
        "a.gif",
        made("GIF")[:13] + b"<script>alert(1)</script>" + made("GIF")[13:],
        "two types of file",
    ),
    "a photo that is a PDF": ("a.png", made("PNG")[:33] + PDF + made("PNG")[33:], "two types of file"),
    "a flood of pixels": ("a.png", pixels(50_000, 50_000), "too many pixels"),
    "a photo that is none": ("a.jpg", b"\xff\xd8\xff" + b"\0" * 500, "opened as a photo"),
    "an Office file that floods": (
        "a.docx",
        docx({"word/document.xml": b"\0" * 30_000_000}),
        "too large when unpacked",
    ),
    "an Office file cut off": ("a.docx", docx({"word/document.xml": b"<a/>"})[:-30], "damaged"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_refused(case: str) -> None:
    name, content, said = HOSTILE[case]
    with pytest.raises(Refused) as refused:
        inspect(content, name)
    assert said in str(refused.value)
    assert name in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("scan", PDF, "application/pdf"),
        ("a.jpg", photo(), "image/jpeg"),
        ("IMG_1.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        ("phone.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        ("a.png", made("PNG"), "image/png"),
        ("a.docx", docx({"word/document.xml": b"<a/>" * 999}), "application/vnd.openxmlformats-officedocument.wordpro"),
        ("a.txt", b"Dear all", "text/plain"),
        ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video/quicktime"),
    ],
)
def test_what_is_kept(name: str, content: bytes, media_type: str) -> None:
    assert inspect(content, name).media_type.startswith(media_type)


def test_a_photo_leaves_its_place_behind_and_keeps_its_day() -> None:
    found = inspect(photo(taken="2026:05:09 14:30:00"), "roof.jpg")
    kept = Image.open(io.BytesIO(found.content)).getexif()
    assert dict(kept.get_ifd(GPS)) == {}
    assert kept[0x0112] == 6
    assert (found.width, found.height) == (400, 200)
    assert found.taken_at is not None
    assert found.taken_at.isoformat() == "2026-05-09T14:30:00"


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "2026:13:45 99:99:99"])
def test_a_photo_with_a_wrong_clock_has_no_day(taken: str) -> None:
    assert inspect(photo(taken=taken), "roof.jpg").taken_at is None


def test_a_limit_is_the_types_and_said_in_words() -> None:
    with pytest.raises(Refused, match=r"“a.jpg” is too large. The limit is 30 MB."):
        check_size("a.jpg", 30_000_001)
    with pytest.raises(Refused, match="The limit is 60 MB"):
        check_size("stream", 10_000_000_000)
    check_size("a.mp4", 59_000_000)
