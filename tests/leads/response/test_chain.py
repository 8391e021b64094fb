"""A new lead nobody answers: the next rep, the team, the managers; and of two who take it, one has it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.models.assignment import AssignmentRule
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Member, Role, User
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from leads.models import FirstContact, ResponsePolicy
from leads.models.first_contact import Rung
from leads.response.chain import climb, note_taken, rungs
from leads.response.figures import response_list, response_share
from tests.cast import House, load_cast
from tests.together import together

# A Wednesday, ten in the morning in New York.
OPENED = datetime(2026, 11, 25, 15, tzinfo=UTC)


def minute(number: int) -> datetime:
    return OPENED + timedelta(minutes=number)


def another_rep() -> Member:
    user = User.objects.create_user("remy@suncoast-test.example", "correct horse battery", name="Remy Rep")
    return Member.objects.create(user=user, name="Remy Rep", role=Role.REP)


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("member__name", flat=True))


def open_lead(house: House) -> Job:
    with clock.at(OPENED):
        job = open_job(title="Roof", by=None, stage=house.stage("New"))
        climb([job.pk])
    return job


@pytest.mark.parametrize(
    ("after", "at_rung", "wanted"),
    [
        ((5, 10), Rung.OWNER, {Rung.NEXT: 5, Rung.TEAM: 10, Rung.MANAGERS: 15}),
        ((None, 10), Rung.OWNER, {Rung.TEAM: 10, Rung.MANAGERS: 15}),
        ((None, None), Rung.OWNER, {Rung.MANAGERS: 15}),
        ((5, 20), Rung.OWNER, {Rung.NEXT: 5, Rung.MANAGERS: 15}),  # the managers know by then
        ((5, 10), Rung.TEAM, {Rung.MANAGERS: 15}),
        ((5, 10), Rung.MANAGERS, {}),
    ],
)
def test_the_ladder_has_its_times(monkeypatch, after, at_rung, wanted):
    monkeypatch.setattr(FirstContact, "minutes_after", lambda self, minutes: minute(minutes))
    row = FirstContact(opened_at=OPENED, due_at=minute(15), rung=at_rung)
    policy = ResponsePolicy(next_after=after[0], team_after=after[1])
    assert rungs(row, policy) == [(rung, minute(number)) for rung, number in wanted.items()]


@pytest.mark.usefixtures("fifteen_minutes")
def test_what_nobody_answers_climbs_to_the_next_the_team_and_the_managers(cast):
    house = cast.house
    with use_tenant(house.tenant):
        remy = another_rep()
        AssignmentRule.add("leads", "All", strategy="robin", by=house.ada)
        job = open_lead(house)
        first = Job.objects.get(pk=job.pk).member_id
        assert FirstContact.objects.get(pk=job.pk).given_to_id == first
        with clock.at(minute(5)):
            climb([job.pk])
        second = Job.objects.get(pk=job.pk).member_id
        assert second not in (None, first)
        assert Notice.objects.get(kind="lead.taken").member_id == first
        with clock.at(minute(10)):
            climb([job.pk])
        assert Job.objects.get(pk=job.pk).member_id is None
        assert told("lead.offered") == {"Rita Rep", "Remy Rep"}
        with clock.at(minute(11)):
            FirstContact.objects.get(pk=job.pk).take(by=remy)
            with pytest.raises(Refused, match="Remy Rep was first"):
                FirstContact.objects.get(pk=job.pk).take(by=house.rita)
            note_taken(list(Event.objects.filter(kind="job.assigned", job_id=job.pk, actor=remy)))
        taken = Notice.objects.filter(kind="lead.taken", key=f"taken:{job.pk}")
        assert [notice.member_id for notice in taken] == [house.rita.pk]
        assert not Notice.objects.filter(kind="lead.offered", read_at=None).exists()
        with clock.at(minute(15)):
            climb([job.pk])
        assert told("lead.unanswered") == {"Mona Manager", "Ada Admin"}
        assert Job.objects.get(pk=job.pk).member_id == remy.pk


@pytest.mark.usefixtures("fifteen_minutes")
def test_without_a_rule_it_is_offered_at_once_and_a_contact_ends_the_ladder(cast):
    house = cast.house
    with use_tenant(house.tenant):
        job = open_lead(house)
        assert told("lead.offered") == {"Rita Rep"}
        with clock.at(minute(3)):
            FirstContact.objects.get(pk=job.pk).take(by=house.rita)
            job.contact("call", "message_left", by=house.rita)
        late = open_lead(house)
        with clock.at(minute(16)):
            climb([job.pk, late.pk])
            assert Notice.objects.filter(kind="lead.unanswered").values_list("subject_id").distinct().get() == (
                late.pk,
            )
            share = response_share(OPENED, minute(60), Job.objects.filter(pk__in=[job.pk, late.pk]))
        assert (share.in_time, share.measured, share.percent, share.is_on_target) == (1, 2, 50, False)
        client = Client()
        with clock.at(minute(20)):
            client.force_login(house.mona.user)
            day = timedelta(days=1)
            for which, number in (("in_time", job.number), ("late", late.number), ("waiting", late.number)):
                page = client.get(response_list(house.tenant.slug, which, OPENED, OPENED + day)).content.decode()
                numbers = {row.number for row in (job, late) if f'id="r{row.number}"' in page}
                assert numbers == {number}
            page = client.get(f"/suncoast-test/leads/{late.number}/").content.decode()
        assert "First contact was due" in page
        assert "I take it" in page


def test_of_two_at_once_one_has_it(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant):
        job = open_job(title="Roof", by=None, stage=house.stage("New"))

    def take(member: Member) -> Callable[[], int]:
        client = Client()
        client.force_login(member.user)
        url = f"/{house.tenant.slug}/leads/{job.number}/take/"
        return lambda: client.post(url, {"stay": job.stay, "on": "lead"}, headers={"HX-Request": "true"}).status_code

    assert sorted(together(take(house.rita), take(house.mona)))[0] == 200
    with use_tenant(house.tenant):
        claims = list(Event.objects.filter(kind="job.assigned", job_id=job.pk))
        assert [event.data["to"] for event in claims] == [Job.objects.get(pk=job.pk).member_id]


def test_the_minutes_are_set_in_their_order(cast):
    client = Client()
    client.force_login(cast.house.mona.user)
    url = "/suncoast-test/leads/settings/response/"
    assert client.post(f"{url}set/", {"next": "12", "team": "8"}).status_code == 422
    assert client.post(f"{url}set/", {"next": "", "team": "8"}).status_code == 302
    assert 'value="8"' in client.get(url).content.decode()


def test_the_targets_are_linked_for_who_may_set_them(cast):
    for member, linked in ((cast.house.ada, True), (cast.house.mona, False)):
        client = Client()
        client.force_login(member.user)
        page = client.get("/suncoast-test/leads/settings/response/").content.decode()
        assert ('href="/suncoast-test/settings/pipelines/"' in page) is linked
        assert (client.get("/suncoast-test/settings/pipelines/").status_code == 200) is linked
