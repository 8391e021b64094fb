"""Export the invoices of a period to accounting, and keep what was exported when."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.accounting.csv_format import write_entries
from billing.accounting.datev import write_datev
from billing.accounting.entries import accounting_entries, tax_amounts
from billing.accounting.formats import CSV_FORMATS
from billing.models import Invoice
from billing.models.accounting import (
    AccountingExport,
    AccountingSystem,
    AccountingTerms,
    ExportedInvoice,
    accounting_terms_of,
)
from billing.paper.e_invoices import e_invoice_of, has_e_invoice
from crm.kernel import clock, formats
from crm.kernel.refusal import Refused
from crm.kernel.sentences import translate_sentence
from crm.platform.events import events
from crm.platform.files import stored_files
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory
from libs.e_invoice import EInvoiceRefused, write_ubl

# Files are written within the request; of more, a shorter period is exported.
MOST = 5_000
MOST_UBL = 500
UBL_SYSTEMS = (AccountingSystem.MONEYBIRD, AccountingSystem.UBL)
NamedFile = tuple[str, bytes]


def invoices_of_period(brand: Brand, first_day: date, last_day: date) -> Any:
    """Return the invoices and credit notes that a brand issued in a period, in the order of their issue."""
    zone = directory().zone
    begins = datetime.combine(first_day, time(0), zone)
    ends = datetime.combine(last_day + timedelta(days=1), time(0), zone)
    rows = Invoice.objects.issued().filter(brand=brand, issued_at__gte=begins, issued_at__lt=ends)
    return rows.order_by("issued_at", "pk")


def not_exported(invoices: Any) -> Any:
    """Filter those that no export has yet."""
    return invoices.exclude(Exists(ExportedInvoice.objects.filter(invoice_id=OuterRef("pk"))))


@transaction.atomic
def export_period(
    brand: Brand, first_day: date, last_day: date, *, by: Member | None, again: bool = False
) -> AccountingExport:
    """Write the invoices of a period that were not exported yet, or with `again` all of them, and keep the export.

    Raises Refused without settings or a tax code, for no or too many invoices, and if all were exported before.
    """
    terms = accounting_terms_of(brand.pk)
    if terms is None:
        raise Refused(_("Set up the accounting of %(brand)s first.") % {"brand": brand.name})
    brand.lock()
    if first_day > last_day:
        raise Refused(_("The first day is after the last one."))
    in_period = invoices_of_period(brand, first_day, last_day)
    rows = _read_invoices(in_period if again else not_exported(in_period), terms)
    if not rows:
        raise Refused(_why_nothing(in_period))
    name, content = _as_one_file(
        _build_files(rows, terms, first_day, last_day), f"{terms.system}-{first_day}-{last_day}"
    )
    stored = stored_files.store_file(io.BytesIO(content), name, purpose="accounting", by=by)
    export: AccountingExport = AccountingExport.objects.create(
        brand=brand,
        system=terms.system,
        first_day=first_day,
        last_day=last_day,
        by=by,
        file=stored,
        invoices=len(rows),
    )
    export.refresh_from_db(fields=["uid"])
    ExportedInvoice.objects.bulk_create(ExportedInvoice(export=export, invoice=row) for row in rows)
    events.record("accounting.exported", subject=export, by=by, data={"invoices": len(rows), "system": terms.system})
    return export


def write_invoices(invoices: Any, terms: AccountingTerms) -> NamedFile:
    """Return the file of these invoices, whatever was exported before; it is not kept. Raises as `export_period`."""
    rows = _read_invoices(invoices, terms)
    days = [row.issued_at.astimezone(directory().zone).date() for row in rows if row.issued_at]
    name = f"{terms.system}-{min(days)}-{max(days)}"
    return _as_one_file(_build_files(rows, terms, min(days), max(days)), name)


def _read_invoices(invoices: Any, terms: AccountingTerms) -> list[Invoice]:
    most = MOST_UBL if terms.system in UBL_SYSTEMS else MOST
    rows = list(invoices.select_related("credited", "brand", "job", "person").prefetch_related("lines")[: most + 1])
    if len(rows) > most:
        raise Refused(_("There are more than %(count)s invoices. Choose a shorter period.") % {"count": most})
    return rows


def _why_nothing(in_period: Any) -> str:
    last = AccountingExport.objects.filter(lines__invoice__in=in_period.order_by()).order_by("-at").first()
    if last is None:
        return _("No invoice was issued in that period.")
    day = formats.full_day(last.at.astimezone(directory().zone).date(), directory().tenant.country)
    return _("All invoices of that period were exported before, the last on %(day)s.") % {"day": day}


def _build_files(
    invoices: Sequence[Invoice], terms: AccountingTerms, first_day: date, last_day: date
) -> list[NamedFile]:
    if terms.system in UBL_SYSTEMS:
        return [(f"{invoice.number}.xml", _ubl_of(invoice)) for invoice in invoices]
    if missing := terms.missing_fields:
        raise Refused(_("Enter in the settings of accounting: %(fields)s.") % {"fields": ", ".join(missing)})
    if terms.system == AccountingSystem.DATEV:
        _expect_one_year_and_currency(invoices, first_day, last_day)
        now = clock.now().astimezone(directory().zone)
        content = write_datev(accounting_entries(invoices, terms), terms, first_day, last_day, now)
        return [(f"EXTF_Buchungsstapel_{first_day:%Y%m%d}_{last_day:%Y%m%d}.csv", content)]
    _expect_codes(invoices, terms)
    form = CSV_FORMATS[AccountingSystem(terms.system)]
    groups = {"invoices": list(invoices)}
    if form.has_own_credits:
        groups = {
            "invoices": [one for one in invoices if not one.is_credit],
            "credit-notes": [one for one in invoices if one.is_credit],
        }
    return [
        (f"{terms.system}-{name}-{first_day}-{last_day}.csv", write_entries(form, accounting_entries(rows, terms)))
        for group, invoices_of_group in groups.items()
        for name, rows in _divide(group, invoices_of_group, form.most)
    ]


def _divide(group: str, invoices: list[Invoice], most: int) -> Iterator[tuple[str, list[Invoice]]]:
    """Yield the invoices of each file with its name: all in one, or `most` at a time. An invoice is in one file."""
    if not most or len(invoices) <= most:
        batches = [invoices] if invoices else []
    else:
        batches = [invoices[start : start + most] for start in range(0, len(invoices), most)]
    for number, batch in enumerate(batches, 1):
        yield f"{group}-{number}" if len(batches) > 1 else group, batch


def _ubl_of(invoice: Invoice) -> bytes:
    if not has_e_invoice(invoice):
        raise Refused(_("Only brands in the EU have electronic invoices (UBL). Choose another system."))
    try:
        return write_ubl(e_invoice_of(invoice))
    except EInvoiceRefused as refusal:
        why = translate_sentence(refusal.sentence)
        raise Refused(
            _("%(number)s has no electronic form: %(why)s") % {"number": invoice.number, "why": why}
        ) from None


def _expect_codes(invoices: Sequence[Invoice], terms: AccountingTerms) -> None:
    """Raise Refused for a tax without a code: the accounting system would book it wrongly, or not at all."""
    keys = {key for invoice in invoices for key in tax_amounts(invoice)}
    missing = sorted(keys - {key for key, code in terms.tax_codes.items() if code})
    if missing:
        words = ngettext(
            "A tax rate has no code yet. Enter it in the settings of accounting.",
            "%(count)s tax rates have no code yet. Enter them in the settings of accounting.",
            len(missing),
        )
        raise Refused(words % {"count": len(missing)})


def _expect_one_year_and_currency(invoices: Sequence[Invoice], first_day: date, last_day: date) -> None:
    if first_day.year != last_day.year:
        raise Refused(_("DATEV takes one year at a time."))
    for invoice in invoices:
        if invoice.currency != invoice.brand.currency:
            words = {"number": invoice.number, "currency": invoice.brand.currency}
            raise Refused(_("%(number)s is not in %(currency)s, and DATEV asks for the exchange rate.") % words)


def _as_one_file(files: list[NamedFile], name: str) -> NamedFile:
    """Return the only file, or a ZIP of several."""
    if len(files) == 1:
        return files[0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file_name, content in files:
            archive.writestr(file_name, content)
    return f"{name}.zip", packed.getvalue()
