"""The same follow-up for many leads: what a line means is said first, then planned, in a fixed number of statements."""

import re
from datetime import timedelta

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from followups.bulk_plan import plan_many
from followups.models import FollowUp
from followups.models.kind_setup import kinds

TITLES = ["Hector Salinas", "Marisol Vega", "Luz Okafor", "Yara Solberg"]


@pytest.fixture
def house(cast, scene):
    cast.house.jobs = scene
    return cast.house


@pytest.fixture
def plan(house):
    """Ask for the leads, as a member; the values go with it."""

    def post(*, member=None, titles=TITLES, htmx=True, **values):
        client = Client()
        client.force_login((member or house.mona).user)
        picked = [house.jobs[title].number for title in titles]
        headers = {"HX-Request": "true"} if htmx else {}
        return client.post(f"/{house.tenant.slug}/followups/new/many/", {"pick": picked, **values}, headers=headers)

    return post


def count(house):
    with use_tenant(house.tenant):
        return FollowUp.objects.count()


def test_what_would_be_planned_is_said_first(plan, house):
    before = count(house)
    assert "4 leads are selected." in plan().content.decode()
    page = plan(text="call tomorrow 9").content.decode()
    assert re.search(r"<li>“Call” will be planned on .* 9:00.AM for 3 leads\.</li>", page)
    assert "1 is closed and left out." in page
    assert count(house) == before


def test_it_is_planned_for_whoever_has_the_lead(plan, house):
    with use_tenant(house.tenant):
        house.jobs["Nobody’s"] = open_job(title="Nobody’s", by=None)
    answer = plan(titles=[*TITLES, "Nobody’s"], text="call tomorrow 9", apply="1")
    assert "Planned for 4 leads: Call" in answer.content.decode()
    assert "bulk-done" in answer["HX-Trigger"]
    with use_tenant(house.tenant):
        made = list(FollowUp.objects.filter(created_by=house.mona))
        held = {row.job_id: row.assignee_id for row in made}
        assert held[house.jobs["Luz Okafor"].pk] == house.rita.pk
        assert held[house.jobs["Nobody’s"].pk] == house.mona.pk
        assert house.jobs["Yara Solberg"].pk not in held
        assert Event.objects.filter(kind="followup.planned", actor=house.mona).count() == 4
        assert Due.objects.filter(kind="followup.miss", subject_id__in=[row.pk for row in made]).count() == 4
        # The job shows the earliest: Hector's call is two days late.
        steps = {job.title: (job.next_step_kind, job.next_step_at) for job in Job.objects.all()}
        assert steps["Luz Okafor"] == ("call", made[0].due_at)
        assert steps["Hector Salinas"][1] == house.jobs["Hector Salinas"].next_step_at


def test_many_become_what_one_by_one_they_would(house):
    with use_tenant(house.tenant):
        at = clock.now() + timedelta(days=1)
        one, other = (open_job(title=name, member=house.rita, by=None) for name in ("One", "Other"))
        FollowUp.plan(kind="call", subject="Ask", due_at=at, job=one, assignee=house.rita, by=house.mona)
        plan_many([other.pk], kind="call", subject="Ask", due_at=at, by=house.mona)
        rows = [FollowUp.objects.get(job=job) for job in (one, other)]
        same = "kind subject notes due_at sort_at priority assignee_id status created_by_id person_id version".split()
        assert [getattr(rows[0], name) for name in same] == [getattr(rows[1], name) for name in same]
        jobs = [Job.objects.get(pk=job.pk) for job in (one, other)]
        assert {(job.next_step_kind, job.next_step_label, job.next_step_at) for job in jobs} == {("call", "Ask", at)}
        told = [list(Event.objects.of_job(job.pk).order_by("pk").values_list("kind", "data")) for job in jobs]
        assert told[0] == told[1]


def test_what_is_not_understood_stays_in_the_form(plan, house):
    answer = plan(text="whenever", apply="1")
    assert answer.status_code == 422
    assert 'value="whenever"' in answer.content.decode()
    assert plan(titles=[]).status_code == 422


def undone(answer, client=None, **headers):
    url = re.search(r'"(/suncoast-test/followups/new/many/\d+/undo/)"', answer.content.decode())[1]
    return (client or answer.client).post(url, headers={"HX-Request": "true"} | headers)


def steps():
    return {job.title: (job.next_step_kind, job.next_step_label, job.next_step_at) for job in Job.objects.all()}


def test_taken_back_the_leads_show_what_they_did(plan, house):
    with use_tenant(house.tenant):
        later = clock.now() + timedelta(days=9)
        FollowUp.plan(kind="email", subject="Later", due_at=later, job=house.jobs["Luz Okafor"], by=None)
        before, there = steps(), set(FollowUp.objects.open().values_list("pk", flat=True))
        dues = Due.objects.filter(kind="followup.miss").count()
    planned = plan(text="call tomorrow 9", apply="1")
    with use_tenant(house.tenant):
        assert steps() != before
    answer = undone(planned)
    assert answer.status_code == 200
    assert "Undone for 3 leads." in answer.content.decode()
    with use_tenant(house.tenant):
        assert steps() == before
        assert set(FollowUp.objects.open().values_list("pk", flat=True)) == there
        assert Due.objects.filter(kind="followup.miss").count() == dues
        assert Event.objects.filter(kind="followup.cancelled", actor=house.mona).count() == 3
    assert undone(planned).status_code == 409, "nothing is left to take back"


def test_what_somebody_touched_since_stays_planned(plan, house):
    planned = plan(text="call tomorrow 9", apply="1")
    with use_tenant(house.tenant):
        touched = FollowUp.objects.get(created_by=house.mona, job=house.jobs["Luz Okafor"])
        touched.note("Ask for Ann", by=house.rita)
    assert "Undone for 2 leads. 1 was changed since and stays." in undone(planned).content.decode()
    with use_tenant(house.tenant):
        assert FollowUp.objects.get(pk=touched.pk).is_open
        assert Job.objects.get(title="Luz Okafor").next_step_kind == "call"


def test_only_by_who_planned_it_and_in_time(plan, house):
    planned = plan(text="call tomorrow 9", apply="1")
    other = Client()
    other.force_login(house.rita.user)
    assert undone(planned, other).status_code == 404
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        other.force_login(house.mona.user)
        assert undone(planned, other).status_code == 409


def test_who_may_not_plans_nothing(plan, house):
    assert plan(member=house.sam).status_code == 404
    with use_tenant(house.tenant):
        house.jobs["Hers"] = open_job(title="Hers", member=house.mona, by=None)
    assert "1 lead is selected." in plan(member=house.rita, titles=["Hers", "Luz Okafor"]).content.decode()


def test_without_scripts_it_goes_by_pages(plan, house):
    page = plan(htmx=False, text="call tomorrow 9").content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    picked = re.search(r'name="picked" value="([^"]*)"', page)[1]
    answer = plan(htmx=False, titles=[], picked=picked, text="call tomorrow 9", apply="1")
    assert (answer.status_code, answer["Location"]) == (302, f"/{house.tenant.slug}/leads/")


def test_statements_do_not_grow_with_the_leads(house):
    cost = []
    with use_tenant(house.tenant):
        assert kinds().offers("call"), "the configuration is read once a process"
        for size in (5, 50):
            ids = [open_job(title=f"Lead {n}", member=house.rita, by=None).pk for n in range(size)]
            with CaptureQueriesContext(connection) as captured:
                plan_many(ids, kind="call", subject="Ask", due_at=clock.now() + timedelta(days=1), by=house.mona)
            cost.append(len(captured))
    assert cost[0] == cost[1] <= 16
