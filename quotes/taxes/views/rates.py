"""Settings: the rates of each tax class by place, from a day on."""

from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from babel.numbers import format_decimal
from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.formats import full_day, get_locale
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings import choices
from crm.web.settings.fields import require_valid, select_field, set_choices, text_field
from crm.web.settings.page import Context, settings_page
from quotes.permissions import EDIT_PRICES
from quotes.taxes.models import TaxClass, TaxRate
from quotes.taxes.models.tax_class import default_tax_class, tax_classes
from quotes.taxes.models.tax_rate import MILLION, tax_rates

PPM_OF_PERCENT = 10_000


class TaxRateForm(forms.Form):
    """Form of a rate: its class, place, percentage and first day."""

    tax_class = select_field(gettext_lazy("Tax class"))
    rate = text_field(gettext_lazy("Rate in percent"), 12, inputmode="decimal")
    name = text_field(gettext_lazy("Name on quotes and invoices"), 60)
    country = select_field(gettext_lazy("Country"))
    region = text_field(gettext_lazy("State or region"), 80, required=False)
    city = text_field(gettext_lazy("City"), 120, required=False)
    postcodes = text_field(
        gettext_lazy("Postcodes"),
        400,
        required=False,
        hint=gettext_lazy("Or how they begin, with commas: 335, 336. A county is entered like that."),
    )
    from_day = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput({"class": "input", "type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, posted: Any = None) -> None:
        usual = default_tax_class()
        organization = directory()
        initial = {
            "tax_class": str(usual.pk) if usual else "",
            "country": organization.tenant.country,
            "from_day": organization.today(),
            "name": _("VAT"),
        }
        if organization.tenant.country == "US":
            initial["name"] = _("Sales tax")
        super().__init__(posted, initial=initial)
        live = [row for row in tax_classes().values() if row.archived_at is None]
        set_choices(self, "tax_class", [(str(row.pk), row.name) for row in live])
        set_choices(self, "country", choices.countries())

    def clean_rate(self) -> int:
        """Return the rate in parts per million. Raises ValidationError for what is no percentage."""
        text = self.cleaned_data["rate"].replace(",", ".").removesuffix("%").strip()
        try:
            rate = Decimal(text) * PPM_OF_PERCENT
            is_rate = 0 <= rate <= MILLION and rate == int(rate)
        except (InvalidOperation, ValueError, OverflowError):
            is_rate = False
        if not is_rate:
            raise forms.ValidationError(_("Enter a percentage between 0 and 100, such as 8.875."))
        return int(rate)

    @property
    def field_values(self) -> Context:
        """Return the arguments of `TaxRate.set_rate`."""
        values = dict(self.cleaned_data)
        values["rate_ppm"] = values.pop("rate")
        values["tax_class"] = tax_classes()[int(values["tax_class"])]
        values["postcodes"] = values["postcodes"].replace(";", ",").split(",")
        return values


class RateRow(NamedTuple):
    """A rate in words. `state`: "now", "later" or "" for one that another has followed."""

    rate: TaxRate
    percent: str
    place: str
    since: str
    state: str


def version() -> str:
    """Hash what the page shows."""
    return version_of([(row.pk, row.rate_ppm, row.name) for row in tax_rates()])


@settings_page("taxes:rates", EDIT_PRICES, "quotes/taxes/rates.html", version=version)
def tax_rate_page(request: TenantRequest) -> Context:
    """Show the rates in force and to come by class, and a form to set another."""
    reader = Reader.of(request.member, clock.now())
    groups = [(row, _rate_rows(row, reader)) for row in tax_classes().values() if row.archived_at is None]
    posted = request.POST if request.path.endswith("/add/") else None
    return {"groups": groups, "form": TaxRateForm(posted)}


def _rate_rows(tax_class: TaxClass, reader: Reader) -> list[RateRow]:
    today = directory().today()
    rows = [rate for rate in tax_rates() if rate.tax_class_id == tax_class.pk]
    own = directory().tenant.country
    rows.sort(key=lambda rate: (rate.country != own, rate.country, rate.region, rate.city, rate.postcodes))
    latest: dict[tuple[Any, ...], TaxRate] = {}
    for rate in rows:
        place = (rate.country, rate.region, rate.city, *rate.postcodes)
        if rate.from_day <= today and (place not in latest or latest[place].from_day < rate.from_day):
            latest[place] = rate
    in_force = {rate.pk for rate in latest.values()}
    return [_rate_row(rate, rate.pk in in_force, rate.from_day > today, reader) for rate in rows]


def _rate_row(rate: TaxRate, is_in_force: bool, is_later: bool, reader: Reader) -> RateRow:
    state = ""
    if is_in_force:
        state = "now"
    elif is_later:
        state = "later"
    return RateRow(rate, percent_text(rate.rate_ppm, reader.country), place_text(rate), _since(rate, reader), state)


def _since(rate: TaxRate, reader: Reader) -> str:
    return full_day(rate.from_day, reader.country)


def percent_text(rate_ppm: int, country: str) -> str:
    """Return a rate in percent: "8.875%", "21%"."""
    where = get_locale(get_language() or "en", country)
    return f"{format_decimal(Decimal(rate_ppm) / PPM_OF_PERCENT, '#,##0.####', locale=where)}%"


def place_text(rate: TaxRate) -> str:
    """Return the place of a rate in words: "FL, 335, 336", in another country "United States, FL, 335, 336"."""
    narrower = [part for part in (rate.region, rate.city, *rate.postcodes) if part]
    if narrower and rate.country == directory().tenant.country:
        return ", ".join(narrower)
    country = dict(choices.countries()).get(rate.country, rate.country)
    return ", ".join([country, *narrower])


@tax_rate_page.action()
def add_rate(request: TenantRequest) -> str:
    """Set the rate of a place from a day on."""
    rate = TaxRate.set_rate(**require_valid(TaxRateForm(request.POST)).field_values, by=request.member)
    return _("“%(name)s” is set.") % {"name": rate.name}


def _find_rate(pk: int) -> TaxRate:
    rate: TaxRate = get_object_or_404(TaxRate.objects.all(), pk=pk)
    return rate


@tax_rate_page.action(_find_rate)
def remove_rate(request: TenantRequest, rate: TaxRate) -> str:
    """Remove a rate; quotes and invoices keep theirs."""
    rate.remove(by=request.member)
    return _("“%(name)s” is removed.") % {"name": rate.name}
