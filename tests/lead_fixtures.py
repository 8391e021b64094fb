"""What the tests of acting on leads, and of bringing files in, ask for."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from leads.importing.runs import ImportKind
from tests.acts import post
from tests.cast import Cast

__all__ = ["bring", "files", "post"]


@pytest.fixture
def files(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where uploads of this test go, which are read in the request however slow the machine is just now."""
    # A request stops after seconds of wall time and leaves the rest to a worker, of whom there is none here.
    monkeypatch.setattr(ImportKind, "seconds", 600.0)
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


@pytest.fixture
def bring(cast: Cast, tmp_path: Path) -> Any:
    """Import text (or bytes) into the house; gives the lines of rows and the summary."""

    def run(content: str | bytes, *options: str, slug: str = "") -> tuple[list[dict[str, Any]], dict[str, Any]]:
        path = tmp_path / "leads.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        call_command("import_leads", "--tenant", slug or cast.house.tenant.slug, *options, str(path), stdout=out)
        lines = [json.loads(line) for line in out.getvalue().splitlines()]
        return lines[:-1], lines[-1]

    return run
