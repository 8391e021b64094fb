"""`manage.py seed_scale`: a small run of it leaves tenants that work like grown ones."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from crm.jobs.clock.arithmetic import Level
from crm.jobs.creation.job_creation import open_job
from crm.jobs.list.search import search
from crm.jobs.models import Job, JobState, Side, Stage, StageVisit
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.models import Due, Member, Role, Tenant
from crm.platform.tenancy.context import use_tenant
from crm.platform.tenancy.row_level_security import find_gaps
from crm.platform.work import due
from demo.scale.load import MANY, shares
from leads.models import Lead
from runtime.fixtures import clone_database

ROOT = Path(__file__).resolve().parents[2]
JOBS = MANY + 1000


def indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select indexdef from pg_indexes where schemaname = 'public' order by indexdef")
        return [definition for (definition,) in cursor.fetchall()]


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker) -> Iterator[list[str]]:
    """Two tenants, enough jobs for the indexes to be built afterwards. Gives the indexes there were before."""
    with django_db_blocker.unblock():
        before = indexes()
    argv = [sys.executable, str(ROOT / "manage.py"), "seed_scale", "--tenants", "2", "--jobs", str(JOBS)]
    run = subprocess.run(
        argv,
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "crm.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    yield before
    with django_db_blocker.unblock():
        connection.close()
    clone_database()


@pytest.fixture
def tenant(seeded, db) -> Iterator[Tenant]:
    tenant = Tenant.objects.get(slug="scale-2")
    with use_tenant(tenant):
        yield tenant


def test_indexes_keys_and_policies_are_as_before(seeded, db):
    assert indexes() == seeded
    assert find_gaps() == []


def test_tenants_are_of_uneven_size_and_add_up():
    assert shares(10, 1_000_000)[0] == pytest.approx(300_000, abs=50)
    for tenants, jobs in ((1, 5), (2, 2), (10, 1000), (7, 123_457)):
        assert sum(shares(tenants, jobs)) == jobs


def test_levels_are_what_the_clocks_say(tenant):
    while due.run_due_work():
        pass
    now = clock.now()
    jobs = list(Job.objects.all())
    assert [job for job in jobs if job.level != job.level_at(now)] == []
    assert {job.level for job in jobs} == set(Level)
    assert {job.side for job in jobs} == set(Side)
    assert {job.state for job in jobs} == set(JobState)


def test_running_clocks_are_scheduled_and_no_others(tenant):
    scheduled = set(Due.objects.filter(tenant=tenant).values_list("key", flat=True))
    now = clock.now()
    expected = {f"job.clock:{job.pk}" for job in Job.objects.filter(ended_at=None) if job.next_crossing(now)}
    # What came between seeding and now waits for its tick.
    assert expected <= scheduled
    assert len(scheduled - expected) < 20


def test_each_job_is_whole(tenant):
    jobs = {job.pk: job for job in Job.objects.all()}
    assert set(Lead.objects.values_list("pk", flat=True)) == set(jobs)
    visits = {visit.job_id: visit for visit in StageVisit.objects.all()}
    assert set(visits) == set(jobs)
    assert all((visits[pk].left_at is None) == job.is_open for pk, job in jobs.items())
    stages = {stage.pk: stage.pipeline_id for stage in Stage.objects.all()}
    for job in jobs.values():
        assert job.stage_id is None or stages[job.stage_id] == job.pipeline_id
        assert {stages[int(pair.split(":")[0])] for pair in job.past.split()} <= {job.pipeline_id}
    owners = Counter(job.member_id for job in jobs.values())
    assert len(owners) == Member.objects.filter(role=Role.REP).count() + 1, "every rep, and nobody"


def test_the_next_job_gets_the_next_number(tenant):
    last = Job.objects.order_by("-number").first()
    job = open_job(title="One more", by=None)
    assert job.number == last.number + 1
    assert job.pk > last.pk


def test_people_are_found(tenant):
    manager = Member.objects.get(role=Role.MANAGER)
    # Some people have no address, some no number.
    known = [point.person_id for point in ContactPoint.objects.order_by("pk")[:500]]
    both = next(pk for pk in known if ContactPoint.objects.filter(person_id=pk).count() == 2)
    job = Job.objects.get(person_id=both)
    points = ContactPoint.objects.filter(person_id=both).values_list("value", flat=True)
    for text in (job.title, str(job.number), *points):
        assert job.pk in {hit.job_id for hit in search(text, by=manager)}, text
