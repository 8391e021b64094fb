"""Spend amounts, typed or imported: one per month, source, campaign and currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm.jobs.models import Source
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.tenant import lock_configuration
from leads.models import Campaign, Spend

# A hundred million of any currency is a slip of the keyboard.
MOST = 10**10


@dataclass(frozen=True)
class SpendEntry:
    """An amount in minor units; None deletes the entry."""

    source: Source
    campaign: Campaign | None
    month: date
    basis: str
    currency: str
    amount: int | None


@transaction.atomic
def enter(entries: Iterable[SpendEntry], *, by: Member | None) -> int:
    """Save amounts, replacing those of the same month; returns how many changed.

    Raises Refused for an amount that is negative or beyond all measure, and for a campaign of another source.
    """
    lock_configuration()
    return sum(_set_amount(entry, by) for entry in entries)


def _set_amount(entry: SpendEntry, by: Member | None) -> bool:
    if entry.amount is not None and not 0 <= entry.amount <= MOST:
        raise Refused(_("Enter an amount from zero to a hundred million."))
    if entry.campaign and entry.campaign.source_id != entry.source.pk:
        raise Refused(_("Choose a campaign of that source."))
    where = {
        "source": entry.source,
        "campaign": entry.campaign,
        "month": entry.month.replace(day=1),
        "basis": entry.basis,
        "currency": entry.currency,
    }
    row = Spend.objects.filter(**where).first()
    before = None
    if row:
        before = row.amount
    if before == entry.amount:
        return False
    row = row or Spend(**where)
    data = {"month": entry.month.isoformat(), "from": before, "to": entry.amount, "currency": entry.currency}
    if entry.amount is None:
        events.record("source.spend_removed", subject=entry.source, by=by, data=data)
        row.delete()
        return True
    row.amount = entry.amount
    row.save()
    events.record("source.spend_entered", subject=entry.source, by=by, data=data)
    return True
