"""ProviderEvent: a webhook as it came, stored before anything is made of it."""

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.online.provider_account import ProviderAccount
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id


class EventState(models.TextChoices):
    NEW = "new", _("Waits")
    DONE = "done", _("Processed")
    IGNORED = "ignored", _("Not about a payment of ours")
    PARKED = "parked", _("Could not be read")


class ProviderEvent(TenantModel):
    """The body and headers of a webhook."""

    State = EventState

    uid = public_id()
    account = TenantForeignKey(ProviderAccount, models.PROTECT, related_name="events")
    # The provider's id of it, or for one without an id a hash; the same again isn't stored again.
    key = models.CharField(max_length=120)
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    received_at = models.DateTimeField(default=clock.now)
    # How often it came.
    count = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=EventState, default=EventState.NEW)
    tries = models.PositiveSmallIntegerField(default=0)
    processed_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="provider_event_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "account", "key"], name="provider_event_is_stored_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "received_at"], condition=Q(state="parked"), name="provider_event_parked"),
        ]

    def __str__(self) -> str:
        return f"event {self.key}"

    def end(self, state: str, problem: str = "") -> None:
        """Store its final state."""
        self.state = EventState(state)
        self.problem = problem[:300]
        self.processed_at = clock.now()
        self.save(update_fields=["state", "problem", "processed_at"])

    @transaction.atomic
    def wait_again(self, *, by: Member) -> None:
        """Have it read again, as somebody said so."""
        self.lock()
        self.state = EventState.NEW
        self.tries = 0
        self.save(update_fields=["state", "tries"])
        events.record("provider_event.replayed", subject=self, by=by)
