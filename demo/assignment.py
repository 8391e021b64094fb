"""Create the demo's assignment: skills, territories, limits, an absence, and rules for each kind of work there is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.jobs.assignment.forms import midnight, zone_of
from crm.jobs.assignment.work import kinds
from crm.jobs.models import Job, Source
from crm.jobs.models.assignment import Absence, AssignmentPolicy, AssignmentRule, Capacity, Skill, Territory
from crm.platform.models import Member, Role, Team
from crm.platform.organization.configuration import directory

# How much of a kind a member takes at most, where it is not the usual.
LIMITS = {"tickets": 25, "leads": 60}


@dataclass(frozen=True)
class AssignmentPlan:
    """An organization's assignment. Members by name, teams by name."""

    skills: Mapping[str, Sequence[str]]
    # Name → beginnings of postal codes, states, and who works there.
    territories: Mapping[str, tuple[Sequence[str], Sequence[str], Sequence[str]]]
    # Who takes less than others.
    part_time: str
    away: str
    cover: str
    note: str
    # The names of the rules: for what is urgent, for the rest, and for leads of one source.
    urgent: str
    rest: str
    fresh: str
    urgent_team: str
    urgent_skill: str
    # The brand whose conversations nobody is given: whoever is free takes them.
    by_hand: str


PLANS = {
    "suncoast": AssignmentPlan(
        skills={
            "Insurance claims": ("Keisha Monroe", "Luis Ferrer", "Sofia Brandt"),
            "Metal and tile": ("Dana Whitfield", "Tyler Brooks"),
            "Spanish": ("Luis Ferrer",),
        },
        territories={
            "Tampa": (("336",), (), ("Dana Whitfield", "Tyler Brooks", "Keisha Monroe")),
            "Pinellas and the Gulf": (("337", "346"), (), ("Luis Ferrer", "Keisha Monroe")),
            "Rest of Florida": (("34", "33"), ("FL",), ("Tyler Brooks", "Luis Ferrer")),
        },
        part_time="Hank Dorsey",
        away="Tyler Brooks",
        cover="Luis Ferrer",
        note="Roofing expo in Orlando",
        urgent="Urgent: storm response",
        rest="Everything else",
        fresh="By territory",
        urgent_team="Storm response",
        urgent_skill="Insurance claims",
        by_hand="Suncoast Care",
    ),
    "chargeline": AssignmentPlan(
        skills={
            "VvE en zakelijk": ("Sanne de Vries", "Bram Visser", "Emma O’Connor"),
            "Storingen": ("Daan Peeters", "Bram Visser"),
            "Engels": ("Emma O’Connor", "Sanne de Vries"),
        },
        territories={
            "Randstad": (("10", "11", "20", "21", "25", "26", "30", "35"), (), ("Sanne de Vries", "Emma O’Connor")),
            "Rest van Nederland": (tuple("456789"), (), ("Bram Visser", "Emma O’Connor")),
            "België": ((), ("Vlaanderen", "Antwerpen", "Brussel"), ("Lotte Janssens",)),
        },
        part_time="Emma O’Connor",
        away="Bram Visser",
        cover="Sanne de Vries",
        note="Vakantie",
        urgent="Spoed: storingen",
        rest="Al het andere",
        fresh="Per rayon",
        urgent_team="Binnendienst",
        urgent_skill="Storingen",
        by_hand="Chargeline België",
    ),
}


def create_assignment(slug: str, now: datetime) -> None:
    """Create it inside the tenant, after its jobs. What nobody has yet stays so: the list shows unclaimed leads."""
    plan = PLANS[slug]
    members = {member.name: member for member in directory().members.values()}
    admin = next(member for member in members.values() if member.role == Role.ADMIN)
    skills = {name: Skill.add(name, by=admin) for name in plan.skills}
    for name, having in plan.skills.items():
        skills[name].give_to([members[one] for one in having], by=admin)
    for name, (codes, states, working) in plan.territories.items():
        area = Territory.add(name, by=admin)
        there = [members[one] for one in working]
        area.edit(name=name, postal_codes=codes, states=states, members=there, by=admin)
    for work in kinds():
        limit = LIMITS.get(work.kind, 40)
        AssignmentPolicy.set(work.kind, limit=limit, by=admin)
        Capacity.set(members[plan.part_time], work.kind, limit // 2, by=admin)
    _plan_absence(plan, members, now)
    _add_rules(plan, skills, admin)


def _plan_absence(plan: AssignmentPlan, members: Mapping[str, Member], now: datetime) -> None:
    away = members[plan.away]
    first = now.astimezone(zone_of(away)).date() + timedelta(days=3)
    starts, ends = (midnight(first + timedelta(days=days), zone_of(away)) for days in (0, 5))
    Absence.plan(away, starts, ends, note=plan.note, cover=members[plan.cover], by=away)


def _add_rules(plan: AssignmentPlan, skills: Mapping[str, Skill], admin: Member) -> None:
    last = next(member for member in directory().members.values() if member.role == Role.MANAGER)
    team = Team.objects.get(name=plan.urgent_team)
    for work in kinds():
        if work.kind == "followups":
            AssignmentRule.add(work.kind, plan.rest, last_resort=last, by=admin)
            continue
        if work.has_sources:
            unclaimed = Job.objects.open().filter(member=None).values("source_id")
            source = Source.objects.exclude(pk__in=unclaimed).order_by("name").first()
            if source is not None:
                AssignmentRule.add(
                    work.kind, plan.fresh, source=source, uses_territory=True, last_resort=last, by=admin
                )
            continue
        AssignmentRule.add(
            work.kind,
            plan.urgent,
            priority=1,
            team=team,
            skill=skills[plan.urgent_skill],
            strategy="robin",
            last_resort=last,
            by=admin,
        )
        for brand in directory().brands.values():
            if brand.name != plan.by_hand:
                name = f"{plan.rest}: {brand.name}"[:60]
                AssignmentRule.add(work.kind, name, brand=brand, fallback_team=team, last_resort=last, by=admin)
