"""ClaimMail: a mail of a carrier, the values read from it, and what a member decided about each."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comms.models import Message
from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantQuerySet, Versioned
from crm.platform.models.base import public_id
from service.models.claims.claim_mail_rule import ClaimField
from service.models.claims.job_claim import JobClaim


class ClaimMailState(models.TextChoices):
    PARKED = "parked", _("Could not be filed")
    PROPOSED = "proposed", _("Waits for a decision")
    DECIDED = "decided", _("Decided")
    IGNORED = "ignored", _("Ignored")


class ClaimMailQuerySet(TenantQuerySet["ClaimMail"]):
    def visible_to(self, member: Member) -> Self:
        """Filter the mails a member may see."""
        return self.filter(message__in=Message.objects.visible_to(member).order_by().values("pk"))

    def filed_and_visible_to(self, member: Member) -> Self:
        """Filter the mails on claims whose job the member may see, too."""
        return self.visible_to(member).filter(job_claim__in=JobClaim.objects.visible_to(member))

    def could_not_be_filed(self) -> Self:
        return self.filter(state=ClaimMailState.PARKED)


class ClaimMail(Versioned):
    """A mail of a carrier. Its values are proposals: a claim changes when a member accepts them."""

    uid = public_id()
    message = TenantForeignKey(Message, models.CASCADE, related_name="+")
    job_claim = TenantForeignKey(JobClaim, models.SET_NULL, null=True, blank=True, related_name="mails")
    state = models.CharField(max_length=8, choices=ClaimMailState)
    # By field, as the mail writes them; and "accepted" or "refused" for those that were decided.
    values = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    # Why it is parked: a key of service/claims/mail_words.py.
    reason = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = TenantManager.from_queryset(ClaimMailQuerySet)()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="claim_mail_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "message"], name="claim_mail_is_one_a_message"),
            models.CheckConstraint(condition=~Q(state="parked") | ~Q(reason=""), name="parked_claim_mail_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["tenant", "at"], condition=Q(state="parked"), name="claim_mail_parked"),
            models.Index(fields=["tenant", "job_claim"], name="claim_mail_of_claim"),
        ]

    def __str__(self) -> str:
        return f"claim mail {self.pk} {self.state}"

    @property
    def form_version(self) -> str:
        return f"{self.state}:{len(self.decisions)}"

    @property
    def proposals(self) -> list[dict[str, str]]:
        """The values with their decisions, blank while one is open. Of a policy number, the last signs."""
        rows = []
        for field, value in self.values.items():
            text = value
            if field == ClaimField.POLICY:
                text = f"•••• {value[-4:]}"
            rows.append({"field": field, "value": text, "decision": self.decisions.get(field, "")})
        return rows

    @property
    def open_values(self) -> dict[str, str]:
        """The values that still wait for a decision."""
        return {field: value for field, value in self.values.items() if field not in self.decisions}
