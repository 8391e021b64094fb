"""A match of UTM words is undone: past leads are as they were before it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from crm.jobs.models import Job, Source
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from leads.models import Campaign, Lead, Touch, UtmRule
from leads.sources import unmatched
from leads.sources.attribution import attribute
from leads.sources.utm import UtmFields
from tests.cast import Cast

WORDS = UtmFields(source="gads", campaign="tpa")


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Iterator[None]:
    with use_tenant(cast.house.tenant):
        Job.objects.filter(pk=cast.house.job.pk).update(source=None)
        yield


@pytest.fixture
def lead(cast: Cast) -> Lead:
    """A lead whose words match nothing, and which came by a form."""
    lead = Lead.objects.get(job=cast.house.job)
    attribute(lead, WORDS, clock.now(), fallback=Source.add("Website form", by=None))
    return lead


@pytest.fixture
def rule(cast: Cast, lead: Lead) -> UtmRule:
    google = Source.add("Google Ads", by=None)
    tampa = Campaign.add("Tampa", source=google, by=None)
    unmatched.match("gads", "tpa", source=google, campaign=tampa, by=cast.house.mona)
    return UtmRule.objects.get()


def filed(lead: Lead) -> tuple[str, int | None]:
    job = Job.objects.select_related("source", "lead").get(pk=lead.pk)
    return job.source.name if job.source else "", job.lead.campaign_id


def test_an_undone_match_puts_leads_back_and_lists_the_words_again(cast: Cast, lead: Lead, rule: UtmRule) -> None:
    assert filed(lead) == ("Google Ads", rule.campaign_id)
    assert unmatched.undo_match(rule, by=cast.house.mona) == 1
    assert filed(lead) == ("Website form", None)
    touch = Touch.objects.get(lead=lead)
    assert (touch.is_unmatched, touch.campaign_id) == (True, None)
    [group] = unmatched.groups()
    assert group.last == touch.at
    assert not UtmRule.objects.exists()


def test_matched_twice_it_goes_back_to_what_was_before_the_first(cast: Cast, lead: Lead, rule: UtmRule) -> None:
    other = Source.add("Fair", by=None)
    unmatched.match("gads", "tpa", source=other, campaign=None, by=cast.house.mona)
    assert filed(lead) == ("Fair", None)
    unmatched.undo_match(UtmRule.objects.get(), by=cast.house.mona)
    assert filed(lead) == ("Website form", None)


def test_what_a_person_set_since_stays(cast: Cast, lead: Lead, rule: UtmRule) -> None:
    chosen = Source.add("A neighbour", by=None)
    Job.objects.filter(pk=lead.pk).update(source=chosen)
    unmatched.undo_match(rule, by=cast.house.mona)
    assert filed(lead) == ("A neighbour", rule.campaign_id)


def test_a_later_visit_is_not_put_back(cast: Cast, lead: Lead, rule: UtmRule) -> None:
    attribute(lead, WORDS, clock.now() + timedelta(hours=1))
    assert unmatched.undo_match(rule, by=cast.house.mona) == 1
    assert Touch.objects.get(lead=lead, kind="conversion").campaign_id == rule.campaign_id
