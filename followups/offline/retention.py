"""Delete the changes that devices sent 90 days ago; a device that sends one again by then is answered as before."""

from datetime import timedelta

from crm.kernel import clock
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from followups.offline.models import OfflineAct, OfflineActState

FORGET = "offline_act.forget"
KEPT = timedelta(days=90)
# The day on which a tenant's changes were last set to be deleted, by this process.
_scheduled: dict[int, object] = {}


def forget_later() -> None:
    """Schedule the deletion of the changes received today; once per day, tenant and process."""
    tenant_id = required_tenant_id()
    now = clock.now()
    if _scheduled.get(tenant_id) != now.date():
        due.schedule(FORGET, 0, now + KEPT + timedelta(days=1), key=f"{FORGET}:{now.date()}")
        _scheduled[tenant_id] = now.date()


def delete_old_acts(_subjects: object) -> None:
    """Delete the old changes, except conflicts that are still undecided."""
    old = OfflineAct.objects.filter(received_at__lt=clock.now() - KEPT)
    old.exclude(state=OfflineActState.CONFLICT).delete()
