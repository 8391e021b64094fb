"""DeliveryReport: a report of a provider or bounce on one of our messages. In any order, each once."""

from django.db import models

from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel


class DeliveryReport(TenantModel):
    """An immutable fact about a sent message."""

    # Updated where a person is erased: what a provider says may name the address (comms/gate/consent/erasure.py).
    app_may = "select, insert, update"

    class Kind(models.TextChoices):
        SENT = "sent"
        DELIVERED = "delivered"
        DEFERRED = "deferred"
        OPENED = "opened"
        CLICKED = "clicked"
        FAILED = "failed"
        BOUNCED = "bounced"
        COMPLAINED = "complained"
        UNSUBSCRIBED = "unsubscribed"

    message = TenantForeignKey("comms.Message", models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField(default=clock.now)
    # The provider's own id of this event: a callback delivered twice is one report.
    event_id = models.CharField(max_length=200)
    is_permanent = models.BooleanField(default=False)
    # An open or click of a scanner or a privacy proxy: shown, never counted.
    is_machine = models.BooleanField(default=False)
    # Of an address in copy: it says nothing of whom the message is to.
    is_copy = models.BooleanField(default=False)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=500, blank=True)
    inbound = TenantForeignKey("comms.Inbound", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "message", "kind", "event_id"], name="delivery_report_is_stored_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of message {self.message_id}"
