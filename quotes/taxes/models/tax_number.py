"""TaxNumber: the VAT number of a customer, who pays VAT by reverse charge when it is of another member state."""

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel

LONGEST = 20
# Numbers of Greece begin with EL; those of Northern Ireland, XI, are for goods alone.
_COUNTRY_BY_PREFIX = {"EL": "GR"}


class TaxNumber(TenantModel):
    """A VAT number with its country. Its format and check digits are right; whether it is in use was not asked."""

    person_id: int

    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    number = models.CharField(max_length=LONGEST)
    country = models.CharField(max_length=2)
    set_at = models.DateTimeField(default=clock.now)
    set_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "person"], name="customer_has_one_tax_number"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(country=""), name="tax_number_has_a_country"),
        ]

    def __str__(self) -> str:
        return self.number


@transaction.atomic
def set_tax_number(person: Person, text: str, *, by: Member | None) -> TaxNumber | None:
    """Set the VAT number of a customer, or delete it with a blank text. Idempotent. Raises Refused for no number.

    The event says that it changed, and not to what.
    """
    person.lock()
    before: TaxNumber | None = TaxNumber.objects.filter(person=person).first()
    if not text.strip():
        if before:
            before.delete()
            events.record("person.tax_number_set", subject=person, by=by, data={"country": ""})
        return None
    number, country = parse_tax_number(text)
    if before and before.number == number:
        return before
    values: dict[str, Any] = {"number": number, "country": country, "set_at": clock.now(), "set_by": by}
    row, _created = TaxNumber.objects.update_or_create(values, person=person)
    events.record("person.tax_number_set", subject=person, by=by, data={"country": country})
    return row


def parse_tax_number(text: str) -> tuple[str, str]:
    """Return an EU VAT number in its compact form, and its country. Raises Refused for a wrong one."""
    try:
        if len(text) > 2 * LONGEST:
            raise ValidationError
        number = vat.validate(text)
    except ValidationError:
        raise Refused(
            _("This is no VAT number of the EU. It begins with the country, such as NL or DE. Check its digits.")
        ) from None
    prefix = number[:2]
    return number, _COUNTRY_BY_PREFIX.get(prefix, prefix)


def tax_number_of(person: Person | None) -> TaxNumber | None:
    """Return the VAT number of a customer, or of somebody else of their company."""
    if person is None:
        return None
    theirs = Q(person_id=person.pk)
    if person.company_id:
        theirs |= Q(person__company_id=person.company_id)
    rows = list(TaxNumber.objects.filter(theirs).order_by("-set_at"))
    return next((row for row in rows if row.person_id == person.pk), rows[0] if rows else None)
