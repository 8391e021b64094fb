"""Delete what devices sent 90 days ago, also conflicts; a device that sends it again by then is answered as before."""

from datetime import datetime, timedelta

from django.db import transaction

from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from followups.offline.models import OfflineAct

# A field of the form.
NOTE = "note"
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


def forget_time(act: OfflineAct) -> datetime:
    """Return when a change is deleted at the earliest."""
    return act.received_at + KEPT


@transaction.atomic
def delete_old_acts(_subjects: object) -> None:
    """Delete the old changes. Of an undecided conflict the colleague's version stays, and the note is added to it."""
    old = OfflineAct.objects.filter(received_at__lt=clock.now() - KEPT)
    for act in OfflineAct.lock_all(old.conflicts()):
        note = act.fields.get(NOTE)
        if note and act.follow_up:
            act.follow_up.note(note, by=directory().members[act.member_id])
    old.delete()
