"""Source: the channel leads come from. It is archived, never deleted: leads and reports keep it."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.tenant import hold_configuration
from crm.platform.organization.named_rows import rename, unused_name


class Source(Archivable):
    """A channel leads come from, e.g. Google Ads or Referral."""

    noun = "source"

    name = models.CharField(max_length=60)
    # What it means since a merge. What has it keeps its id, so that a merge moves nothing and can be taken apart.
    merged_into = TenantForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="source_name_is_unique"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="source_is_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, by: Member | None) -> "Source":
        """Add a source. Raises Refused for a name that is taken."""
        hold_configuration()
        source: Source = cls.objects.create(name=unused_name(cls, name, cls.objects.all()))
        events.record("source.added", subject=source, by=by)
        return source

    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it, on old leads as well. Raises Refused for a name that is taken."""
        rename(self, name, Source.objects.all(), "source.renamed", by)

    @property
    def is_live(self) -> bool:
        """Whether it is offered."""
        return self.archived_at is None and self.merged_into_id is None

    @transaction.atomic
    def merge(self, other: "Source", *, by: Member | None) -> None:
        """Have it mean the other one, on old leads as well. Again: nothing. Raises Refused for one not in use."""
        self._hold()
        if self.merged_into_id == other.pk:
            return
        other.refresh_from_db()
        if other.pk == self.pk or not self.is_live or not other.is_live:
            raise Refused(_("Choose two sources that are in use."))
        self.merged_into_id = other.pk
        self.save(update_fields=["merged_into_id"])
        self._record("source.merged", by, {"name": self.name, "into": other.pk})

    @transaction.atomic
    def take_apart(self, *, by: Member | None) -> None:
        """Take its merge back: leads that came from it show it again."""
        self._hold()
        if self.merged_into_id is not None:
            self.merged_into_id = None
            self.save(update_fields=["merged_into_id"])
            self._record("source.taken_apart", by, {"name": self.name})

    def _refuse_if_needed(self) -> None:
        if self.merged_into_id is not None:
            raise Refused(_("It was merged. Take it apart first."))
