"""NamedRows: a settings page of named rows, each with a form, a form to add one, and the archive."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

ACTS = ("add", "edit", "archive", "restore")


@dataclass(frozen=True, kw_only=True)
class NamedRows:
    """Data of `settings_rows.html`. Its context has `row_context`, and `new` if the form is a Django form."""

    # The names of its addresses, with a hole for the act: "jobs:%s_skill".
    address: str
    # What is said where there is none, of a new one, and on its button.
    none: str | Promise
    new: str | Promise
    add: str | Promise
    # Template of a row, drawn with `row` and `extra`; and of its small print, in the usual one.
    row: str = "components/named_row.html"
    facts: str = ""
    # Templates of the fields below the name, of a row and of a new one; without `fields`, `form` draws `extra`, `new`.
    fields: str = ""
    new_fields: str = ""
    form: str = "components/facts_form.html"
    # Template of what stands below them all but the archived.
    below: str = ""
    # A behaviour (static/js) that the fields need.
    script: str = ""
    longest: int = 60
    is_narrow: bool = True

    @property
    def urls(self) -> dict[str, str]:
        """The URL names by action."""
        return {act: self.address % act for act in ACTS}


def row_context(rows: Iterable[Any], extra: Callable[[Any], Any] = lambda row: None) -> dict[str, Any]:
    """Return the context of the rows: active ones, each with its template data, and archived ones."""
    rows = list(rows)
    return {
        "live": [(row, extra(row)) for row in rows if not row.archived_at],
        "archived": [row for row in rows if row.archived_at],
    }
