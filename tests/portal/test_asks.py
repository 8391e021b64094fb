"""A customer asks for a visit or new work on their page."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from comms.models import Message
from crm.jobs.models import Job
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp
from leads.models import Lead
from tests.cast import Cast, House
from tests.markup import flat
from tests.portal.conftest import Coming


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


def send(client: Client, house: House, **given: object) -> Any:
    form = {"key": str(uuid4()), "what": "visit", "job": house.job.number, "text": "The gutter drips. Mondays."}
    return client.post(f"/my/{house.tenant.slug}/ask/", form | given)


def test_a_visit_is_a_message_and_a_follow_up_and_is_shown_as_asked(house: House, portal_client: Coming) -> None:
    client, key = portal_client(house.cora), str(uuid4())
    for _twice in range(2):
        assert send(client, house, key=key)["Location"].endswith(f"/jobs/{house.job.number}/")
    with use_tenant(house.tenant):
        [message] = Message.objects.filter(direction="in", medium="portal")
        assert "The gutter drips" in message.text
        [planned] = FollowUp.objects.open().filter(job=house.job, origin__startswith="portal_ask:")
        assert (planned.assignee, planned.kind) == (house.job.member, "call")
    page = f"/my/{house.tenant.slug}/jobs/{house.job.number}/"
    assert "You asked for a visit" in flat(client.get(page).content.decode())
    with use_tenant(house.tenant):
        planned.cancel(by=house.rita)
    assert "You asked for a visit" not in flat(client.get(page).content.decode())


def test_new_work_is_a_new_lead_at_the_place_with_their_words(house: House, portal_client: Coming) -> None:
    client, key = portal_client(house.cora), str(uuid4())
    for _twice in range(2):
        send(client, house, what="work", key=key)
    with use_tenant(house.tenant):
        [job] = Job.objects.filter(person=house.cora).exclude(pk=house.job.pk)
        assert (job.site, Lead.objects.filter(job=job).exists()) == (house.job.site, True)
        assert "The gutter drips" in Message.objects.get(direction="in", medium="portal").text


def test_what_cannot_be_asked_is_refused_in_words(house: House, portal_client: Coming) -> None:
    client = portal_client(house.cora)
    assert send(client, house, text=" ").status_code == 422
    assert send(client, house, job="").status_code == 422
    assert send(client, house, job=987_654).status_code == 404
    answers = [send(client, house).status_code for _each in range(4)]
    assert answers == [302, 302, 302, 422]
    with use_tenant(house.tenant):
        stranger = Person.objects.create(name="Stranger")
    assert send(portal_client(stranger), house).status_code == 404
