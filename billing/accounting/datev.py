"""DATEV format: the posting batch (Buchungsstapel) that tax advisers in Germany import.

EXTF, header version 700, format version 13: a line about the batch, a line of headings, and a line for each posting, in
Windows-1252 with CRLF. Texts are in quotation marks, numbers aren't. https://developer.datev.de/datev/platform/de/dtvf
"""

from collections.abc import Sequence
from datetime import date, datetime

from billing.accounting.csv_format import clean_text
from billing.accounting.entries import AccountingEntry
from billing.models.accounting import AccountingTerms
from crm.platform.files.sheet_writer import escape_formula

VERSION, CATEGORY, FORMAT_VERSION = 700, 21, 13
ACCOUNT_LENGTH = 4
ENCODING = "cp1252"
_FIRST = (
    "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ Basis-Umsatz;Konto;"
    "Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld 1;Belegfeld 2;Skonto;Buchungstext;Postensperre;"
    "Diverse Adressnummer;Geschäftspartnerbank;Sachverhalt;Zinssperre;Beleglink"
)
_MIDDLE = (
    "KOST1 - Kostenstelle;KOST2 - Kostenstelle;Kost-Menge;EU-Land u. UStID (Bestimmung);EU-Steuersatz (Bestimmung);"
    "Abw. Versteuerungsart;Sachverhalt L+L;Funktionsergänzung L+L;BU 49 Hauptfunktionstyp;BU 49 Hauptfunktionsnummer;"
    "BU 49 Funktionsergänzung"
)
_LAST = (
    "Stück;Gewicht;Zahlweise;Forderungsart;Veranlagungsjahr;Zugeordnete Fälligkeit;Skontotyp;Auftragsnummer;"
    "Buchungstyp;USt-Schlüssel (Anzahlungen);EU-Land (Anzahlungen);Sachverhalt L+L (Anzahlungen);"
    "EU-Steuersatz (Anzahlungen);Erlöskonto (Anzahlungen);Herkunft-Kz;Buchungs GUID;KOST-Datum;SEPA-Mandatsreferenz;"
    "Skontosperre;Gesellschaftername;Beteiligtennummer;Identifikationsnummer;Zeichnernummer;Postensperre bis;"
    "Bezeichnung SoBil-Sachverhalt;Kennzeichen SoBil-Buchung;Festschreibung;Leistungsdatum;"
    "Datum Zuord. Steuerperiode;Fälligkeit;Generalumkehr (GU);Steuersatz;Land;Abrechnungsreferenz;BVV-Position;"
    "EU-Land u. UStID (Ursprung);EU-Steuersatz (Ursprung);Abw. Skontokonto"
)
HEADINGS: tuple[str, ...] = (
    *_FIRST.split(";"),
    *(f"Beleginfo - {part} {count}" for count in range(1, 9) for part in ("Art", "Inhalt")),
    *_MIDDLE.split(";"),
    *(
        f"Zusatzinformation{dash} {part} {count}"
        for count in range(1, 21)
        for dash, part in ((" -", "Art"), ("-", "Inhalt"))
    ),
    *_LAST.split(";"),
)
# Columns of texts, from 1; the others are numbers and days.
_TEXTS = frozenset(
    {2, 3, 6, 9, 11, 12, 14, 16, 20, 40, 42, 91, 95, 96, 98, 102, 103, 105, 107, 109, 110, 112, 118, 120, 121, 123}
    | set(range(21, 39))
    | set(range(48, 88))
)


def write_datev(
    entries: Sequence[AccountingEntry], terms: AccountingTerms, first_day: date, last_day: date, now: datetime
) -> bytes:
    """Return the batch: each entry debits the customers' account, and credits the sales account."""
    lines = [_batch_line(terms, first_day, last_day, now), ";".join(HEADINGS)]
    lines += [_posting_line(entry) for entry in entries]
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODING, "replace")


def _batch_line(terms: AccountingTerms, first_day: date, last_day: date, now: datetime) -> str:
    year = first_day.replace(month=1, day=1)
    fields = [
        *(_quote_text("EXTF"), str(VERSION), str(CATEGORY), _quote_text("Buchungsstapel"), str(FORMAT_VERSION)),
        *(f"{now:%Y%m%d%H%M%S}000", "", _quote_text("RE"), _quote_text(""), _quote_text("")),
        *(terms.adviser, terms.client, f"{year:%Y%m%d}", str(ACCOUNT_LENGTH)),
        *(f"{first_day:%Y%m%d}", f"{last_day:%Y%m%d}", _quote_text("Ausgangsrechnungen"), _quote_text("")),
        *("1", "0", "0", _quote_text(terms.brand.currency), "", _quote_text(""), "", "", _quote_text("")),
        *("", "", _quote_text(""), _quote_text("")),
    ]
    return ";".join(fields)


def _posting_line(entry: AccountingEntry) -> str:
    values = {
        "Umsatz (ohne Soll/Haben-Kz)": str(abs(entry.gross)).replace(".", ","),
        "Soll/Haben-Kennzeichen": "H" if entry.is_credit else "S",
        "WKZ Umsatz": entry.currency,
        "Konto": entry.debtors_account,
        "Gegenkonto (ohne BU-Schlüssel)": entry.sales_account,
        "BU-Schlüssel": entry.tax_code,
        "Belegdatum": f"{entry.issued_on:%d%m}",
        "Belegfeld 1": _reference(entry.corrects or entry.number)[:36],
        "Belegfeld 2": _reference(entry.number)[:12] if entry.corrects else "",
        "Buchungstext": f"{entry.customer}, {entry.description}"[:60],
        "Fälligkeit": f"{entry.due_on:%d%m%Y}",
    }
    return ";".join(_cell(place, values.get(heading, "")) for place, heading in enumerate(HEADINGS, start=1))


def _cell(place: int, value: str) -> str:
    if place in _TEXTS:
        return _quote_text(value)
    return value


def _quote_text(text: str) -> str:
    return '"' + escape_formula(clean_text(text)).replace('"', '""') + '"'


def _reference(number: str) -> str:
    """Return a number in the letters that DATEV takes in a reference."""
    return "".join(one for one in number if one.isascii() and (one.isalnum() or one in "$&%*+-/"))
