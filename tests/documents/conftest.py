"""Kinds of documents, a photo and a PDF, and a Monday on which all clocks stand still."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crm.documents.files.inspection import Inspected
from crm.documents.kinds import begin
from crm.documents.models import DocumentKind
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

# Monday morning in New York.
NOW = datetime(2026, 5, 11, 13, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GPS, TAKEN = 0x8825, 0x9003


def photo(*, taken: str = "", size: tuple[int, int] = (400, 200)) -> bytes:
    """A JPEG of Tampa, with the place in it."""
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(GPS).update({1: "N", 2: (27.0, 57.0, 36.0), 3: "W", 4: (82.0, 27.0, 0.0)})
    if taken:
        exif.get_ifd(0x8769)[TAKEN] = taken
    Image.new("RGB", size, (90, 20, 10)).save(made, "JPEG", exif=exif)
    return made.getvalue()


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    """Where the bytes of this test go."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


@pytest.fixture
def house(cast: Cast, files: Path) -> Iterator[Any]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        begin()
        yield cast.house


def kind(name: str) -> DocumentKind:
    found: DocumentKind = DocumentKind.objects.get(name=name)
    return found


@pytest.fixture
def paper() -> Inspected:
    return Inspected("Contract signed.pdf", "application/pdf", PDF)
