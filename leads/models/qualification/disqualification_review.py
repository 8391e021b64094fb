"""Doubt: a lead flagged by a rule as unsuitable, which a person must confirm or clear."""

from typing import Any, ClassVar

from django.db import models, transaction

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantOneToOneField
from crm.platform.tenancy.tenant_model import TenantQuerySet
from leads.models.qualification.no_go import NoGo


class Doubt(TenantModel):
    """A flag on a lead that may be work we do not do. Once a person has settled it, it is not raised again."""

    job = TenantOneToOneField(Job, models.CASCADE, primary_key=True, related_name="+")
    no_go = TenantForeignKey(NoGo, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(TenantQuerySet)()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.job_id)

    @transaction.atomic
    def settle(self, *, by: Member | None) -> None:
        """Settle the review: the work is ours, or the lead was handed on. Idempotent."""
        self.lock()
        if self.settled_at is None:
            self.settled_at = clock.now()
            self.save(update_fields=["settled_at"])
            events.record("lead.doubt_settled", subject=self, by=by, job_id=self.pk)
