"""Respond with rows as a CSV download, safe from formula injection."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from crm.platform.files.sheet_writer import write_csv


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a CSV download of these rows."""
    file = io.BytesIO()
    write_csv(file, headings, rows)
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
    return response
