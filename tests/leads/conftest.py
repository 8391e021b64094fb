"""What the tests of acting on leads, and of bringing files in, ask for."""

from pathlib import Path
from typing import Any

import pytest

from tests.leads.acting import post

__all__ = ["files", "post"]


@pytest.fixture
def files(settings: Any, tmp_path: Path) -> Path:
    """Where uploads of this test go."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path
