"""Taking an act back from its toast: the fresh fragments, words when it cannot be, one calm line on the timeline."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Priority, Side
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from tests.acts import current
from tests.jobs.test_undo import state_of


def take_back(answer, *, on="", member=None, client=None):
    """Press what the toast of an answer offers."""
    url = re.search(r'"(/suncoast-test/jobs/undo/[^"]+)"', answer.content.decode())[1]
    client = client or Client()
    if member:
        client.force_login(member.user)
    return client.post(url, {"on": on} if on else {}, headers={"HX-Request": "true"} if on else {})


VERBS = {
    "move": lambda house: {"stage": house.stage("Quote sent").pk},
    "turn": lambda house: {"side": Side.CUSTOMER},
    "pause": lambda house: {"reason": "Away"},
    "lose": lambda house: {"reason": "silent"},
    "drop": lambda house: {"reason": "spam"},
    "finish": lambda house: {},
    "prioritize": lambda house: {"priority": Priority.URGENT},
    "hear": lambda house: {"channel": "email"},
}


@pytest.mark.parametrize("on", ["list", "lead"])
@pytest.mark.parametrize("verb", VERBS)
def test_everything_is_as_it_was(post, cast, verb, on):
    house = cast.house
    with use_tenant(house.tenant):
        data, before = VERBS[verb](house), state_of(house.job)
    acted = post(verb, on=on, **data)
    undone = take_back(acted, on=on, client=acted.client)
    assert undone.status_code == 200
    page = undone.content.decode()
    assert "Cora Customer: undone." in page
    assert ("<template><tr" if on == "list" else 'id="timeline"') in page
    with use_tenant(house.tenant):
        assert state_of(house.job) == before


def test_the_pair_reads_as_one_line(post, cast):
    with use_tenant(cast.house.tenant):
        stage = cast.house.stage("Reached").pk
    acted = post("move", stage=stage, on="lead")
    page = take_back(acted, on="lead", client=acted.client).content.decode()
    assert "<b>Rita Rep</b> undid: moved it from New to Reached" in page
    assert "<b>Rita Rep</b> moved it" not in page
    page = post("move", stage=stage, on="lead").content.decode()
    assert "<b>Rita Rep</b> moved it from New to Reached" in page, "what was done again is told"


def test_what_was_changed_since_stays_and_says_by_whom(post, cast):
    with use_tenant(cast.house.tenant):
        reached, sent = cast.house.stage("Reached").pk, cast.house.stage("Quote sent").pk
    acted = post("move", stage=reached, on="list")
    post("move", stage=sent, member=cast.house.mona)
    answer = take_back(acted, on="list", client=acted.client)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mona Manager changed it in the meantime" in page
    assert "Quote sent" in page, "the fresh row comes along"
    assert current(cast, cast.house.job).stage_id == sent


def test_only_by_who_did_it_and_not_too_late(post, cast):
    with use_tenant(cast.house.tenant):
        stage = cast.house.stage("Reached").pk
    acted = post("move", stage=stage, on="list")
    assert take_back(acted, on="list", member=cast.house.mona).status_code == 404
    assert take_back(acted, on="list", member=cast.otto).status_code == 404
    with clock.at(clock.now() + Change.POSSIBLE + timedelta(seconds=1)):
        # Signed in anew: a session does not last that long.
        late = take_back(acted, on="list", member=cast.house.rita)
        assert late.status_code == 409
        assert "can no longer be undone" in late.content.decode()
        assert take_back(acted, member=cast.house.rita).status_code == 409
    assert current(cast, cast.house.job).stage_id == stage


def test_a_lead_given_away_comes_back(post, cast):
    client = Client()
    client.force_login(cast.house.mona.user)
    job = cast.house.job
    data = {"stay": current(cast, job).stay, "had": str(cast.house.rita.uid), "member": "nobody", "on": "list"}
    acted = client.post(f"/suncoast-test/jobs/{job.number}/assign/", data, headers={"HX-Request": "true"})
    assert take_back(acted, on="list", client=client).status_code == 200
    assert current(cast, job).member_id == cast.house.rita.pk


def test_nobody_acts_by_it_on_a_lead_that_is_a_colleagues_by_now(post, cast):
    house = cast.house
    with use_tenant(house.tenant):
        reached = house.stage("Reached").pk
    acted = post("move", stage=reached, on="lead")
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.mona)
    refused = take_back(acted, on="lead", client=acted.client)
    page = refused.content.decode()
    assert (refused.status_code, current(cast, house.job).stage_id) == (409, reached)
    assert "Mona Manager changed it in the meantime" in page
    assert "Cora" not in page, "nor is it shown any more"
    with use_tenant(house.tenant):
        house.job.assign_to(house.rita, by=house.mona)
    assert take_back(acted, on="lead", client=acted.client).status_code == 200
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.mona)
    assert take_back(acted, on="lead", client=acted.client).status_code == 409, "nor by a second click"


def test_of_many_the_list_asks_for_its_rows(cast):
    house, client = cast.house, Client()
    client.force_login(house.rita.user)
    with use_tenant(house.tenant):
        jobs = [open_job(title=f"Lead {n}", by=house.rita, member=house.rita) for n in range(3)]
        with undo.record_undoable("job.moved", jobs, by=house.rita) as change:
            for job in jobs:
                job.move_to(house.stage("New"), by=house.rita)
        jobs[1].lose("Price", by=house.mona)
    answer = client.post(f"/suncoast-test/jobs/undo/{change.uid}/", {"on": "list"}, headers={"HX-Request": "true"})
    assert "Undone for 2 leads. 1 was changed since and stays." in answer.content.decode()
    assert '"target": "#rows"' in answer["HX-Trigger"]
