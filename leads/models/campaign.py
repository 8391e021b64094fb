"""Campaign: one effort of a source, e.g. "Spring" of Google Ads. Archived, never deleted: leads and reports keep it."""

from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.jobs.models import Source
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.tenant import hold_configuration
from crm.platform.organization.named_rows import unused_name


class Campaign(Archivable):
    """A campaign of a source. One that was merged means the other, whatever has it keeps its id."""

    noun = "campaign"

    uid = public_id()
    name = models.CharField(max_length=120)
    # Null: of a file that named a campaign and no source.
    source = TenantForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

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

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it is offered."""
        return self.archived_at is None and self.merged_into_id is None

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, source: Source, by: Member | None) -> "Campaign":
        """Add a campaign to a source. Raises Refused for a name the source has already."""
        hold_configuration()
        others = cls.objects.filter(source=source)
        campaign: Campaign = cls.objects.create(name=unused_name(cls, name, others), source=source)
        campaign.refresh_from_db(fields=["uid"])
        campaign._record("campaign.added", by)
        return campaign

    @transaction.atomic
    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it, on old leads as well. Raises Refused for a name its source has already."""
        self._hold()
        name = unused_name(Campaign, name, Campaign.objects.filter(source=self.source_id).exclude(pk=self.pk))
        if name != self.name:
            before, self.name = self.name, name
            self.save(update_fields=["name"])
            self._record("campaign.renamed", by, {"from": before, "to": name})

    @transaction.atomic
    def merge(self, other: "Campaign", *, by: Member | None) -> None:
        """Have it mean another one of the same source. Again: nothing. Raises Refused for one that is not offered."""
        self._hold()
        if self.merged_into_id == other.pk:
            return
        other.refresh_from_db()
        if other.pk == self.pk or not self.is_live or not other.is_live or other.source_id != self.source_id:
            raise Refused(_("Choose two campaigns of one source that are in use."))
        self.merged_into_id = other.pk
        self.save(update_fields=["merged_into_id"])
        self._record("campaign.merged", by, {"name": self.name, "into": other.pk})

    @transaction.atomic
    def take_apart(self, *, by: Member | None) -> None:
        """Take its merge back: what had it shows it again."""
        self._hold()
        if self.merged_into_id is not None:
            self.merged_into_id = None
            self.save(update_fields=["merged_into_id"])
            self._record("campaign.taken_apart", by)

    def _refuse_if_needed(self) -> None:
        if self.merged_into_id is not None:
            raise Refused(_("It was merged. Take it apart first."))

    def _record(self, kind: str, by: Any, data: dict[str, Any] | None = None) -> None:
        super()._record(kind, by, data or {"name": self.name})
