"""Tax classes and rates that a new organization starts with, by its country; all can be edited.

Rates as of 2026. A tenant checks them with its accountant, as the settings page says.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _

from crm.kernel.regions import STATES_BY_NAME
from crm.platform.models import Tenant
from crm.platform.organization.configuration import directory
from quotes.taxes.models import TaxClass, TaxClassKind, TaxRate
from quotes.taxes.treatment import EU_COUNTRIES

TENTH_OF_PERCENT = 1_000


class CountryRates(NamedTuple):
    """The standard and the reduced rate of a country, in tenths of a percent; 0: it has no reduced rate."""

    standard: int
    reduced: int = 0


RATES = {
    "AT": CountryRates(200, 100),
    "BE": CountryRates(210, 60),
    "BG": CountryRates(200, 90),
    "CY": CountryRates(190, 50),
    "CZ": CountryRates(210, 120),
    "DE": CountryRates(190, 70),
    "DK": CountryRates(250),
    "EE": CountryRates(240, 90),
    "ES": CountryRates(210, 100),
    "FI": CountryRates(255, 135),
    "FR": CountryRates(200, 100),
    "GR": CountryRates(240, 130),
    "HR": CountryRates(250, 130),
    "HU": CountryRates(270, 50),
    "IE": CountryRates(230, 135),
    "IT": CountryRates(220, 100),
    "LT": CountryRates(210, 120),
    "LU": CountryRates(170, 80),
    "LV": CountryRates(210, 120),
    "MT": CountryRates(180, 70),
    "NL": CountryRates(210, 90),
    "PL": CountryRates(230, 80),
    "PT": CountryRates(230, 60),
    "RO": CountryRates(210, 110),
    "SE": CountryRates(250, 120),
    "SI": CountryRates(220, 95),
    "SK": CountryRates(230, 190),
    "AE": CountryRates(50),
    "AU": CountryRates(100),
    "CH": CountryRates(81, 26),
    "GB": CountryRates(200, 50),
    "NO": CountryRates(250, 150),
    "NZ": CountryRates(150),
}
# In thousandths of a percent: the rates of the states alone. Counties and cities add theirs.
_STATE_RATES = (
    "AL 4000,AK 0,AZ 5600,AR 6500,CA 7250,CO 2900,CT 6350,DE 0,DC 6000,FL 6000,GA 4000,HI 4000,ID 6000,IL 6250,IN 7000,"
    "IA 6000,KS 6500,KY 6000,LA 5000,ME 5500,MD 6000,MA 6250,MI 6000,MN 6875,MS 7000,MO 4225,MT 0,NE 5500,NV 6850,NH 0,"
    "NJ 6625,NM 4875,NY 4000,NC 4750,ND 5000,OH 5750,OK 4500,OR 0,PA 6000,RI 7000,SC 6000,SD 4200,TN 7000,TX 6250,"
    "UT 4850,VT 6000,VA 5300,WA 6500,WV 6000,WI 5000,WY 4000"
)
STATE_RATES = {code: int(rate) for code, rate in (pair.split() for pair in _STATE_RATES.split(","))}


def create_tax_defaults() -> None:
    """Create the tax classes and rates of the tenant's country, unless it has classes. Idempotent."""
    if TaxClass.objects.exists():
        return
    tenant = directory().tenant
    standard = TaxClass.add(_("Standard rate"), by=None)
    standard.make_default(by=None)
    if tenant.country == "US":
        TaxClass.add(_("Not taxed"), kind=TaxClassKind.EXEMPT, by=None)
        _add_state_rates(standard)
        return
    if RATES.get(tenant.country, CountryRates(0)).reduced:
        reduced = TaxClass.add(_("Reduced rate"), by=None)
        _add_country_rates(tenant, standard, reduced)
    else:
        _add_country_rates(tenant, standard, None)
    TaxClass.add(_("Zero rate"), kind=TaxClassKind.ZERO, by=None)
    TaxClass.add(_("Exempt"), kind=TaxClassKind.EXEMPT, by=None)


def _add_state_rates(standard: TaxClass) -> None:
    names = {code: name.title().replace(" Of ", " of ") for name, code in STATES_BY_NAME.items() if len(name) > 2}
    for code, rate in STATE_RATES.items():
        _add_rate(standard, f"{names[code]} ({_('state')})", "US", 10 * rate, region=code)


def _add_country_rates(tenant: Tenant, standard: TaxClass, reduced: TaxClass | None) -> None:
    """Add the rates of the tenant's country; of all member states for one within the EU."""
    countries = [tenant.country]
    if tenant.country in EU_COUNTRIES:
        countries += sorted(EU_COUNTRIES - {tenant.country})
    for country in countries:
        rates = RATES.get(country)
        if rates is None:
            continue
        _add_rate(standard, _("VAT"), country, TENTH_OF_PERCENT * rates.standard)
        if reduced and rates.reduced:
            _add_rate(reduced, _("VAT"), country, TENTH_OF_PERCENT * rates.reduced)


def _add_rate(tax_class: TaxClass, name: str, country: str, rate_ppm: int, region: str = "") -> None:
    first_of_year = directory().today().replace(month=1, day=1)
    TaxRate.set_rate(
        tax_class, name=name, country=country, region=region, rate_ppm=rate_ppm, from_day=first_of_year, by=None
    )
