"""Accounting: the settings of each brand, the form of an export, and the exports that were made."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from billing.accounting.exporting import export_period, invoices_of_period, not_exported
from billing.commissions.monthly import last_month
from billing.models import AccountingExport, AccountingSystem, AccountingTerms, InvoiceLine
from billing.models.accounting import FIELD_LABELS, accounting_terms_of
from billing.models.payment_plan import tax_key
from crm.kernel import clock
from crm.kernel.days import next_month, read_day
from crm.kernel.refusal import Refused
from crm.platform.files import stored_files
from crm.platform.models import Brand
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.fields import require_valid, select_field, text_field
from crm.web.settings.page import SAVED, Context, settings_page
from quotes.taxes.models import TaxRate
from quotes.taxes.treatment import TaxTreatment
from quotes.typed_numbers import short_percent

BOOKS = "billing.books"
SET_UP = "billing.set_up"
SHOWN = 20
DAY = timedelta(days=1)
TEXTS = ("sales_account", "debtors_account", "journal", "item", "adviser", "client")


class AccountingForm(forms.Form):
    """Form of the accounts and codes of a brand's bookkeeping; a field for the code of each tax."""

    system = select_field(gettext_lazy("Accounting system"), AccountingSystem.choices)
    sales_account = text_field(FIELD_LABELS["sales_account"], 40, required=False)
    debtors_account = text_field(FIELD_LABELS["debtors_account"], 40, required=False)
    journal = text_field(FIELD_LABELS["journal"], 40, required=False)
    item = text_field(FIELD_LABELS["item"], 100, required=False)
    adviser = text_field(FIELD_LABELS["adviser"], 7, required=False)
    client = text_field(FIELD_LABELS["client"], 5, required=False)

    def __init__(self, brand: Brand, posted: Any = None) -> None:
        terms = accounting_terms_of(brand.pk) or AccountingTerms(system=AccountingSystem.UBL)
        initial: dict[str, Any] = {"system": terms.system} | {name: getattr(terms, name) for name in TEXTS}
        self.taxes = taxes_of(brand)
        initial |= {f"tax-{key}": terms.tax_codes.get(key, "") for key in self.taxes}
        super().__init__(posted, initial=initial, auto_id=f"accounting-{brand.pk}-%s", label_suffix="")
        for key, words in self.taxes.items():
            label = _("Tax code for %(tax)s") % {"tax": words}
            self.fields[f"tax-{key}"] = text_field(label, 40, required=False)

    def values(self) -> dict[str, Any]:
        """Return what was typed, as the terms keep it. Raises Refused."""
        values = require_valid(self).cleaned_data
        codes = {key: values[f"tax-{key}"] for key in self.taxes if values[f"tax-{key}"]}
        return {"system": values["system"], "tax_codes": codes} | {name: values[name] for name in TEXTS}


def taxes_of(brand: Brand) -> dict[str, str]:
    """Return the taxes of a brand's country and of its invoices by `tax_key`, in words: "21%", "Reverse charge"."""
    # Of a country whose regions have rates of their own, those that were billed.
    countrywide = TaxRate.objects.filter(country=brand.country, region="", city="", postcodes=[])
    rates = set(countrywide.values_list("rate_ppm", flat=True))
    lines = InvoiceLine.objects.filter(invoice__brand=brand).order_by()
    billed = set(lines.values_list("tax_rate", "tax_code").distinct())
    taxes = {tax_key(rate): short_percent(rate, brand.country) for rate in sorted(rates | {0})}
    labels = dict(TaxTreatment.choices)
    for rate, code in sorted(billed):
        words = short_percent(rate, brand.country)
        if not rate and code:
            words = str(labels.get(code, code))
        taxes[tax_key(rate, code)] = words
    return taxes


def _version() -> str:
    rows = AccountingTerms.objects.order_by("pk").values_list("pk", "system", *TEXTS, "tax_codes")
    return version_of([(*row[:-1], sorted(row[-1].items())) for row in rows])


@settings_page("accounting:terms", SET_UP, "billing/terms.html", version=_version)
def terms(request: TenantRequest) -> Context:
    """Show the accounting of each brand."""
    posted = request.POST.get("brand")
    brands = [one for one in directory().brands.values() if one.archived_at is None]
    return {
        "brands": [
            (brand, AccountingForm(brand, request.POST if str(brand.uid) == posted else None)) for brand in brands
        ],
        "save_name": "accounting:set_terms",
    }


@terms.action()
def set_terms(request: TenantRequest) -> str:
    """Save the accounting of a brand."""
    brand = _find_brand(request.POST.get("brand", ""))
    AccountingTerms.set_for(brand, by=request.member, **AccountingForm(brand, request.POST).values())
    return SAVED % {"name": brand.name}


def _find_brand(uid: str) -> Brand:
    brand = next((one for one in directory().brands.values() if str(one.uid) == uid), None)
    if brand is None:
        raise Http404
    return brand


@require(BOOKS)
@require_safe
def exports(request: TenantRequest) -> HttpResponse:
    """Show the form of an export, how much of the chosen period was exported before, and the last exports."""
    reader = Reader.of(request.member, clock.now())
    first_day = read_day(request.GET.get("first", "")) or last_month()
    last_day = read_day(request.GET.get("last", "")) or next_month(first_day) - DAY
    brands = [one for one in directory().brands.values() if accounting_terms_of(one.pk)]
    rows = AccountingExport.objects.select_related("brand", "by", "file").order_by("-at", "-pk")[:SHOWN]
    context = {
        "brands": [(brand, *_counts(brand, first_day, last_day)) for brand in brands],
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "rows": [
            {
                "export": row,
                "at": reader.moment(row.at),
                "period": f"{reader.date(row.first_day)} – {reader.date(row.last_day)}",
            }
            for row in rows
        ],
    }
    return render(request, "billing/accounting/exports.html", context)


def _counts(brand: Brand, first_day: Any, last_day: Any) -> tuple[int, int]:
    """Return how many invoices a period has, and how many of them were exported before."""
    rows = invoices_of_period(brand, first_day, last_day)
    count = rows.count()
    return count, count - not_exported(rows).count()


@require(BOOKS)
@require_POST
def export(request: TenantRequest) -> HttpResponse:
    """Export a period of a brand; again what was exported before, only if that is asked for."""
    brand = _find_brand(request.POST.get("brand", ""))
    first_day = read_day(request.POST.get("first", ""))
    last_day = read_day(request.POST.get("last", ""))
    try:
        if first_day is None or last_day is None:
            raise Refused(_("Choose a day."))
        row = export_period(brand, first_day, last_day, by=request.member, again=bool(request.POST.get("again")))
    except Refused as why:
        messages.warning(request, str(why))
    else:
        words = ngettext("%(count)s invoice is exported.", "%(count)s invoices are exported.", row.invoices)
        messages.success(request, words % {"count": row.invoices})
    return redirect("accounting:exports", request.tenant.slug)


@require(BOOKS)
@require_safe
def export_file(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Serve the file of an export; 404 once its bytes are deleted."""
    row = get_object_or_404(AccountingExport.objects.select_related("file"), uid=uid)
    response: HttpResponse = stored_files.file_response(row.file)  # type: ignore[assignment]
    return response
