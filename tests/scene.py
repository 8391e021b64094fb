"""A list to look at: pipelines of 4 to 14 steps on six phases, and a lead in every state a bar can show."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import transaction

from crm.jobs.clock.tick import cross
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Phase, Pipeline, Side, Source, Stage, StageTarget
from crm.kernel import clock
from crm.people.models import Claim, ContactPoint, Person, Property
from crm.platform.models import Member
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import use_tenant
from leads.models import Campaign, Lead
from tests.cast import Cast, House, load_cast

HOUR, DAY = 3600, 86_400

# Steps by phase, each with its allowance in calendar seconds.
PIPELINES = {
    "Re-roof": [
        [("New", HOUR), ("Reached", DAY)],
        [("Visit booked", 3 * DAY), ("Inspected", DAY)],
        [("Estimating", 2 * DAY), ("Quote sent", 3 * DAY)],
        [("Follow-up", 5 * DAY), ("Signed", 2 * DAY)],
        [("Permit", 7 * DAY), ("Scheduled", 10 * DAY), ("On the roof", 3 * DAY)],
        [("Invoiced", 3 * DAY), ("Paid", DAY), ("Review asked", 7 * DAY)],
    ],
    "Care plan": [
        [("New", HOUR)],
        [],
        [("Plan offered", 3 * DAY)],
        [("Agreed", 2 * DAY)],
        [("First visit", 10 * DAY)],
        [],
    ],
}

# (title, place, source, pipeline, days of each step so far; None: no status), then what happens at the end.
LEADS: list[tuple[str, str, str, str, list[float] | None, str]] = [
    ("Marisol Vega", "Riverview", "Website", "Re-roof", None, ""),
    ("Hector Salinas", "Tampa", "Google Ads", "Re-roof", [0.01, 0.3, 0.9, 0.3, 0.6, 8.1], "call"),
    ("Deborah Lindqvist", "Valrico", "Website", "Re-roof", [0.1, 0.3, 1, 3.2], "wrote"),
    ("Luz Okafor", "Temple Terrace", "Past customer", "Care plan", [0.01, 4.1], ""),
    ("Wanda Pruitt", "Sun City", "Angi", "Re-roof", [0.01, 1.3], "today"),
    ("Greta Nyström", "Odessa", "Yard sign", "Re-roof", [0.01, 0.3, 3.5, 0.4, 0.6, 2.6], "today"),
    ("Priya & Sons <Roofing>", "Wesley Chapel", "Google Ads", "Re-roof", [0.01, 0.3, 1, 0.4, 0.6, 1.0], "theirs"),
    ("Samir Haddad", "Land O’ Lakes", "Referral", "Re-roof", [0.01, 0.3, 0.5], "visit"),
    ("Ned Faraday", "Temple Terrace", "Facebook", "Re-roof", [0.01, 1.3, 0.5, 0.5, 1, 1, 3], "hold"),
    ("Opal Whitney", "Brandon", "Past customer", "Care plan", [0.01, 4, 1, 3], "done"),
    ("Yara Solberg", "Wesley Chapel", "Angi", "Re-roof", [0.01, 0.3, 1, 0.4, 0.6, 1.5], "lost"),
]


def build_scene(house: House) -> dict[str, Job]:
    """The leads, all Rita's, by title. Instants are relative to the present one."""
    with use_tenant(house.tenant):
        steps = {name: _pipeline(name, phases) for name, phases in PIPELINES.items()}
        names = sorted({lead[2] for lead in LEADS})
        sources = {name: Source.objects.get_or_create(name=name)[0] for name in names}
        jobs = {lead[0]: _lead(at, lead, steps, sources, house.rita) for at, lead in enumerate(LEADS)}
        cross(Job, [job.pk for job in jobs.values()])
        for job in jobs.values():
            job.refresh_from_db()
        return jobs


@pytest.fixture(scope="module")
def module_scene(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[dict[str, Job]]:
    """The scene, made once for a file in a transaction around its tests', as Django's `setUpTestData` does.

    To make it costs a third of a second. Every test of the file sees it from then on.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_scene(load_cast().house)
        transaction.set_rollback(True)


@pytest.fixture
def scene(module_scene: dict[str, Job], cast: Cast) -> dict[str, Job]:
    """The leads of the scene, by title; what a test does to them is taken back with it."""
    return deepcopy(module_scene)


def _pipeline(name: str, phases: list[list[tuple[str, int]]]) -> list[Stage]:
    pipeline = Pipeline.objects.create(name=name)
    content = [
        (phase, step, seconds)
        for phase, steps in zip(Phase.objects.order_by("position"), phases, strict=True)
        for step, seconds in steps
    ]
    stages = Stage.objects.bulk_create(
        Stage(pipeline=pipeline, phase=phase, name=step, position=at) for at, (phase, step, _) in enumerate(content)
    )
    StageTarget.objects.bulk_create(
        StageTarget(pipeline=pipeline, stage=stage, ours=seconds, working_hours=False)
        for stage, (_, _, seconds) in zip(stages, content, strict=True)
    )
    configuration_changed()
    return stages


def _lead(number: int, lead: tuple, steps: dict[str, list[Stage]], sources: dict[str, Source], rep: Member) -> Job:
    title, city, source, pipeline, days, end = lead
    now = clock.now()
    stays = days or [1.1]
    began = now - timedelta(days=sum(stays))
    with clock.at(began):
        person = Person.objects.create(name=title)
        ContactPoint.objects.create(person=person, kind="phone", value=f"+18135550{150 + number}")
        ContactPoint.objects.create(person=person, kind="email", value=f"{title.split()[0].lower()}@mail.example")
        site = Property.objects.create(street="2207 Bayshore Ct", city=city, region="FL", country="US")
        job = open_job(
            title=title,
            by=None,
            person=person,
            site=site,
            pipeline=steps[pipeline][0].pipeline,
            stage=steps[pipeline][0] if days else None,
            member=rep,
            source=sources[source],
            value=None if days is None else 1_840_000,
        )
        spring, _new = Campaign.objects.get_or_create(name="Spring", source=sources[source])
        Lead.objects.create(job=job, rep=rep, campaign=spring, cost=16400)
        claim = Claim(site=site, insurer="Gulf Mutual")
        claim.set_number("CLM-2231-8812")
        claim.save()
    _walk(job, steps[pipeline], stays, began, rep)
    _end(job, end, rep)
    return job


def _walk(job: Job, steps: list[Stage], stays: Iterable[float], began, rep: Member) -> None:
    at = began
    for step, stay in zip(steps[1:], list(stays)[:-1], strict=False):
        at += timedelta(days=stay)
        with clock.at(at):
            job.move_to(step, by=rep)


def _end(job: Job, end: str, rep: Member) -> None:
    now = clock.now()
    if end == "call":
        job.plan_next(kind="call", label="Call", at=now - timedelta(days=2), by=rep)
    elif end == "today":
        job.plan_next(kind="text", label="Text", at=now + timedelta(minutes=5), by=rep)
    elif end == "visit":
        job.plan_next(kind="visit", label="Visit", at=now + timedelta(days=3), by=rep)
    elif end == "wrote":
        job.hear("whatsapp")
        job.hear("whatsapp")
    elif end == "theirs":
        with clock.at(now - timedelta(days=2.5)):
            job.turn_to(Side.CUSTOMER, by=rep)
    elif end == "hold":
        job.pause(reason="Waits for the bank", until=now + timedelta(days=12), by=rep)
    elif end == "done":
        job.finish(by=rep)
    elif end == "lost":
        job.lose("Price", by=rep)
