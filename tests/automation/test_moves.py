"""Leads that move by themselves: set up on the step, proposed first, accepted or dismissed by one click, and why."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.automation.models import Mode, Rule, RuleRun, RunState
from crm.automation.moves.settings import move_rows, set_move
from crm.automation.registry.moves import stage_moves
from crm.documents.models import DocumentKind
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule, work
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> House:
    """ "Reached" proposes itself when somebody was in touch."""
    with use_tenant(cast.house.tenant):
        set_move(cast.house.stage("Reached"), "contacted", Mode.PROPOSE, by=cast.house.ada)
        cast.house.job.answer("phone", by=cast.house.rita)
    work()
    return cast.house


def states(house: House) -> list[str]:
    with use_tenant(house.tenant):
        return [str(run.state) for run in RuleRun.objects.order_by("pk")]


def act(client: Client, house: House, verb: str, **given: object) -> Any:
    client.force_login(house.rita.user)
    with use_tenant(house.tenant):
        stay = Job.objects.get(pk=house.job.pk).stay
        run = RuleRun.objects.latest("pk")
    url = f"/{house.tenant.slug}/triggers/leads/{house.job.number}/{verb}/"
    sent = {"stay": stay, "proposal": run.uid, "on": "lead", **given}
    return client.post(url, sent, headers={"HX-Request": "true"})


def test_what_is_proposed_is_asked_on_the_lead_and_done_by_one_click(client: Client, house: House) -> None:
    page = f"/{house.tenant.slug}/leads/{house.job.number}/"
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=house.job.pk).stage.name == "New", "nothing moves before somebody says so"
    client.force_login(house.rita.user)
    assert "Suggested: move to Reached" in client.get(page).content.decode()
    listed = client.get(f"/{house.tenant.slug}/leads/?proposed=1").content.decode()
    assert "Cora Customer" in listed
    answer = act(client, house, "accept")
    assert answer.status_code == 200
    assert "/jobs/undo/" in answer.content.decode(), "and can be taken back"
    with use_tenant(house.tenant):
        job = Job.objects.get(pk=house.job.pk)
        assert job.stage.name == "Reached"
        event = Event.objects.of_job(job.pk).filter(kind="job.moved").latest("pk")
        assert (event.actor_id, event.data["cause"]) == (
            house.rita.pk,
            "Someone is in touch with the customer → Reached",
        )
    assert states(house) == [RunState.DONE]
    assert act(client, house, "accept").status_code == 422, "it was answered"
    work()
    assert "Proposed: move" not in client.get(page).content.decode()


def test_dismissed_or_overtaken_it_asks_no_more(client: Client, house: House) -> None:
    assert act(client, house, "dismiss").status_code == 200
    assert states(house) == [RunState.STOPPED]
    with use_tenant(house.tenant):
        other = open_job(title="Overtaken", stage=house.stage("New"), by=None)
        other.answer("phone", by=house.rita)
    work()
    assert states(house) == [RunState.STOPPED, RunState.PROPOSED]
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(hours=1)):  # clocks are set back
        other.move_to(house.stage("Quote sent"), by=house.rita)
    work()
    assert states(house) == [RunState.STOPPED, RunState.STOPPED]


def test_what_the_step_needs_holds_back_whoever_moves(client: Client, house: House) -> None:
    with use_tenant(house.tenant):
        house.stage("New").guide("", [], {"value": "block"}, by=house.ada)
    refused = act(client, house, "accept")
    assert (refused.status_code, "No value" in refused.content.decode()) == (422, True)
    assert states(house) == [RunState.PROPOSED], "it can be accepted once that is there"
    with use_tenant(house.tenant):
        set_move(house.stage("Reached"), "contacted", Mode.ON, by=house.ada)
        other = open_job(title="By itself", stage=house.stage("New"), by=None)
        other.answer("phone", by=house.rita)
    work()
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=other.pk).stage.name == "New"
        assert "No value" in RuleRun.objects.latest("pk").log[0]["words"]
        Job.objects.filter(pk=other.pk).update(value=5)
        other.contact("call", "reached", by=house.rita)
    work()
    with use_tenant(house.tenant):
        assert Job.objects.get(pk=other.pk).stage.name == "Reached"


def test_a_step_offers_causes_and_keeps_one_rule_of_each(client: Client, house: House) -> None:
    with use_tenant(house.tenant):
        reached = house.stage("Reached")
        kind = DocumentKind.add("Contract", by=None)
        assert {"booked", "confirmed", "won", f"sent-{kind.pk}", f"accepted-{kind.pk}"} <= set(stage_moves())
        assert not set_move(reached, "contacted", Mode.PROPOSE, by=house.ada), "the same: nothing"
        assert [(row.key, row.mode, row.open) for row in move_rows(reached) if row.rule] == [
            ("contacted", "propose", 1)
        ]
        about_documents = rule("document.added", do("rule.tell", to="managers"), record="document", mode=Mode.OFF)
        with pytest.raises(Refused, match="shows on the lead"):
            about_documents.switch(Mode.PROPOSE, by=house.ada)
    url = f"/{house.tenant.slug}/triggers/steps/{reached.pk}/"
    client.force_login(house.mona.user)
    assert "disabled" in client.get(url).content.decode()
    assert client.post(f"{url}save/", {"mode-booked": "on"}).status_code == 404
    client.force_login(house.ada.user)
    assert client.post(f"{url}save/", {"mode-booked": "on", "mode-contacted": "off"}).status_code == 302
    with use_tenant(house.tenant):
        assert sorted(Rule.objects.exclude(preset="").values_list("mode", flat=True)) == ["off", "on"]
