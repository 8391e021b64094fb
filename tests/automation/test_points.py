"""Points set the priority of leads, with their reasons, and never against a person's choice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from crm.automation.models import AutomationPolicy, PriorityPoint, PriorityScore
from crm.automation.points.counting import count_points
from crm.automation.points.views import USUAL
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Claim, Property
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import work
from tests.automation.test_editor import signed_in
from tests.automation.test_engine import MONDAY, move
from tests.cast import Cast, House


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


@pytest.fixture
def ada(house: House) -> Client:
    return signed_in(house.ada)


def priority(house: House) -> int:
    return int(Job.objects.get(pk=house.job.pk).priority)


def test_points_raise_a_lead_say_why_and_lower_only_what_they_set(house: House, ada: Client) -> None:
    url = f"/{house.tenant.slug}/triggers/points/"
    form = {
        "f0": "step",
        "o0": "is",
        "v0": "Quote sent",
        "g0": "",
        "match": "all",
        "points": "+3",
        "words": "quoted job",
    }
    assert "Condition 2" in ada.post(url, {**form, "do": "add"}).content.decode(), "without scripts, too"
    assert ada.post(url, {**form, "do": "save", "points": "0"}).status_code == 422
    assert ada.post(url, {**form, "do": "save", "v0": ""}).status_code == 422
    assert ada.post(url, {**form, "do": "save"}).status_code == 302
    ada.post(url, {**form, "do": "save", "f0": "rep", "o0": "not", "v0": "nobody", "points": "2", "words": ""})
    shown = ada.get(url).content.decode()
    assert "quoted job" in shown
    assert "Rep is not" in shown, "without words it is called as it is said"
    work()
    assert priority(house) == Priority.NORMAL
    assert PriorityScore.objects.get(job=house.job).points == 2
    lead = f"/{house.tenant.slug}/leads/{house.job.number}/"
    move(house, "Quote sent")
    assert priority(house) == Priority.HIGH
    assert "Priority high by points: quoted job +3, Rep is not" in ada.get(lead).content.decode()
    # An urgent one from 5 points on, which is set for all leads at once; then the step is left.
    ada.post(url + "thresholds/", {"high": "4", "urgent": "5"})
    work()
    assert priority(house) == Priority.URGENT
    move(house, "Reached")
    assert priority(house) == Priority.NORMAL, "what points set they lower"


def test_the_usual_ones_are_made_with_one_click_each_and_mean_something(house: House, ada: Client) -> None:
    url = f"/{house.tenant.slug}/triggers/points/"
    shown = ada.get(url).content.decode()
    for usual in USUAL:
        assert f'value="use:{usual.key}"' in shown
        ada.post(url, {"do": f"use:{usual.key}"})
        ada.post(url, {"do": f"use:{usual.key}"})
    shown = ada.get(url).content.decode()
    assert "no longer works" not in shown
    assert "Ready-made points" not in shown
    assert PriorityPoint.objects.count() == len(USUAL)
    work()
    late = MONDAY + timedelta(days=30)
    with clock.at(late):
        Job.objects.get(pk=house.job.pk).hear("email")
        work(late)
        reasons = [words for words, _points in PriorityScore.objects.get(job=house.job).reasons]
    assert "the customer waits for our reply" in reasons


def test_what_a_person_chose_stays(house: House, ada: Client) -> None:
    PriorityPoint.add("quoted", "step=Quote+sent", 6, by=house.ada)
    house.job.prioritize(Priority.LOW, by=house.rita)
    move(house, "Quote sent")
    assert priority(house) == Priority.LOW
    page = ada.get(f"/{house.tenant.slug}/leads/{house.job.number}/").content.decode()
    assert "6 points (quoted +6), but the priority was set by hand" in page
    Job.objects.get(pk=house.job.pk).prioritize(Priority.URGENT, by=house.rita)
    move(house, "Reached")
    assert priority(house) == Priority.URGENT, "and is never lowered"


def test_what_counts_days_is_counted_again_each_night(house: House, ada: Client) -> None:
    ada.post(f"/{house.tenant.slug}/triggers/points/thresholds/", {"high": "2", "urgent": ""})
    PriorityPoint.add("stands long", "where=entered:older:3", 2, by=house.ada)
    Job.objects.filter(pk=house.job.pk).update(entered_at=MONDAY)
    work()
    assert priority(house) == Priority.NORMAL
    work(MONDAY + timedelta(days=4))
    assert priority(house) == Priority.HIGH
    ada.post(f"/{house.tenant.slug}/triggers/points/{PriorityPoint.objects.get().pk}/remove/")
    work(MONDAY + timedelta(days=4))
    assert priority(house) == Priority.NORMAL


def test_a_claim_and_the_state_of_the_property_may_count(house: House) -> None:
    site = Property.objects.create(street="1 Palm St", city="Tampa", region="FL", country="US")
    Job.objects.filter(pk=house.job.pk).update(site=site)
    Claim.objects.create(site=site, number_encrypted="x", number_hash="x", number_tail="1234")
    PriorityPoint.add("insurance job", "claim=1", 3, by=None)
    PriorityPoint.add("in state", "region=FL", 2, by=None)
    PriorityPoint.add("elsewhere", "region=GA", -2, by=None)
    count_points([house.job.pk])
    assert PriorityScore.objects.get().reasons == [["insurance job", 3], ["in state", 2]]


@pytest.mark.parametrize(("where", "points"), [("", 3), ("step=New", 0), ("step=New", 21)])
def test_points_for_everybody_or_none_are_refused(house: House, where: str, points: int) -> None:
    with pytest.raises(Refused):
        PriorityPoint.add("", where, points, by=None)
    with pytest.raises(Refused, match="more points than high"):
        AutomationPolicy.set_thresholds(5, 5, by=None)
