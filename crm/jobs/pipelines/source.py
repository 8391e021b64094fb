"""Source: the channel leads come from. It is archived, never deleted: leads and reports keep it."""

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.mergeable import Mergeable
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import rename_row, unused_name


class Source(Mergeable):
    """A channel leads come from, e.g. Google Ads or Referral."""

    noun = "source"
    choose_two = gettext_lazy("Choose two sources that are in use.")

    name = models.CharField(max_length=60)

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="source_name_is_unique"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="source_is_not_merged_into_itself"),
        ]

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, by: Member | None) -> "Source":
        """Add a source. Raises Refused for a name that is taken."""
        lock_configuration()
        source: Source = cls.objects.create(name=unused_name(cls, name, cls.objects.all()))
        events.record("source.added", subject=source, by=by)
        return source

    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it, on old leads as well. Raises Refused for a name that is taken."""
        rename_row(self, name, Source.objects.all(), "source.renamed", by)
