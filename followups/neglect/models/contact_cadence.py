"""ContactCadence: how many days the customers of a segment may go without contact."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import NamedRow

# Of customers of no segment.
DEFAULT_DAYS = 60
LONGEST_DAYS = 730


class ContactCadence(NamedRow):
    """The cadence of a segment: a saved condition over customers. The first that matches applies to a customer."""

    noun = "contact_cadence"

    name = models.CharField(max_length=60)
    days = models.PositiveSmallIntegerField(default=DEFAULT_DAYS)
    # The condition, as the customer list has it in its address; blank: every customer.
    query = models.CharField(max_length=4000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    FIELDS: ClassVar[tuple[str, ...]] = ("days", "query")

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="contact_cadence_name_is_unique"),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=LONGEST_DAYS), name="contact_cadence_is_two_years_at_most"
            ),
        ]

    @classmethod
    def _place(cls, others: list[Self]) -> dict[str, int]:
        return {"position": len(others)}

    def _check(self) -> None:
        if not 1 <= self.days <= LONGEST_DAYS:
            raise Refused(_("Choose 1 to %(most)s days.") % {"most": LONGEST_DAYS})


@cached_per_tenant
def contact_cadences() -> dict[int, ContactCadence]:
    """Return all cadences by id, in their order; those for every customer last."""
    rows: list[Any] = sorted(ContactCadence.objects.all(), key=lambda row: not row.query)
    return {row.pk: row for row in rows}


def live_cadences() -> list[ContactCadence]:
    """Return the cadences in use, in the order in which they are matched."""
    return [row for row in contact_cadences().values() if not row.archived_at]
