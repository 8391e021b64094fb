"""Read rows of another system, JSON or CSV, as a CSV file that the import understands."""

import csv
import io
import json
from typing import Any

from django.utils.translation import gettext as _

from crm.jobs.importing.unreadable import UnreadableFile

MOST_ROWS = 5_000
_MOST_COLUMNS = 200


def as_csv(content: bytes) -> bytes:
    """Return a document as CSV, empty if it holds nothing. JSON is a list of objects, or an object with one such list.

    Raises UnreadableFile.
    """
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text:
        return b""
    if text[:1] not in (b"[", b"{"):
        if is_markup(content):
            raise UnreadableFile(_("The other system answered with a web page instead of data."))
        return content
    try:
        rows = _find_rows(json.loads(content))
    except (ValueError, RecursionError):
        raise UnreadableFile(_("It is no valid JSON.")) from None
    if not rows:
        return b""
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(_("There are more than %(most)s rows. Send fewer at a time.") % {"most": MOST_ROWS})
    flat = [dict(_flatten(row)) for row in rows]
    columns = list(dict.fromkeys(name for row in flat for name in row))[:_MOST_COLUMNS]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(flat)
    return file.getvalue().encode()


def is_markup(content: bytes) -> bool:
    """Return True for HTML or XML: a page of a sign-in or of a failure, and no data."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _find_rows(document: Any) -> list[dict[str, Any]]:
    """Return the objects of a document. Raises UnreadableFile if there is no list of them."""
    lists = [document]
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
    for rows in lists:
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
    raise UnreadableFile(_("It holds no list of records."))


def _flatten(row: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return the values of an object by their paths: "customer.name"."""
    pairs: list[tuple[str, str]] = []
    for name, value in row.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            pairs += _flatten(value, f"{path}.")
        else:
            pairs.append((path, _cell(value)))
    return pairs


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value if not isinstance(one, (dict, list)))
    return str(value)
