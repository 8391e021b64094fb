"""Texts made to keep a reader busy cost no more than others of their length."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm.jobs.importing import cells
from crm.kernel import addresses, durations, normalization, opening_hours, typed_values
from crm.kernel.typed_values import NotationHabits
from crm.platform.files import sheet_writer
from leads.importing.mapping import synonyms
from leads.importing.mapping.headings import Field
from leads.importing.matching import contact_cells
from leads.importing.values.names import first_name_first
from leads.importing.writing import refusals
from tests.cast import Cast
from tests.processor import TookTooLong, processor_seconds

US = NotationHabits.of("US", "USD", ZoneInfo("America/New_York"))
READERS = {
    "tidy": normalization.fold_text,
    "email": normalization.normalize_email,
    "phone": lambda text: normalization.normalize_phone(text, "US"),
    "name_key": normalization.name_key,
    "digits": normalization.phone_digits,
    "moment": lambda text: typed_values.parse_instant(text, US),
    "money": lambda text: typed_values.parse_money(text, US),
    "currency": typed_values.parse_currency,
    "country": typed_values.parse_country,
    "day_first_in": typed_values.day_first_in,
    "parted": addresses.parse_address,
    "duration": durations.parse_duration,
    "hours": opening_hours.parse_day,
    "clean": cells.clean,
    "phones": lambda text: contact_cells.phones(text, "US"),
    "emails": contact_cells.emails,
    "turned": first_name_first,
    "field_of": synonyms.field_of,
    "guarded for a sheet": sheet_writer.escape_formula,
    "guarded for the refused": refusals.guard_formula,
}


def hostile(length: int) -> list[str]:
    """Texts of about this length, each of which kept some reader busy for seconds, or might."""
    return [
        f"1{' ' * length}x",
        f"+{'1 ' * (length // 2)}x",
        "1" * length,
        f"<{' ' * length}@",
        "<a@" * (length // 3),
        "a@" * (length // 2) + "b.example",
        "([{" * (length // 3),
        "a, " * (length // 3) + "x",
        "Ann " * (length // 4) + "(a@b",
        f"a{chr(0x301) * (length // 2)}{chr(0x323) * (length // 2)}",
        "'=\"" + '""' * (length // 2),
        "1.1," * (length // 4),
        "é-" * (length // 2),
    ]


@pytest.mark.parametrize("name", READERS)
def test_no_reader_is_kept_busy(name: str) -> None:
    for text in hostile(100_000):
        with processor_seconds(3):
            try:
                READERS[name](text)
            except TookTooLong:
                pytest.fail(f"{name} of {text[:12]!r}…")
            except Exception:
                continue  # refused, in a sentence or by whoever calls it


def test_no_row_is_kept_busy(cast: Cast, bring: Any) -> None:
    """Every field of ours, each of them filled with each of these."""
    names = [str(field) for field in Field]
    rows = ["\t".join(text.replace('"', "") for _name in names) for text in hostile(4_000)]
    with processor_seconds(20):
        lines, summary = bring("\t".join(names) + "\n" + "\n".join(rows), "--dry-run")
    assert summary["rows"] == len(rows) == len(lines)
