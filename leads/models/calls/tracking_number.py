"""TrackingNumber: a phone number shown in one campaign only, so that a call to it names the campaign."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from comms.models import Channel, Medium
from crm.jobs.models import Source
from crm.kernel.refusal import Refused
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration
from leads.models.campaign import Campaign


class TrackingNumber(Archivable):
    """A phone channel with the source and campaign of calls to it. Calls keep those of the day they came in."""

    noun = "tracking_number"

    uid = public_id()
    channel = TenantForeignKey(Channel, models.PROTECT, related_name="+")
    source = TenantForeignKey(Source, models.PROTECT, related_name="+")
    # Null: the number is the source's, of no campaign.
    campaign = TenantForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="tracking_number_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "channel"], name="tracking_number_is_one_a_channel"),
        ]

    def __str__(self) -> str:
        return f"tracking number {self.pk}"

    @property
    def name(self) -> str:
        """The number, as the settings page and its messages call the row."""
        return str(self.channel)

    @classmethod
    @transaction.atomic
    def add(cls, channel: Channel, *, source: Source, campaign: Campaign | None, by: Member | None) -> "TrackingNumber":
        """Assign a number to a source or campaign. Raises Refused for a number that has one, or takes no calls."""
        lock_configuration()
        if channel.medium != Medium.CALL or channel.archived_at or channel.owner_id:
            raise Refused(_("Choose a phone number that takes calls."))
        _refuse_foreign(source, campaign)
        if cls.objects.filter(channel=channel).exists():
            raise Refused(_("This number is assigned already."))
        row: TrackingNumber = cls.objects.create(channel=channel, source=source, campaign=campaign)
        row.refresh_from_db(fields=["uid"])
        row._record("tracking_number.added", by, row._data())
        return row

    @transaction.atomic
    def assign(self, *, source: Source, campaign: Campaign | None, by: Member | None) -> None:
        """Assign it to another source or campaign, for calls from now on. Idempotent. Raises Refused."""
        self._lock_with_configuration()
        _refuse_foreign(source, campaign)
        wanted = (source.pk, campaign.pk if campaign else None)
        if (self.source_id, self.campaign_id) == wanted:
            return
        self.source = source
        self.campaign = campaign
        self.save(update_fields=["source", "campaign"])
        self._record("tracking_number.assigned", by, self._data())

    def _data(self) -> dict[str, Any]:
        return {"number": self.name, "source": self.source_id, "campaign": self.campaign_id}


def _refuse_foreign(source: Source, campaign: Campaign | None) -> None:
    if campaign and campaign.source_id != source.pk:
        raise Refused(_("Choose a campaign of that source."))
