"""PictureSender: a sender whose remote images a member always sees."""

from django.db import models

from crm.platform.models import Member, TenantForeignKey, TenantModel


class PictureSender(TenantModel):
    """One member's choice, as each remote image tells its server who reads."""

    member = TenantForeignKey(Member, models.CASCADE, related_name="+")
    # In small letters.
    address = models.CharField(max_length=254)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "address"], name="picture_sender_is_chosen_once"),
            models.CheckConstraint(condition=~models.Q(address=""), name="picture_sender_has_an_address"),
        ]

    def __str__(self) -> str:
        return str(self.address)
