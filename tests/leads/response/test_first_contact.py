"""How soon a new lead was answered: only what a person does counts, and what is taken back counts no more."""

from datetime import UTC, datetime, timedelta

import pytest

from comms.library.context import subject_of
from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from leads.models import FirstContact
from leads.response.acknowledgement import reply_by
from leads.response.first_contact import catch_up, first_contact, settle

# A Wednesday, ten in the morning in New York.
OPENED = datetime(2026, 11, 25, 15, tzinfo=UTC)
CALLED = OPENED + timedelta(minutes=9)


def event(what: str, minutes: int, actor: int | None = 7, **data: object) -> Event:
    return Event(kind=f"job.{what}", at=OPENED + timedelta(minutes=minutes), actor_id=actor, data=data)


def contacted(minutes: int, **data: object) -> Event:
    at = (OPENED + timedelta(minutes=minutes)).isoformat()
    return event("contacted", minutes, kind="call", outcome="no_answer", touched_at=at, **data)


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ([], None),
        ([event("answered", 1, None, channel="sms")], None),  # a machine's answer
        ([event("answered", 1, None, channel="sms"), event("answered", 5, channel="sms")], 5),
        ([event("answered", 3, None, channel="phone")], 3),  # the telephone system tells of a call
        ([contacted(4), event("answered", 9, channel="email")], 4),
        ([event("answered", 9, channel="email"), contacted(4)], 4),  # logged later than it was
        ([contacted(4), event("undone", 5, of="job.contacted", since=OPENED.isoformat())], None),
        ([contacted(4), event("undone", 5, of="job.moved", since=OPENED.isoformat())], 4),
        ([contacted(4), event("contact_withdrawn", 6, touched_at=contacted(4).data["touched_at"]), contacted(8)], 8),
    ],
)
def test_the_first_human_contact_counts(told: list[Event], minutes: int | None) -> None:
    found = first_contact(told)
    assert (found and found.at) == (None if minutes is None else OPENED + timedelta(minutes=minutes))


@pytest.mark.usefixtures("fifteen_minutes")
def test_a_lead_is_counted_from_its_opening_by_the_target_of_the_first_step(cast):
    house = cast.house
    with use_tenant(house.tenant), clock.at(OPENED):
        lead = open_job(title="Roof", by=house.mona)
        later = open_job(title="Quoted", by=house.mona, stage=house.stage("Quote sent"))
    with use_tenant(house.tenant):
        row = FirstContact.objects.get(pk=lead.pk)
        assert (row.allowed, row.due_at) == (900, OPENED + timedelta(minutes=15))
        assert not FirstContact.objects.filter(pk=later.pk).exists()
        with clock.at(CALLED):
            lead.answer("sms", by=None)
            settle([lead.pk])
            assert FirstContact.objects.late(CALLED + timedelta(hours=1)).filter(pk=lead.pk).exists()
            lead.contact("call", "no_answer", by=house.rita)
        settle([lead.pk])
        row.refresh_from_db()
        assert (row.seconds, row.member_id, row.channel, row.is_in_time) == (540, house.rita.pk, "call", True)
        lead.withdraw_contact(CALLED)
        settle([lead.pk])
        assert FirstContact.objects.waiting().filter(pk=lead.pk).exists()
        # What was there before this was counted is caught up with.
        lead.contact("visit", "reached", by=house.rita, at=CALLED)
        FirstContact.objects.all().delete()
        catch_up()
        row = FirstContact.objects.get(pk=lead.pk)
        assert (row.opened_at, row.seconds, row.channel) == (OPENED, 540, "visit")


@pytest.mark.usefixtures("fifteen_minutes")
@pytest.mark.parametrize(
    ("opened", "said"),
    [(OPENED, "today by 10:15 AM"), (OPENED + timedelta(hours=12), "on Thursday, November 26 by 8:15 AM")],
)
def test_the_customer_is_told_the_true_time(cast, opened, said):
    house = cast.house
    with use_tenant(house.tenant), clock.at(opened):
        job = open_job(title="Roof", by=house.mona, person=house.cora)
        subject = subject_of(brand=directory().default_brand, language="en", job=job)
        assert reply_by(subject).replace("\xa0", " ") == said
        job.contact("call", "reached", by=house.rita)
        settle([job.pk])
        assert reply_by(subject) == ""
