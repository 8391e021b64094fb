"""Delete the raw bytes of bank files and providers' webhooks after INBOUND_KEPT_DAYS; what was read of them stays.

Webhooks that could not be read wait a year for a person.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from billing.models import BankFile
from billing.models.online import EventState, ProviderEvent
from crm.kernel import clock
from crm.platform.features import Feature
from crm.platform.models import Due
from crm.platform.organization.tenant_creation import TenantStart
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

FORGET = "billing.forget"
DAILY = timedelta(days=1)
PARKED = timedelta(days=365)


def begin_forgetting() -> None:
    """Schedule a tenant's daily deletion; one that is scheduled keeps its time."""
    if not Due.objects.filter(tenant_id=required_tenant_id(), kind=FORGET).exists():
        due.schedule(FORGET, required_tenant_id(), clock.now() + DAILY)


def forget(_ids: Sequence[int]) -> None:
    """Delete the bytes past their time (due work)."""
    now = clock.now()
    before = now - timedelta(days=settings.INBOUND_KEPT_DAYS)
    BankFile.objects.filter(uploaded_at__lt=before).exclude(content=b"").update(content=b"")
    was_read = Q(state__in=(EventState.DONE, EventState.IGNORED), received_at__lt=before)
    parked = Q(state=EventState.PARKED, received_at__lt=now - PARKED)
    ProviderEvent.objects.filter(was_read | parked).exclude(body=b"").update(body=b"", headers={})
    due.schedule(FORGET, required_tenant_id(), now + DAILY)


FEATURES: list[Feature] = [TenantStart(begin_forgetting, again=begin_forgetting)]
