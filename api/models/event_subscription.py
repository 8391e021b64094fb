"""EventSubscription: the events that a webhook is called for, as a member may see them."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.http import QueryDict

from api.models.api_token import ApiToken
from crm.automation.models import Webhook
from crm.automation.models.webhook import webhooks
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant, directory

# The versions of what is sent. A new one is added beside the others, which stay as they are.
PAYLOAD_VERSIONS = (1,)
LONGEST_FILTERS = 1000


class EventSubscription(ConfigurationModel):
    """Which events a webhook is called for. It sees what its member sees at that moment."""

    uid = public_id()
    webhook = TenantForeignKey(Webhook, models.CASCADE, related_name="+")
    member = TenantForeignKey(Member, models.PROTECT, related_name="+")
    # By which it was created; null: in the settings.
    token = TenantForeignKey(ApiToken, models.PROTECT, null=True, blank=True, related_name="+")
    types = ArrayField(models.CharField(max_length=64))
    # Conditions of the list of leads, as in its address; only events of jobs that meet them.
    filters = models.CharField(max_length=LONGEST_FILTERS, blank=True)
    payload_version = models.PositiveSmallIntegerField(default=PAYLOAD_VERSIONS[-1])
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="event_subscription_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "webhook"], name="webhook_has_one_event_subscription"),
            models.CheckConstraint(condition=models.Q(types__len__gt=0), name="event_subscription_has_types"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.types)

    @classmethod
    @transaction.atomic
    def subscribe(
        cls,
        webhook: Webhook,
        types: Iterable[str],
        *,
        member: Member,
        by: Member,
        filters: str = "",
        version: int = PAYLOAD_VERSIONS[-1],
        token_id: int | None = None,
    ) -> "EventSubscription":
        """Have a webhook called from now on for events that a member sees.

        Types and filters are those that api/webhooks/choices.py has checked.
        """
        lock_configuration()
        row = cls(
            webhook=webhook,
            member=member,
            token_id=token_id,
            types=list(types),
            filters=filters,
            payload_version=version,
        )
        row.save(force_insert=True)
        row.refresh_from_db(fields=["uid"])
        row._record("webhook.subscribed", by)
        return row

    @transaction.atomic
    def change(self, types: Iterable[str], filters: str, version: int, *, by: Member) -> None:
        """Change the events. Idempotent."""
        lock_configuration()
        self.refresh_from_db()
        before = (self.types, self.filters, self.payload_version)
        self.types = list(types)
        self.filters = filters
        self.payload_version = version
        if before != (self.types, self.filters, self.payload_version):
            self.save(update_fields=["types", "filters", "payload_version"])
            self._record("webhook.subscribed", by)

    @transaction.atomic
    def unsubscribe(self, *, by: Member) -> None:
        """Have its webhook called for no events any more."""
        lock_configuration()
        self.delete()
        events.record("webhook.unsubscribed", subject=self.webhook, by=by, data={"webhook": self.webhook_id})

    def query(self) -> QueryDict:
        """Return the filters as the list reads them."""
        return QueryDict(self.filters)

    def _record(self, kind: str, by: Member) -> None:
        data = {"webhook": self.webhook_id, "types": self.types, "member": self.member_id}
        events.record(kind, subject=self.webhook, by=by, data=data)


@cached_per_tenant
def subscriptions() -> list[EventSubscription]:
    """Return the subscriptions for whose events calls are queued.

    Their webhook is in use, or a member has switched it off; then the calls are kept as not delivered. Their member is
    active.
    """
    members = directory().members
    hooks = webhooks()
    rows = EventSubscription.objects.order_by("pk")
    queued = {pk for pk, hook in hooks.items() if hook.is_live or hook.is_paused}
    return [row for row in rows if row.webhook_id in queued and members[row.member_id].active]
