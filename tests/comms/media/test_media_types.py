"""What a file is, whatever it is called."""

import io
import zipfile

import pytest
from PIL import Image

from crm.platform.files.media_types import PREVIEWED, sniff_media_type


def image(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, kind)
    return made.getvalue()


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument"
FILES = [
    (image("JPEG"), "a.html", "text/html", "image/jpeg"),
    (image("PNG"), "a.jpg", "image/jpeg", "image/png"),
    (image("GIF"), "a", "", "image/gif"),
    (image("WEBP"), "a.png", "", "image/webp"),
    (image("TIFF"), "a", "", "image/tiff"),
    (image("BMP"), "a", "", "image/bmp"),
    (b"\0\0\0\x18ftypheic\0\0\0\0", "IMG_1.jpg", "image/jpeg", "image/heic"),
    (b"\0\0\0\x18ftypisom\0\0\0\0", "a.mp4", "", "video/mp4"),
    (b"\0\0\0\x18ftypM4A \0\0\0\0", "a", "", "audio/mp4"),
    (b"%PDF-1.7\n", "a.jpg", "image/jpeg", "application/pdf"),
    (b"\n\n%PDF-1.4\n", "a", "", "application/pdf"),
    (zipped("[Content_Types].xml", "word/document.xml"), "a.zip", "", f"{OFFICE}.wordprocessingml.document"),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), "a", "", f"{OFFICE}.spreadsheetml.sheet"),
    (zipped("a.txt"), "a.docx", "", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "", "application/vnd.ms-excel"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.jpg", "image/jpeg", "application/x-ole-storage"),
    (b"OggS" + bytes(60), "voice", "audio/ogg; codecs=opus", "audio/ogg"),
    (b"#!AMR\n", "a", "", "audio/amr"),
    (b"ID3\x04\0\0", "a", "", "audio/mpeg"),
    (b"MZ\x90\0\x03\0\0\0", "invoice.pdf", "application/pdf", "application/vnd.microsoft.portable-executable"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "logo.png", "image/png", "image/svg+xml"),
    (b"<?xml version='1.0'?>\n<!-- x -->\n<svg onload='x'/>", "a.jpg", "image/jpeg", "image/svg+xml"),
    (b"<html><script>alert(1)</script>", "photo.jpg", "image/jpeg", "text/html"),
    (b"GIF89a <script>alert(1)</script>", "a.html", "text/html", "image/gif"),
    (b"\xef\xbb\xbf  <ScRiPt >alert(1)</script>", "a.txt", "text/plain", "text/html"),
    ("<script>alert(1)</script>".encode("utf-16"), "a.txt", "text/plain", "text/html"),
    (b"<?xml version='1.0'?><order/>", "a", "", "application/xml"),
    (b"BEGIN:VCARD\nEND:VCARD", "a", "", "text/vcard"),
    (b"BEGIN:VCALENDAR\n", "a.txt", "", "text/calendar"),
    (b"name,phone\nJan,020", "a.csv", "text/html", "text/csv"),
    (b"name,phone\nJan,020", "a", "text/csv; charset=utf-8", "text/csv"),
    (b"BMW, please: the blue one", "a.txt", "image/bmp", "text/plain"),
    (b"MZ is what we call him", "a.txt", "", "text/plain"),
    ("één dak".encode("latin-1"), "a.exe", "application/x-msdownload", "text/plain"),
    (b"\x01\x02\x03\0\x04", "a.txt", "text/plain", "application/octet-stream"),
    (b"", "a.jpg", "image/jpeg", "text/plain"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "name", "declared", "media_type"), FILES, ids=range(len(FILES)))
def test_a_file_is_what_its_bytes_say(content: bytes, name: str, declared: str, media_type: str) -> None:
    assert sniff_media_type(content, name, declared) == media_type


def test_nothing_that_runs_is_previewed() -> None:
    assert not PREVIEWED & {"image/svg+xml", "text/html", "application/pdf", "application/xml", "image/tiff"}
