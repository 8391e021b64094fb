"""Forget the raw bytes of what was read, after its time (INBOUND_KEPT_DAYS); what could not be read stays a year.

Bytes in files expire by themselves (crm/platform/files); these are the small ones, in the rows.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.dispatch import Signal

from comms.inbound.reading import PARKED_DAYS
from comms.models import Inbound
from crm.kernel import clock
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

FORGET = "comms.forget_raw"
# Rows a statement changes; and until the next look, where there were more.
AT_ONCE, SOON, DAILY = 2000, timedelta(minutes=1), timedelta(days=1)

# Sent with `ids` of what is to be forgotten: an app above answers with those that somebody must keep, by law.
retention_asked = Signal()


def keep_forgetting() -> None:
    """Have the tenant's raw bytes looked through every day."""
    due.schedule(FORGET, required_tenant_id(), clock.now() + DAILY)


def forget(_ids: Sequence[int]) -> None:
    """Forget what is past its time; what came of it stays."""
    now = clock.now()
    read = Inbound.objects.filter(
        state=Inbound.State.READ, received_at__lt=now - timedelta(days=settings.INBOUND_KEPT_DAYS)
    )
    parked = Inbound.objects.parked().filter(received_at__lt=now - timedelta(days=PARKED_DAYS))
    old = [pk for rows in (read, parked) for pk in rows.exclude(body=b"").values_list("pk", flat=True)[:AT_ONCE]]
    held = {pk for _receiver, kept in retention_asked.send(Inbound, ids=old) for pk in kept or ()}
    Inbound.objects.filter(pk__in=set(old) - held).update(body=b"", envelope={"forgotten": True})
    due.schedule(FORGET, required_tenant_id(), now + (SOON if len(old) >= AT_ONCE else DAILY))
