"""Import spend from a CSV file, all or nothing; errors are reported row by row."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.kernel.typed_values import NotationHabits, parse_currency, parse_money
from crm.platform.organization.configuration import directory
from leads.models import Basis, Spend
from leads.sources.setup import campaigns
from leads.sources.spending.amounts import SpendEntry
from leads.sources.utm import letters

# A year of a hundred campaigns; more is another kind of file.
MOST_BYTES = 500_000
MOST_ROWS = 2_000
MOST_TOLD = 30
HEADS = {
    "month": "month maand date datum period periode",
    "source": "source bron leadsource kanaal channel",
    "campaign": "campaign campagne campaignname",
    "amount": "amount bedrag spend spent cost costs kosten uitgegeven",
    "currency": "currency valuta munt",
    "basis": "basis per by",
}
LEAD_WORDS = frozenset("lead perlead leads cpl".split())
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?")
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})")


class UnreadableSpendFile(Exception):
    """The file cannot be imported; `rows` has the reasons, in sentences."""

    def __init__(self, rows: list[str]) -> None:
        super().__init__("the file cannot be read")
        self.rows = rows


@dataclass(frozen=True)
class _SpendFileLine:
    number: int
    cells: dict[str, str]


def read(content: bytes) -> list[SpendEntry]:
    """Parse the spend in a file. Raises Unreadable with a sentence for each invalid row."""
    entries: dict[tuple[object, ...], tuple[int, SpendEntry]] = {}
    wrong: list[str] = []
    for line in _read_lines(content):
        try:
            entry = _parse_entry(line.cells)
            key = (entry.source.pk, entry.campaign and entry.campaign.pk, entry.month, entry.basis, entry.currency)
            if key in entries:
                raise Refused(_("Same month as row %(row)s.") % {"row": entries[key][0]})
            entries[key] = line.number, entry
        except Refused as why:
            wrong.append(_("Row %(row)s: %(why)s") % {"row": line.number, "why": why})
    if wrong:
        raise UnreadableSpendFile(wrong[:MOST_TOLD])
    if not entries:
        raise UnreadableSpendFile([_("The file has no rows below the headings.")])
    return [entry for _number, entry in entries.values()]


def _read_lines(content: bytes) -> Iterator[_SpendFileLine]:
    if len(content) > MOST_BYTES:
        raise UnreadableSpendFile([_("The file is larger than half a megabyte. Upload one year at a time.")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter))
    except csv.Error:
        raise UnreadableSpendFile([_("This is not a valid CSV file.")]) from None
    if len(rows) > MOST_ROWS:
        raise UnreadableSpendFile(
            [_("The file has more than %(most)s rows. Upload one year at a time.") % {"most": MOST_ROWS}]
        )
    names = []
    if rows:
        names = [_column_name(cell) for cell in rows[0]]
    missing = [name for name in ("month", "source", "amount") if name not in names]
    if missing:
        raise UnreadableSpendFile([_("The first row must have the columns month, source and amount.")])
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            cells = {name: cell.strip().removeprefix("'")[:200] for name, cell in zip(names, row, strict=False) if name}
            yield _SpendFileLine(number, cells)


def _column_name(cell: str) -> str:
    word = letters(cell[:60])
    return next((name for name, words in HEADS.items() if word in words.split()), "")


def _parse_entry(cells: dict[str, str]) -> SpendEntry:
    sources = {letters(name): pk for name, pk in pipeline_setup().sources.all_names()}
    pk = sources.get(letters(cells.get("source", "")))
    if pk is None:
        raise Refused(_("There is no source called “%(name)s”.") % {"name": cells.get("source", "")})
    source = pipeline_setup().sources[pk]
    campaign = None
    if name := cells.get("campaign", ""):
        setup = campaigns()
        alike = [row for row in setup.live if row.source_id == pk and letters(row.name) == letters(name)]
        if not alike:
            values = {"source": source.name, "name": name}
            raise Refused(_("%(source)s has no campaign called “%(name)s”.") % values)
        campaign = alike[0]
    brand = directory().default_brand
    habits = NotationHabits.of(brand.country, brand.currency, ZoneInfo("UTC"))
    minor, currency = parse_money(cells.get("amount", ""), habits)
    if cells.get("currency"):
        named = parse_currency(cells["currency"])
        minor = minor * 10 ** get_currency_precision(named) // 10 ** get_currency_precision(currency)
        currency = named
    if letters(cells.get("basis", "")) in LEAD_WORDS:
        basis = Basis.LEAD
    else:
        basis = Basis.MONTH
    return SpendEntry(source, campaign, month_of(cells.get("month", "")), str(basis), currency, minor)


def month_of(text: str) -> date:
    """Parse a month: "2026-03", "3/2026", "2026-03-01". Raises Refused."""
    text = text.strip()[:20]
    if match := _MONTH.fullmatch(text):
        year = int(match[1])
        month = int(match[2])
    elif match := _MONTH_FIRST.fullmatch(text):
        year = int(match[2])
        month = int(match[1])
    else:
        raise Refused(_("Enter the month as 2026-03."))
    if not (1 <= month <= 12 and 2000 <= year <= 2100):
        raise Refused(_("Enter the month as 2026-03."))
    return date(year, month, 1)


def headings() -> list[str]:
    return [_("Month"), _("Source"), _("Campaign"), _("Amount"), _("Currency"), _("Basis")]


def lines(rows: list[Spend]) -> Iterator[list[str]]:
    """Return the rows of a file that `read` can import again."""
    for row in rows:
        digits = get_currency_precision(row.currency)
        yield [
            f"{row.month:%Y-%m}",
            pipeline_setup().sources[row.source_id].name,
            campaigns().name(row.campaign_id),
            f"{row.amount / 10**digits:.{digits}f}",
            row.currency,
            "lead" if row.basis == Basis.LEAD else "month",
        ]
