"""Which tax a sale bears: by the class of what is sold, the place of the work, and who buys it.

Work on a property is taxed where the property is (Directive 2006/112/EC, article 47; US sales tax by jurisdiction).
Without a property, a business pays where it is registered for VAT, everybody else where the seller is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.regions import region_code
from crm.people.models import Person, Property
from quotes.taxes.models import TaxClass, TaxClassKind, TaxRate
from quotes.taxes.models.tax_number import tax_number_of
from quotes.taxes.models.tax_rate import city_key, postcode_key, tax_rates

EU_COUNTRIES = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())


class TaxTreatment(models.TextChoices):
    """Why a line bears its tax, or none. Each has its code in electronic invoices (EN 16931, BT-151)."""

    STANDARD = "standard", gettext_lazy("Taxed")
    ZERO = "zero", gettext_lazy("Zero rate")
    EXEMPT = "exempt", gettext_lazy("Exempt")
    REVERSE_CHARGE = "reverse", gettext_lazy("Reverse charge")
    EXPORT = "export", gettext_lazy("Export")
    # No rate is known for the place: nothing is sent before somebody adds it.
    UNKNOWN = "unknown", gettext_lazy("No rate")


INVOICE_CODES = {
    TaxTreatment.STANDARD: "S",
    TaxTreatment.ZERO: "Z",
    TaxTreatment.EXEMPT: "E",
    TaxTreatment.REVERSE_CHARGE: "AE",
    TaxTreatment.EXPORT: "G",
}


@dataclass(frozen=True)
class LineTax:
    """The tax of a line: its rate in parts per million, its name as the customer reads it, and why."""

    rate_ppm: int
    name: str
    treatment: TaxTreatment

    @property
    def is_known(self) -> bool:
        return self.treatment != TaxTreatment.UNKNOWN


@dataclass(frozen=True)
class TaxPlace:
    """Where a sale is taxed: who sells, where the work is, and the VAT number of who buys."""

    seller_country: str
    country: str
    region: str = ""
    city: str = ""
    postcode: str = ""
    has_property: bool = True
    # The country of the customer's VAT number; blank: none is known.
    registered_in: str = ""

    @classmethod
    def of(cls, seller_country: str, site: Property | None, person: Person | None) -> "TaxPlace":
        """Return the place of a job: its property, and its customer's VAT number. One query."""
        number = tax_number_of(person)
        registered_in = number.country if number else ""
        if site is None:
            return cls(seller_country, seller_country, has_property=False, registered_in=registered_in)
        region = region_code(site.region) or site.region
        return cls(seller_country, site.country, region, site.city, site.postcode, registered_in=registered_in)


def rate_for(tax_class: TaxClass, place: TaxPlace, day: date) -> LineTax:
    """Return the tax of a line of a class at a place on a day.

    UNKNOWN with a rate of 0 where nobody entered a rate for the place: a quote is not sent like that.
    """
    if tax_class.kind == TaxClassKind.EXEMPT:
        return LineTax(0, _("Exempt"), TaxTreatment.EXEMPT)
    if tax_class.kind == TaxClassKind.ZERO:
        return LineTax(0, _("Zero rate"), TaxTreatment.ZERO)
    if _is_reverse_charge(place):
        return LineTax(0, _("VAT reverse charged"), TaxTreatment.REVERSE_CHARGE)
    if _is_export(place):
        return LineTax(0, _("Export, no tax"), TaxTreatment.EXPORT)
    rate = find_rate([row for row in tax_rates() if row.tax_class_id == tax_class.pk], place, day)
    if rate is None:
        return LineTax(0, _("No rate"), TaxTreatment.UNKNOWN)
    return LineTax(rate.rate_ppm, rate.name, TaxTreatment.STANDARD)


def _is_reverse_charge(place: TaxPlace) -> bool:
    """Return True for reverse charge: a business of another member state pays the VAT itself."""
    seller = place.seller_country
    if seller not in EU_COUNTRIES or place.registered_in not in EU_COUNTRIES - {seller}:
        return False
    if not place.has_property:
        return True
    return place.country in EU_COUNTRIES and place.country != seller


def _is_export(place: TaxPlace) -> bool:
    """True if the work is in another country; within the EU, that country's VAT is charged."""
    if place.country == place.seller_country:
        return False
    return not {place.country, place.seller_country} <= EU_COUNTRIES


def find_rate(rates: Iterable[TaxRate], place: TaxPlace, day: date) -> TaxRate | None:
    """Return the most specific rate of a place in force on a day: by postcode, city, region, country."""
    fitting = [(_specificity(rate, place), rate.from_day, rate.pk, rate) for rate in rates if rate.from_day <= day]
    fitting = [entry for entry in fitting if entry[0] is not None]
    if not fitting:
        return None
    return max(fitting, key=lambda entry: entry[:3])[3]


def _specificity(rate: TaxRate, place: TaxPlace) -> tuple[int, bool, bool] | None:
    """Return how closely the place of a rate fits: (length of the postcode, city, region); None if it doesn't."""
    if rate.country != place.country:
        return None
    if rate.region and rate.region.casefold() != place.region.casefold():
        return None
    if rate.city and city_key(rate.city) != city_key(place.city):
        return None
    length = 0
    if rate.postcodes:
        postcode = postcode_key(place.postcode)
        length = max((len(prefix) for prefix in rate.postcodes if postcode.startswith(prefix)), default=0)
        if not length:
            return None
    return length, bool(rate.city), bool(rate.region)
