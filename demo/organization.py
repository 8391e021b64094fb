"""Create a demo organization's configuration: calendars, brands, staff, phases, pipelines, targets and sources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import translation

from crm.jobs.losses.setup import create_lost_reasons
from crm.jobs.models import Phase, Pipeline, Source, Stage, StageTarget
from crm.jobs.pipelines.defaults import SOLD_FROM
from crm.kernel import clock
from crm.platform.models import (
    Brand,
    BusinessCalendar,
    ClosingDay,
    Member,
    Team,
    TeamMember,
    Tenant,
    User,
)
from crm.platform.models.tenant import configuration_changed
from runtime.demo import PASSWORD

MINUTE, HOUR, DAY = 60, 3600, 86_400
Spans = Sequence[Sequence[int]]
# What customers read of a step, by its name and the language: a title and a sentence.
CustomerTexts = Mapping[str, Mapping[str, tuple[str, str]]]
# Of each milestone: its name, what the customer reads by language, its share, its day, whether it is internal.
Milestones = tuple[tuple[str, Mapping[str, tuple[str, str]], int, int, bool], ...]


@dataclass(frozen=True)
class CalendarPlan:
    """Opening hours, in minutes since midnight, Monday first."""

    name: str
    zone: str
    week: Sequence[Spans]
    country: str = ""
    region: str = ""
    closing: Sequence[tuple[int, int, str]] = ()  # month, day, name; this year and the next


@dataclass(frozen=True)
class BrandPlan:
    """A brand and the calendar its clocks count by."""

    name: str
    country: str
    language: str
    hue: int
    email: str
    phone: str
    calendar: str


@dataclass(frozen=True)
class StepPlan:
    """A step: its phase by position, and what it allows us and the customer, in seconds."""

    phase: int
    name: str
    ours: int
    theirs: int | None = None
    # None: by the length; what takes a day or more counts the calendar.
    working: bool | None = None

    @property
    def counts_working_hours(self) -> bool:
        return self.ours < DAY if self.working is None else self.working


@dataclass(frozen=True)
class PipelinePlan:
    """A pipeline, its steps, and what the first contact of a job without status allows."""

    name: str
    first_touch: int
    steps: Sequence[StepPlan]
    drawing: str = "bar"


@dataclass(frozen=True)
class SpecialTarget:
    """A target that differs for a brand, a priority or both. `step` None: the first contact."""

    pipeline: str
    step: str | None
    ours: int
    brand: str | None = None
    priority: int | None = None
    working: bool = True


@dataclass(frozen=True)
class OrganizationPlan:
    """All of an organization's configuration, without its customers."""

    slug: str
    name: str
    country: str
    zone: str
    language: str
    currency: str
    hue: int
    phases: Sequence[str]
    calendars: Sequence[CalendarPlan]
    brands: Sequence[BrandPlan]
    pipelines: Sequence[PipelinePlan]
    special_targets: Sequence[SpecialTarget]
    sources: Sequence[str]
    # Local part of the address → name and role; the first of a role is the one people try.
    staff: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # Name → local parts of who is in it.
    teams: Mapping[str, Sequence[str]] = field(default_factory=dict)
    customer_texts: CustomerTexts = field(default_factory=dict)


# So long have they worked with it: no first steps are left.
OPEN_FOR = timedelta(days=730)


def create_tenant(plan: OrganizationPlan) -> Tenant:
    """Create the tenant's own row, as the database's owner."""
    return Tenant.objects.create(
        slug=plan.slug,
        name=plan.name,
        country=plan.country,
        time_zone=plan.zone,
        language=plan.language,
        currency=plan.currency,
        brand_hue=plan.hue,
        created_at=clock.now() - OPEN_FOR,
    )


def set_up(plan: OrganizationPlan, today: date) -> None:
    """Create the configuration of the current tenant."""
    calendars = _calendars(plan, today)
    brands = _brands(plan, calendars)
    _staff(plan)
    _pipelines(plan, brands)
    Source.objects.bulk_create(Source(name=name) for name in plan.sources)
    with translation.override(plan.language):
        create_lost_reasons()
    configuration_changed()


def _calendars(plan: OrganizationPlan, today: date) -> dict[str, BusinessCalendar]:
    made = {}
    for at, row in enumerate(plan.calendars):
        calendar = BusinessCalendar.objects.create(
            name=row.name,
            time_zone=row.zone,
            week=row.week,
            holiday_country=row.country,
            holiday_region=row.region,
            is_default=at == 0,
        )
        ClosingDay.objects.bulk_create(
            ClosingDay(calendar=calendar, day=date(year, month, day), name=name)
            for year in (today.year - 1, today.year, today.year + 1)
            for month, day, name in row.closing
        )
        made[row.name] = calendar
    return made


def _brands(plan: OrganizationPlan, calendars: Mapping[str, BusinessCalendar]) -> dict[str, Brand]:
    return {
        row.name: Brand.objects.create(
            name=row.name,
            country=row.country,
            currency=plan.currency,
            language=row.language,
            hue=row.hue,
            email=row.email,
            phone=row.phone,
            calendar=calendars[row.calendar],
            is_default=at == 0,
        )
        for at, row in enumerate(plan.brands)
    }


def _staff(plan: OrganizationPlan) -> None:
    # One hash for all: each costs half a second on purpose, and this password is printed anyway.
    password, members = make_password(PASSWORD), {}
    for local, (name, role) in plan.staff.items():
        user = User.objects.create(email=f"{local}@{plan.slug}.example", name=name, password=password)
        members[local] = Member.objects.create(user=user, name=name, role=role, language=plan.language)
    for name, inside in plan.teams.items():
        team = Team.objects.create(name=name)
        TeamMember.objects.bulk_create(TeamMember(team=team, member=members[local]) for local in inside)


def _pipelines(plan: OrganizationPlan, brands: Mapping[str, Brand]) -> None:
    # Both organizations sell in their first four phases.
    sold = [at >= SOLD_FROM for at in range(len(plan.phases))]
    phases = [Phase.objects.create(name=name, position=at, is_sold=sold[at]) for at, name in enumerate(plan.phases)]
    pipelines: dict[str, Pipeline] = {}
    stages: dict[tuple[str, str | None], Stage | None] = {}
    targets = []
    for at, row in enumerate(plan.pipelines):
        pipeline = pipelines[row.name] = Pipeline.objects.create(
            name=row.name, position=at, is_default=at == 0, drawing=row.drawing
        )
        stages[row.name, None] = None
        targets.append(StageTarget(pipeline=pipeline, ours=row.first_touch, working_hours=row.first_touch < DAY))
        for position, step in enumerate(row.steps):
            stage = stages[row.name, step.name] = Stage.objects.create(
                pipeline=pipeline,
                phase=phases[step.phase],
                name=step.name,
                position=position,
                customer_texts=plan.customer_texts.get(step.name, {}),
            )
            targets.append(
                StageTarget(
                    pipeline=pipeline,
                    stage=stage,
                    ours=step.ours,
                    theirs=step.theirs,
                    working_hours=step.counts_working_hours,
                )
            )
    targets += [
        StageTarget(
            pipeline=pipelines[row.pipeline],
            stage=stages[row.pipeline, row.step],
            brand=brands[row.brand] if row.brand else None,
            priority=row.priority,
            ours=row.ours,
            working_hours=row.working,
        )
        for row in plan.special_targets
    ]
    StageTarget.objects.bulk_create(targets)
