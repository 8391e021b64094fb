"""Whose lead it is and how urgent: who may give it to whom, two who claim at once, and the clock of a priority."""

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Priority
from crm.platform.models import Role
from crm.platform.tenancy.context import use_tenant
from tests.acts import current
from tests.cast import member


@pytest.fixture
def nobodys(cast):
    with use_tenant(cast.house.tenant):
        return open_job(title="Marisol Vega", by=None, stage=cast.house.stage("New"))


def owner(cast, job):
    return current(cast, job).member_id


def give(cast, job, *, by, had, to, on="list", stay=None, reason=""):
    """Post the form of whose lead it is."""
    client = Client()
    client.force_login(by.user)
    data = {
        "stay": stay or current(cast, job).stay,
        "had": str(had.uid) if had else "nobody",
        "member": str(to.uid) if to else "nobody",
        "on": on,
        "reason": reason,
    }
    headers = {"HX-Request": "true"} if on else {}
    return client.post(f"/suncoast-test/jobs/{job.number}/assign/", data, headers=headers)


def test_reps_claim_and_give_back(cast, nobodys):
    rita = cast.house.rita
    answer = give(cast, nobodys, by=rita, had=None, to=rita)
    assert answer.status_code == 200
    assert "Marisol Vega: assigned to Rita Rep." in answer.content.decode()
    assert owner(cast, nobodys) == rita.pk
    assert give(cast, nobodys, by=rita, had=rita, to=None).status_code == 200
    assert owner(cast, nobodys) is None


@pytest.mark.parametrize("who", ["rita", "sam"])
def test_only_managers_give_to_others(cast, nobodys, who):
    actor, house = getattr(cast.house, who), cast.house
    assert give(cast, nobodys, by=actor, had=None, to=house.mona).status_code == 404
    assert give(cast, house.job, by=actor, had=house.rita, to=house.mona).status_code == 404
    if who == "sam":
        assert give(cast, house.job, by=actor, had=house.rita, to=None).status_code == 404, "not one's own"
        assert give(cast, nobodys, by=actor, had=None, to=actor).status_code == 200
    assert owner(cast, house.job) == house.rita.pk
    for manager in (house.mona, house.ada):
        before = current(cast, house.job).member_id
        had = next(one for one in (house.rita, house.sam) if one.pk == before)
        to = house.sam if had is house.rita else house.rita
        assert give(cast, house.job, by=manager, had=had, to=to).status_code == 200
        assert owner(cast, house.job) == to.pk


def test_why_it_changes_hands_stands_in_the_timeline(cast):
    house = cast.house
    answer = give(cast, house.job, by=house.mona, had=house.rita, to=house.sam, on="lead", reason="Rita is on leave")
    assert "assigned it to Sam Service · Rita is on leave" in answer.content.decode()


def test_nobody_is_given_to_who_left_or_is_elsewhere(cast):
    house = cast.house
    with use_tenant(house.tenant):
        gone = member("Gus Gone", Role.REP, "suncoast-test")
        type(gone).objects.filter(pk=gone.pk).update(active=False)
    assert give(cast, house.job, by=house.mona, had=house.rita, to=gone).status_code == 404
    assert give(cast, house.job, by=house.mona, had=house.rita, to=cast.otto).status_code == 404
    assert owner(cast, house.job) == house.rita.pk


def test_of_two_who_claim_the_second_hears_who_has_it(cast, nobodys):
    house = cast.house
    with use_tenant(house.tenant):
        kim = member("Kim Quick", Role.REP, "suncoast-test")
    seen = current(cast, nobodys).stay
    give(cast, nobodys, by=kim, had=None, to=kim)
    late = give(cast, nobodys, by=house.rita, had=None, to=house.rita, stay=seen)
    page = late.content.decode()
    assert late.status_code == 409
    assert "Kim Quick assigned it to Kim Quick" not in page
    assert "Kim Quick claimed it" in page
    assert "You no longer have access to it." in page
    assert f'id="r{nobodys.number}" hx-swap-oob="delete"' in page
    assert owner(cast, nobodys) == kim.pk
    seen_by_manager = give(cast, nobodys, by=house.mona, had=None, to=house.sam)
    assert seen_by_manager.status_code == 409
    assert "This is how it is now." in seen_by_manager.content.decode()


def test_a_priority_moves_the_clock_and_is_taken_back_with_it(post, cast):
    before = current(cast, cast.house.job)
    page = post("prioritize", priority=Priority.URGENT, was=Priority.NORMAL, on="list").content.decode()
    assert "priority Urgent" in page
    assert "Urgent · " in page, "the row shows it"
    late = post("prioritize", priority=Priority.LOW, was=Priority.NORMAL, member=cast.house.mona, on="list")
    assert late.status_code == 409
    assert "Rita Rep set the priority to Urgent, just now" in late.content.decode()
    assert current(cast, cast.house.job).priority == Priority.URGENT
    assert before.priority == Priority.NORMAL


@pytest.mark.parametrize("priority", ["", "9", "x"])
def test_a_priority_that_is_none_is_refused(post, cast, priority):
    assert post("prioritize", priority=priority, on="lead").status_code == 422
    assert current(cast, cast.house.job).priority == Priority.NORMAL


def test_the_menu_offers_what_one_may(client, cast, nobodys):
    def menu(who, job):
        client.force_login(getattr(cast.house, who).user)
        return client.get(f"/suncoast-test/jobs/{job.number}/assign/").content.decode()

    assert "Assign to me" in menu("rita", nobodys)
    assert "Sam Service" not in menu("rita", nobodys)
    assert "Release" in menu("rita", cast.house.job)
    assert "Ask a manager" in menu("sam", cast.house.job)
    page = menu("mona", cast.house.job)
    for name in ("Sam Service", "Ada Admin", "Assign to me", "Nobody"):
        assert name in page
