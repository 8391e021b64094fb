"""Delete the raw bytes of submissions after INBOUND_KEPT_DAYS; of those that wait for a person after a year."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from crm.kernel import clock
from crm.platform.models import Due
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from leads.models import Submission

FORGET = "leads.intake.forget"
PARKED_DAYS = 365
AT_ONCE = 5000
SOON = timedelta(minutes=1)
DAILY = timedelta(days=1)


def keep_forgetting() -> None:
    """Schedule the daily deletion for a tenant."""
    due.schedule(FORGET, required_tenant_id(), clock.now() + DAILY)


def resume_forgetting() -> None:
    """Schedule the daily deletion for tenants created before it existed."""
    if not Due.objects.filter(tenant_id=required_tenant_id(), kind=FORGET).exists():
        keep_forgetting()


def forget(_ids: Sequence[int]) -> None:
    """Delete the contents of submissions after the retention period; the leads stay."""
    now = clock.now()
    parked = Q(state=Submission.SubmissionState.PARKED)
    old = Q(received_at__lt=now - timedelta(days=settings.INBOUND_KEPT_DAYS)) & ~parked
    old |= Q(received_at__lt=now - timedelta(days=PARKED_DAYS)) & parked
    rows = Submission.objects.filter(old).exclude(body=b"").order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    done = list(rows)
    Submission.objects.filter(pk__in=done).update(body=b"", fetched=b"", headers={})
    due.schedule(FORGET, required_tenant_id(), now + (SOON if len(done) == AT_ONCE else DAILY))
