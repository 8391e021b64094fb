"""Read the tenant's assignment rules, skills, territories, limits and absences, cached per process."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from crm.jobs.models.assignment.absence import Absence
from crm.jobs.models.assignment.availability import Availability
from crm.jobs.models.assignment.capacity import Capacity
from crm.jobs.models.assignment.policy import AssignmentPolicy
from crm.jobs.models.assignment.rule import AssignmentRule
from crm.jobs.models.assignment.skill import MemberSkill, Skill
from crm.jobs.models.assignment.territory import Territory, TerritoryMember
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours
from crm.platform.organization.configuration import cached_per_tenant, directory


@dataclass(frozen=True)
class AssignmentSetup:
    """The whole setup by id. Treat the rows as read-only. Archived rules, skills and territories are included."""

    # By kind, in their order; archived ones last.
    rules: dict[str, list[AssignmentRule]]
    policies: dict[str, AssignmentPolicy]
    skills: dict[int, Skill]
    territories: dict[int, Territory]
    # By member: the skills and territories in use they have.
    skills_of: dict[int, frozenset[int]]
    territories_of: dict[int, frozenset[int]]
    limits: dict[tuple[int, str], int]
    availability: dict[int, Availability]
    # By member, in order; without those long past.
    absences: dict[int, list[Absence]]

    def rules_of(self, kind: str) -> list[AssignmentRule]:
        """Return the enabled rules of a kind, in their order."""
        return [rule for rule in self.rules.get(kind, ()) if rule.archived_at is None]

    def limit_of(self, member_id: int, kind: str) -> int | None:
        """Return a member's limit for a kind of work; None: no limit."""
        policy = self.policies.get(kind)
        return self.limits.get((member_id, kind), policy.limit if policy else None)

    def absence_of(self, member_id: int, at: datetime) -> Absence | None:
        """Return a member's absence at an instant."""
        return next((absence for absence in self.absences.get(member_id, ()) if absence.is_on(at)), None)

    def hours_of(self, member_id: int) -> BusinessHours | None:
        """Return the working hours of a member; None if the tenant has no calendar."""
        own, organization = self.availability.get(member_id), directory()
        calendar_id = own.calendar_id if own and own.calendar_id else organization.default_calendar_id
        return organization.calendars.get(calendar_id) if calendar_id else None

    def is_paused(self, member_id: int, at: datetime) -> bool:
        """Return True if a member takes no new work at an instant."""
        own = self.availability.get(member_id)
        return own is not None and own.is_paused(at)

    def covering(self, postal_code: str, state: str) -> frozenset[int]:
        """Return the live territories that contain an address."""
        live = (territory for territory in self.territories.values() if territory.archived_at is None)
        return frozenset(territory.pk for territory in live if territory.covers(postal_code, state))


@cached_per_tenant
def assignment_setup() -> AssignmentSetup:
    """Return the setup of the current tenant."""
    rules: dict[str, list[AssignmentRule]] = defaultdict(list)
    for rule in sorted(AssignmentRule.objects.order_by("position", "pk"), key=lambda one: one.archived_at is not None):
        rules[rule.kind].append(rule)
    absences: dict[int, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now())).order_by("starts_at"):
        absences[absence.member_id].append(absence)
    skills = {row.pk: row for row in Skill.objects.order_by("name")}
    territories = {row.pk: row for row in Territory.objects.order_by("name")}
    return AssignmentSetup(
        rules=dict(rules),
        policies={row.kind: row for row in AssignmentPolicy.objects.all()},
        skills=skills,
        territories=territories,
        skills_of=_by_member(MemberSkill.objects.filter(skill__archived_at=None).values_list("member_id", "skill_id")),
        territories_of=_by_member(
            TerritoryMember.objects.filter(territory__archived_at=None).values_list("member_id", "territory_id")
        ),
        limits={(row.member_id, row.kind): row.limit for row in Capacity.objects.all()},
        availability={row.member_id: row for row in Availability.objects.all()},
        absences=dict(absences),
    )


def _by_member(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    by_member: dict[int, set[int]] = defaultdict(set)
    for member_id, pk in pairs:
        by_member[member_id].add(pk)
    return {member_id: frozenset(ids) for member_id, ids in by_member.items()}
