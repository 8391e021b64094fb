"""Delete placements after 90 days if superseded or of closed work. The latest placement of open work is kept."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.jobs.assignment.work import AssignableWork, kinds
from crm.jobs.models.assignment import Placement
from crm.kernel import clock
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

FORGET = "assignment.forget"
# As long as notices (crm/web/notices/notify.py).
KEPT = timedelta(days=90)
# Rows a call deletes; and until the next one, where there are more.
AT_ONCE = 5_000
SOON = timedelta(minutes=1)
# The day on which a tenant's old placements were last set to be forgotten, by this process.
_forgetting: dict[int, object] = {}


def forget_later() -> None:
    """Schedule the deletion of today's log entries; once per day, tenant and process."""
    tenant_id = required_tenant_id()
    now = clock.now()
    if _forgetting.get(tenant_id) != now.date():
        due.schedule(FORGET, 0, now + KEPT, key=f"{FORGET}:{now.date()}")
        _forgetting[tenant_id] = now.date()


def forget(_subjects: object) -> None:
    """Delete a batch of expired placements."""
    now = clock.now()
    for work in kinds():
        gone = list(_outdated_placements(work, now - KEPT, now).values_list("pk", flat=True)[:AT_ONCE])
        Placement.objects.filter(pk__in=gone).delete()
        if len(gone) == AT_ONCE:
            due.schedule(FORGET, 0, now + SOON, key=f"{FORGET}:more")


def _outdated_placements(work: AssignableWork, before: datetime, now: datetime) -> "QuerySet[Placement]":
    """Return the old placements of a kind that are obsolete: a later one exists, or the work is closed.

    By what an absence moved, it is given back when that ends.
    """
    old = Placement.objects.filter(kind=work.kind, at__lt=before)
    later = Placement.objects.filter(kind=work.kind, subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk"))
    rows: Any = work.model._default_manager
    still_open = rows.open().filter(pk=OuterRef("subject_id")).order_by()
    is_back = Q(absence__isnull=True) | Q(absence__ends_at__lt=now)
    outdated: QuerySet[Placement] = old.filter(is_back, Exists(later) | ~Exists(still_open)).order_by("pk")
    return outdated
