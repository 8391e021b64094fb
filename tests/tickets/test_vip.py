"""Ready rules for customers who matter more: partners first, large orders to a team, the channel regulars use."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from crm.jobs.assignment.engine import assign
from crm.jobs.assignment.presets import switch_on, unused_presets
from crm.jobs.assignment.work import work_of
from crm.jobs.models import Job, Phase, Priority
from crm.jobs.models.assignment import AssignmentRule, Placement
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Team
from crm.platform.tenancy.context import use_tenant
from crm.web.timeline.event_words import describe_event
from tests.cast import House
from tests.tickets.test_inbox import begin, say
from tickets.inbox.usual_channel import usual_channel
from tickets.models import LifePolicy, SlaPolicy, Ticket
from tickets.models.sla_policy import sla_setup
from tickets.sla.presets import EVENTS, raise_priorities

pytestmark = pytest.mark.django_db

PAGE = "/tickets/settings/response-times/"


def test_partners_are_high_with_why_and_stay_more_urgent(house: House, client: Client) -> None:
    client.force_login(house.ada.user)
    page = client.get(f"/{house.tenant.slug}{PAGE}")
    client.post(f"/{house.tenant.slug}{PAGE}partners/", {"version": page.context["version"]})
    assert SlaPolicy.objects.get(partners_only=True).raises_to == Priority.HIGH
    assert sla_setup().policies[0].raises_to == Priority.HIGH
    tickets = [begin(house, name) for name in ("A partner’s", "A customer’s", "An urgent one")]
    for ticket, role in zip(tickets, ("partner", "customer", "partner"), strict=True):
        ticket.participants.create(address="p@p.example", role=role, is_requester=True)
    tickets[2].prioritize(Priority.URGENT, by=house.sam)
    for _again in range(2):
        raise_priorities(list(Event.objects.filter(kind__in=EVENTS)))
    found = [Ticket.objects.get(pk=ticket.pk).priority for ticket in tickets]
    assert found == [Priority.HIGH, Priority.NORMAL, Priority.URGENT]
    raised = Event.objects.get(kind="ticket.prioritized", actor=None)
    assert describe_event(raised.kind, raised.data, None).words == "set the priority to High · Partners"


def test_a_large_order_goes_to_the_team_of_the_rule_that_is_one_click_away(house: House) -> None:
    tickets, team = work_of("tickets"), Team.create("Large", by=None)
    team.add(house.ada, by=None)
    AssignmentRule.add("tickets", "All", by=None)
    with pytest.raises(Refused):
        switch_on(tickets, "large", None, "25000", by=house.ada)
    with pytest.raises(Refused):
        switch_on(tickets, "large", team, "a lot", by=house.ada)
    rule = switch_on(tickets, "large", team, "25,000", by=house.ada)
    assert [preset.key for preset in unused_presets(tickets)] == ["sold"]
    for value, by_rule in ((2_499_999, False), (2_500_000, True)):
        Job.objects.filter(pk=house.job.pk).update(value=value)
        ticket = begin(house, f"{value}")
        ticket.attach(Job.objects.get(pk=house.job.pk), by=None)
        assign("tickets", ticket)
        assert (Placement.objects.get(subject_id=ticket.pk).rule_id == rule.pk) is by_rule
        assert (Ticket.objects.get(pk=ticket.pk).member_id == house.ada.pk) is by_rule


def test_answers_to_regular_customers_begin_on_the_channel_they_use_most(house: House) -> None:
    first, ticket = (begin(house, name, member=house.sam, person=house.cora) for name in ("Last year", "Now"))
    now = clock.now()
    for at in range(3):
        say(first, medium="sms", person=house.cora, at=now - timedelta(days=9 - at))
    say(ticket, medium="email", person=house.cora)
    assert usual_channel(ticket) == ""
    LifePolicy.set_usual_channel(True, by=house.ada)
    assert usual_channel(ticket) == "sms"
    assert usual_channel(begin(house, "Nobody’s")) == ""


def test_a_phase_says_what_is_sold(house: House, client: Client) -> None:
    client.force_login(house.ada.user)
    settings = reverse("jobs:pipelines", args=[house.tenant.slug])
    phase = Phase.objects.get(pk=house.job.stage.phase_id)
    assert (phase.is_sold, house.job.is_sold) == (False, False)
    version = client.get(settings).context["version"]
    sold = reverse("jobs:sold_phase", args=[house.tenant.slug, phase.pk])
    client.post(sold, {"version": version, "sold": "yes"})
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=house.job.pk).is_sold
    assert Phase.objects.filter(is_sold=True).count() == 3
