"""HandOff: a lead referred to a partner or declined, with the member, the customer's consent and the messages sent."""

from django.db import models, transaction

from comms.models import Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantModel
from leads.models.qualification.partner import Partner


class HandOff(TenantModel):
    """A hand-off of a lead. Without a partner the lead was declined politely."""

    job = TenantForeignKey(Job, models.CASCADE, related_name="+")
    partner = TenantForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, related_name="+")
    # Where, or in which words, the customer agreed that the partner gets their name and number.
    consent = models.CharField(max_length=160, blank=True)
    to_partner = TenantForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    to_customer = TenantForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        base_manager_name = "objects"
        indexes = [models.Index(fields=["tenant", "job", "id"], name="hand_off_of_job")]

    def __str__(self) -> str:
        return f"{self.job_id} to {self.partner_id}"

    @transaction.atomic
    def withdraw(self, *, by: Member | None) -> None:
        """Cancel the messages not sent yet, as we keep the lead. Idempotent."""
        self.lock()
        if self.withdrawn_at is not None:
            return
        self.withdrawn_at = clock.now()
        self.save(update_fields=["withdrawn_at"])
        left = 0
        for message in (self.to_partner, self.to_customer):
            if message is None:
                continue
            message.lock()
            if message.state in Message.WAITING:
                message.cancel(by=by)
            elif message.state != "cancelled":
                left += 1
        events.record("lead.hand_on_withdrawn", subject=self, by=by, data={"left": left}, job_id=self.job_id)
