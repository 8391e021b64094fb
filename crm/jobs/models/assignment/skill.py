"""Skill: an ability that work may require; MemberSkill: a member who has it."""

from typing import Any

from django.db import models, transaction

from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import rename_row, unused_name


class Skill(Archivable):
    """A member's skill, e.g. Metal roofs or Dutch. An archived skill cannot be chosen and counts for no member."""

    noun = "skill"

    name = models.CharField(max_length=60)

    # The reverse side of MemberSkill.
    holders: Any

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="skill_name_is_unique")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, by: Member | None) -> "Skill":
        """Add a skill without holders. Raises Refused for a name that is taken."""
        lock_configuration()
        skill: Skill = cls.objects.create(name=unused_name(cls, name, cls.objects.all()))
        events.record("skill.added", subject=skill, by=by)
        return skill

    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it. Raises Refused for a name that is taken."""
        rename_row(self, name, Skill.objects.all(), "skill.renamed", by)

    @transaction.atomic
    def give_to(self, members: list[Member], *, by: Member | None) -> None:
        """Set the complete list of members who have the skill. Idempotent."""
        self._lock_with_configuration()
        wanted = {member.pk for member in members}
        had = set(self.holders.values_list("member_id", flat=True))
        for lost in self.holders.filter(member_id__in=had - wanted):
            lost.delete()
        for member in members:
            if member.pk not in had:
                MemberSkill.objects.create(skill=self, member=member)
        if wanted != had:
            self._record("skill.given", by, {"to": sorted(wanted - had), "from": sorted(had - wanted)})


class MemberSkill(ConfigurationModel):
    """A member has a skill."""

    skill = TenantForeignKey(Skill, models.CASCADE, related_name="holders")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "skill", "member"], name="member_has_a_skill_once"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}:{self.member_id}"
