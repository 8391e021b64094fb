"""TaxRate: the rate of a tax class in a place, from a day on."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.kernel.regions import region_code
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant
from quotes.taxes.models.tax_class import TaxClass, TaxClassKind

MILLION = 1_000_000
MOST_PREFIXES = 200
LONGEST_PREFIX = 10


class TaxRate(ConfigurationModel):
    """A rate in parts per million, in a country or a part of it: a region, a city, or postcodes by their beginnings.

    A county is the list of its postcodes' beginnings. The rate of a place is the whole rate there, with what state,
    county and city take each.
    """

    tax_class_id: int

    uid = public_id()
    tax_class = TenantForeignKey(TaxClass, models.PROTECT, related_name="rates")
    # As a quote prints it: "VAT", "Hillsborough County".
    name = models.CharField(max_length=60)
    country = models.CharField(max_length=2)
    # The code of a state or province; blank: the whole country.
    region = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=120, blank=True)
    postcodes = ArrayField(models.CharField(max_length=LONGEST_PREFIX), default=list, blank=True)
    rate_ppm = models.PositiveIntegerField()
    from_day = models.DateField()

    PLACE: ClassVar[tuple[str, ...]] = ("country", "region", "city", "postcodes")

    class Meta:
        base_manager_name = "objects"
        ordering = ["country", "region", "city", "postcodes", "-from_day"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="tax_rate_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "tax_class", "country", "region", "city", "postcodes", "from_day"],
                name="tax_rate_is_once_a_place_and_day",
            ),
            models.CheckConstraint(condition=Q(rate_ppm__lte=MILLION), name="tax_rate_is_100_percent_at_most"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def set_rate(
        cls,
        tax_class: TaxClass,
        *,
        name: str,
        country: str,
        rate_ppm: int,
        from_day: date,
        region: str = "",
        city: str = "",
        postcodes: list[str] | None = None,
        by: Member | None,
    ) -> "TaxRate":
        """Set the rate of a class in a place from a day on; one of the same day is replaced. Idempotent.

        Raises Refused for a rate above 100 percent, a class without tax, or a place that can't be read.
        """
        lock_configuration()
        place = clean_place(country, region, city, postcodes or [])
        if not 0 <= rate_ppm <= MILLION:
            raise Refused(_("A rate is between 0 and 100 percent."))
        if tax_class.kind != TaxClassKind.TAXED and rate_ppm:
            raise Refused(_("“%(name)s” bears no tax.") % {"name": tax_class.name})
        values = {"name": clean_rate_name(name), "rate_ppm": rate_ppm}
        row: TaxRate | None = cls.objects.filter(tax_class=tax_class, from_day=from_day, **place).first()
        if row is None:
            row = cls(tax_class=tax_class, from_day=from_day, **place)
        elif all(getattr(row, field) == value for field, value in values.items()):
            return row
        for field, value in values.items():
            setattr(row, field, value)
        row.save()
        row.refresh_from_db(fields=["uid"])
        events.record("tax_rate.set", subject=row, by=by, data={"rate": rate_ppm, "from": str(from_day)})
        return row

    @transaction.atomic
    def remove(self, *, by: Member | None) -> None:
        """Remove a rate. Quotes and invoices keep the rate they were written with."""
        lock_configuration()
        events.record("tax_rate.removed", subject=self, by=by, data={"rate": self.rate_ppm})
        self.delete()


def clean_rate_name(name: str) -> str:
    """Return the name of a rate, tidied. Raises Refused for none, or one that is too long."""
    name = " ".join(name.replace("\0", "").split())
    if not name or len(name) > 60:
        raise Refused(_("Enter the name of the tax as customers read it, in 60 characters at most."))
    return name


def clean_place(country: str, region: str, city: str, postcodes: list[str]) -> dict[str, Any]:
    """Return the fields of a place: the code of its region, its city tidied, beginnings of postcodes in order."""
    region = " ".join(region.replace("\0", "").split())
    city = " ".join(city.replace("\0", "").split())
    prefixes = sorted({postcode_key(prefix) for prefix in postcodes} - {""})
    if len(country) != 2:
        raise Refused(_("Choose a country."))
    if len(region) > 80 or len(city) > 120:
        raise Refused(_("The name of the place is too long."))
    if len(prefixes) > MOST_PREFIXES or any(len(prefix) > LONGEST_PREFIX for prefix in prefixes):
        raise Refused(_("Enter at most %(most)s postcodes, or how they begin.") % {"most": MOST_PREFIXES})
    return {"country": country, "region": region_code(region) or region, "city": city, "postcodes": prefixes}


def postcode_key(postcode: str) -> str:
    """Return a postcode in capitals, without spaces and hyphens, as prefixes are compared."""
    return "".join(char for char in postcode.upper() if char.isalnum())


def city_key(city: str) -> str:
    """Return a city as rates compare it: case folded, without accents."""
    return name_key(city)


@cached_per_tenant
def tax_rates() -> list[TaxRate]:
    """Return all rates of the tenant. Treat them as read-only."""
    return list(TaxRate.objects.all())
