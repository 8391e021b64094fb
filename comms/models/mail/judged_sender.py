"""JudgedSender: an address a member marked as spam or not spam. The last judgement counts."""

from typing import Any

from django.db import models

from crm.kernel import clock
from crm.platform.models import Member, TenantForeignKey, TenantModel


class JudgedSender(TenantModel):
    """A member's judgement of messages from an address."""

    # Normalised: an address or a number.
    address = models.CharField(max_length=254)
    is_spam = models.BooleanField()
    at = models.DateTimeField(default=clock.now)
    by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "address"], name="sender_is_judged_once"),
            models.CheckConstraint(condition=~models.Q(address=""), name="judged_sender_has_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.is_spam}"

    @classmethod
    def judge(cls, address: str, *, is_spam: bool, by: Member) -> None:
        """Set whether messages from an address are spam."""
        if address:
            values: dict[str, Any] = {"is_spam": is_spam, "at": clock.now(), "by": by}
            cls.objects.update_or_create(address=address.lower(), defaults=values)
