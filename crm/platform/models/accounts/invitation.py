"""Invitation: an invitation by mail to join a tenant in one role; valid once, for a week."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.models.base import public_id
from crm.platform.models.member import Role
from crm.platform.models.staff_mail import StaffMail
from crm.platform.tenancy.tenant_model import TenantForeignKey, TenantModel


class Invitation(TenantModel):
    """An invitation with its role, its teams and its state."""

    class State(models.TextChoices):
        """The states of an invitation; derived, never stored."""

        OPEN = "open", _("Open")
        EXPIRED = "expired", _("Expired")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uid = public_id()
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role)
    # Ids of teams to join. No keys: those that are archived or gone by then are passed over.
    teams = models.JSONField(default=list)
    invited_by = TenantForeignKey("platform.Member", models.PROTECT, null=True, related_name="+")
    # The newest mail, for what became of it.
    # The outbox knows no tenant, so Django cannot look here when a mail goes; the database refuses it.
    mail = models.ForeignKey(StaffMail, models.DO_NOTHING, null=True, related_name="+", db_index=False)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # The member that accepting it created.
    member = TenantForeignKey("platform.Member", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="invitation_uid_is_unique"),
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="address_is_invited_once_at_a_time",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_ends_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.uid}"

    @property
    def state(self) -> str:
        """Return the state as of now."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if clock.now() < self.expires_at:
            return self.State.OPEN
        return self.State.EXPIRED
