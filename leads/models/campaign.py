"""Campaign: an activity of a source, e.g. "Spring" of Google Ads. Archived, never deleted: leads keep it."""

from typing import Self

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from crm.jobs.models import Source
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import public_id
from crm.platform.models.mergeable import Mergeable
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import unused_name


class Campaign(Mergeable):
    """A campaign of a source. A merged one stands for another; leads keep its id."""

    noun = "campaign"
    choose_two = gettext_lazy("Choose two campaigns of one source that are in use.")

    uid = public_id()
    name = models.CharField(max_length=120)
    # Null: of a file that named a campaign and no source.
    source = TenantForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="campaign_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "source", "name"], name="campaign_name_is_unique", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="campaign_is_not_merged_into_itself"),
        ]

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, source: Source, by: Member | None) -> "Campaign":
        """Add a campaign to a source. Raises Refused for a name the source has already."""
        lock_configuration()
        others = cls.objects.filter(source=source)
        campaign: Campaign = cls.objects.create(name=unused_name(cls, name, others), source=source)
        campaign.refresh_from_db(fields=["uid"])
        campaign._record("campaign.added", by)
        return campaign

    @transaction.atomic
    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it, also on old leads. Raises Refused for a name its source already has."""
        self._lock_with_configuration()
        name = unused_name(Campaign, name, Campaign.objects.filter(source=self.source_id).exclude(pk=self.pk))
        if name != self.name:
            before = self.name
            self.name = name
            self.save(update_fields=["name"])
            self._record("campaign.renamed", by, {"from": before, "to": name})

    def may_mean(self, other: Self) -> bool:
        """True if it may be merged into the other, of the same source."""
        return super().may_mean(other) and other.source_id == self.source_id
