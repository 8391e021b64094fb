"""How old the demo's data are, and whether somebody has worked in them since they were made."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import ngettext

from comms.models import Direction, Message
from crm.kernel import clock
from crm.platform.models import AccessLog, Event, Tenant
from crm.platform.tenancy.context import use_tenant
from demo.organization import OPEN_FOR
from demo.renewal.companies import demo_companies

# So old they may be before they are made anew, and so long nobody must have looked at them then.
OLD, IDLE = timedelta(hours=20), timedelta(hours=1)


@dataclass(frozen=True)
class DataAge:
    """The day a company's data were made for, and what stands against making them anew."""

    made_at: datetime
    made_on: date
    days: int
    is_used: bool

    @property
    def is_old(self) -> bool:
        return clock.now() - self.made_at >= OLD


def data_age(tenant: Tenant) -> DataAge:
    """Return how old a demo company's data are: its age is a fixed time more (demo/organization.py)."""
    zone, made_at = ZoneInfo(tenant.time_zone), tenant.created_at + OPEN_FOR
    made_on = made_at.astimezone(zone).date()
    days = (clock.now().astimezone(zone).date() - made_on).days
    return DataAge(made_at, made_on, days, _is_used(tenant, made_at))


def oldest_note() -> str:
    """Return a sentence on the oldest company of the demo; blank while all are of today."""
    days = max((data_age(tenant).days for tenant in demo_companies()), default=0)
    if days < 1:
        return ""
    words = ngettext("The data is a day old.", "The data is %(days)s days old.", days)
    return words % {"days": days}


def _is_used(tenant: Tenant, made_at: datetime) -> bool:
    """Tell whether a visitor has changed something, or written as a customer."""
    with use_tenant(tenant):
        acted = Event.objects.filter(at__gt=made_at, actor__isnull=False).exists()
        return acted or Message.objects.filter(created_at__gt=made_at, direction=Direction.IN).exists()


def is_looked_at(tenant: Tenant) -> bool:
    """Tell whether a member has opened a customer's page within the last hour; it is noted by the hour."""
    with use_tenant(tenant):
        return AccessLog.objects.filter(hour__gt=clock.now() - IDLE - timedelta(hours=1)).exists()
