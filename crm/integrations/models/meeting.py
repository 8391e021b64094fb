"""How members meet by video: their preferences, meetings at a provider, and the organization's app at Zoom."""

import json
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.tenant import configuration_changed
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.tenancy.secrets import decrypt, encrypt

LONGEST_URL = 300


class MeetingProvider(models.TextChoices):
    LINK = "link", gettext_lazy("My own link")
    GOOGLE = "google", "Google Meet"
    ZOOM = "zoom", "Zoom"


class MeetingPreference(TenantModel):
    """How a member meets by video: where meetings are created, and the link that is used otherwise."""

    member_id: int

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=6, choices=MeetingProvider, default=MeetingProvider.LINK)
    # A room of their own, used where no meeting was created; blank: none.
    url = models.CharField(max_length=LONGEST_URL, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member"], name="meeting_preference_is_one_a_member"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.provider}"

    @classmethod
    def choose(cls, member: Member, provider: str, url: str) -> None:
        """Save how a member meets by video. Raises Refused for what is no web address."""
        url = url.strip()
        if url and (not url.startswith("https://") or not url.isascii() or not url.isprintable() or " " in url):
            raise Refused(_("The link must begin with https:// and contain no spaces."))
        if len(url) > LONGEST_URL:
            raise Refused(_("The link is too long."))
        values = {"provider": MeetingProvider(provider), "url": url}
        cls.objects.update_or_create(member=member, defaults=values)


class Meeting(TenantModel):
    """A video meeting at a provider, of one entry of a CalendarSource. Without a link it has still to be created."""

    member_id: int

    source = models.CharField(max_length=20)
    item_id = models.BigIntegerField()
    # Whose meeting it is at the provider.
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=6, choices=MeetingProvider)
    remote_id = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    # The time that the provider knows.
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    # Since when a worker may have created it: then it is looked up first.
    attempted_at = models.DateTimeField(null=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "source", "item_id"], name="meeting_is_one_of_its_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.item_id}"

    def record(self, remote_id: str, url: str, starts_at: datetime, ends_at: datetime) -> None:
        """Note the meeting that the provider has."""
        self.remote_id = remote_id[:100]
        self.url = url[:1000]
        self.starts_at = starts_at
        self.ends_at = ends_at
        self.save()


class ZoomAccount(TenantModel):
    """An organization's own app at Zoom (server-to-server OAuth), with which meetings are created for members."""

    account_id = models.CharField(max_length=100)
    client_id = models.CharField(max_length=100)
    # The client secret, encrypted.
    sealed = models.TextField()
    # Why the last call failed; blank: it did not.
    problem = models.CharField(max_length=12, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant"], name="zoom_account_is_one_a_tenant")]

    def __str__(self) -> str:
        return self.account_id

    @property
    def client_secret(self) -> str:
        """Raises InvalidToken if the encryption key is no longer available."""
        return str(json.loads(decrypt(self.sealed)))

    @classmethod
    @transaction.atomic
    def connect(cls, account_id: str, client_id: str, client_secret: str, *, by: Member) -> None:
        """Save the organization's app. Raises Refused if a part is missing."""
        values = {"account_id": account_id.strip()[:100], "client_id": client_id.strip()[:100]}
        if not all(values.values()) or not client_secret.strip():
            raise Refused(_("Enter all three values of your app at Zoom."))
        sealed = encrypt(json.dumps(client_secret.strip()))
        account, _is_new = cls.objects.update_or_create(
            defaults=values | {"sealed": sealed, "problem": "", "changed_at": clock.now()}
        )
        events.record("zoom_account.connected", subject=account, by=by)
        configuration_changed()

    @transaction.atomic
    def disconnect(self, *, by: Member) -> None:
        """Forget the app. Meetings that were created stay at Zoom, and their links stay valid."""
        events.record("zoom_account.disconnected", subject=self, by=by)
        self.delete()
        configuration_changed()


@cached_per_tenant
def has_zoom() -> bool:
    """Return True if the organization has an app at Zoom."""
    return bool(ZoomAccount.objects.exists())


def preference_of(member: Member) -> Any:
    """Return a member's preference; by default no link."""
    return MeetingPreference.objects.filter(member_id=member.pk).first() or MeetingPreference(member=member)
