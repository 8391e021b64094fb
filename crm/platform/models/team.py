"""Team: members who share work and saved views; TeamMember: a member's place in one."""

from django.db import models, transaction

from crm.platform.models.archivable import Archivable
from crm.platform.models.base import ConfigurationModel, public_id
from crm.platform.models.member import Member
from crm.platform.tenancy.tenant_model import TenantForeignKey


class Team(Archivable):
    """A group of colleagues. An archived one keeps its members, but cannot be chosen."""

    noun = "team"

    uid = public_id()
    name = models.CharField(max_length=80)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="team_name_is_unique"),
            models.UniqueConstraint(fields=["tenant", "uid"], name="team_uid_is_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="team_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def create(cls, name: str, *, by: Member | None) -> "Team":
        """Create a team without members. Raises IntegrityError for a name that is taken."""
        team: Team = cls.objects.create(name=name)
        team.refresh_from_db(fields=["uid"])
        team._record("team.created", by)
        return team

    @transaction.atomic
    def rename(self, name: str, *, by: Member | None) -> None:
        """Rename it. Idempotent."""
        self._lock_with_configuration()
        if self.name != name:
            self.name = name
            self.save(update_fields=["name"])
            self._record("team.renamed", by)

    @transaction.atomic
    def add(self, member: Member, *, by: Member | None) -> None:
        """Add a member. Idempotent."""
        _place, added = TeamMember.objects.get_or_create(team=self, member=member)
        if added:
            self._record("team.member_added", by, {"member": member.pk})

    @transaction.atomic
    def remove(self, member: Member, *, by: Member | None) -> None:
        """Remove a member. Idempotent."""
        place = TeamMember.objects.filter(team=self, member=member).first()
        if place:
            place.delete()
            self._record("team.member_removed", by, {"member": member.pk})


class TeamMember(ConfigurationModel):
    """A member's place in a team."""

    team = TenantForeignKey(Team, models.CASCADE, related_name="places")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "team", "member"], name="member_is_once_in_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}:{self.member_id}"
