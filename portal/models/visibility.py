"""RoleVisibility: portal sections a role sees, if the tenant changed the defaults."""

from collections.abc import Collection, Mapping

from django.db import models, transaction

from crm.jobs.models import JobParty
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration


class RoleVisibility(ConfigurationModel):
    """Portal sections that a role may see. A role without a row has the defaults of portal/access/policy.py."""

    role = models.CharField(max_length=16, choices=JobParty.PartyRole)
    sections = models.JSONField(default=list)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "role visibilities"
        constraints = [models.UniqueConstraint(fields=["tenant", "role"], name="role_visibility_is_one_a_role")]

    def __str__(self) -> str:
        return f"{self.role}: {', '.join(self.sections)}"

    @classmethod
    @transaction.atomic
    def choose(cls, chosen: Mapping[str, Collection[str]], *, by: Member | None) -> None:
        """Set the visible items per role. Idempotent."""
        lock_configuration()
        before = {row.role: row for row in cls.objects.order_by("pk")}
        changed = []
        for role, sections in sorted(chosen.items()):
            row = before.get(role) or cls(role=role)
            if row.pk is None or row.sections != sorted(sections):
                row.sections = sorted(sections)
                row.save()
                changed.append(role)
        if changed:
            events.record("portal.roles_changed", subject=row, by=by, data={"roles": changed})
