"""QuerySet methods of updates."""

from typing import Any, Self

from django.db.models import Q

from crm.jobs.models import Job
from crm.platform.models import Member, TenantQuerySet
from portal.models.update_choices import UpdateState


class CustomerUpdateQuerySet(TenantQuerySet[Any]):
    def visible_to(self, member: Member) -> Self:
        """Filter updates of jobs the member may see."""
        return self.filter(job_id__in=Job.objects.visible_to(member).values("pk"))

    def letters(self) -> Self:
        """Exclude updates that are part of the digest of another."""
        return self.filter(digest__isnull=True)

    def to_do(self) -> Self:
        """Filter updates that need an action: drafts, and sent ones without a view for which a channel is proposed."""
        return self.letters().filter(Q(state=UpdateState.DRAFT) | ~Q(proposed_medium=""))
