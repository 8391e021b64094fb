"""The link checker: what the UTM words of a link mean, and the corrected link."""

from collections.abc import Iterator

import pytest
from django.test import Client

from crm.jobs.models import Source
from crm.platform.tenancy.context import use_tenant
from leads.models import Campaign
from leads.sources.links.campaign_link import read_link
from leads.sources.links.check import LinkVerdict, check_links
from tests.cast import Cast
from tests.signed_in import force_login

FINE = "https://roofs.example/new?utm_source=google-ads&utm_medium=cpc&utm_campaign=spring-25"


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Iterator[None]:
    with use_tenant(cast.house.tenant):
        google = Source.add("Google Ads", by=None)
        Campaign.add("Spring 25", source=google, by=None)
        yield


def check(link: str) -> LinkVerdict:
    [verdict] = check_links(link)
    return verdict


def test_a_link_that_names_a_campaign_is_fine() -> None:
    verdict = check(FINE)
    assert (verdict.is_fine, verdict.source, verdict.campaign, verdict.fixed) == (True, "Google Ads", "Spring 25", "")


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        (FINE.replace("spring-25", "Spring_25"), "Capital letters"),
        (FINE.replace("spring-25", "spring%2025"), "Spaces"),
        (FINE.replace("spring-25", "spring%252025"), "Encoded twice"),
        (FINE.replace("&", "&amp;"), "copied out of HTML"),
        (FINE.replace("&utm_campaign", "?utm_campaign"), "second question mark"),
        (FINE.replace("?", "#"), "behind a #"),
        (FINE.replace("utm_source", "utm-source"), "misspelt"),
        (f"{FINE}&utm_source=bing", "twice"),
        (FINE.removeprefix("https://"), "https:// is missing"),
        (FINE.replace("=cpc", "=PPC"), "usually written “cpc”"),
    ],
)
def test_a_mistake_in_writing_is_named_and_mended(link: str, problem: str) -> None:
    verdict = check(link)
    assert problem in " ".join(verdict.problems)
    assert verdict.fixed == FINE
    assert (verdict.source, verdict.campaign) == ("Google Ads", "Spring 25")


def test_words_that_match_nothing_get_the_most_similar_campaign() -> None:
    verdict = check(FINE.replace("spring-25", "sprin-25x"))
    assert "No campaign is called" in " ".join(verdict.problems)
    assert (verdict.like, verdict.fixed) == ("Google Ads · Spring 25", FINE)


def test_missing_words_and_what_is_no_address_are_named() -> None:
    bare = " ".join(check("https://roofs.example/?page=2").problems)
    assert all(f"utm_{name} is missing" in bare for name in ("source", "campaign", "medium"))
    for junk in ("call me", "https://[::1", "javascript:alert(1)", "http://"):
        assert "not a web address" in " ".join(check(junk).problems), junk


def test_other_parameters_and_the_fragment_stay() -> None:
    fixed = check("https://roofs.example/a?gclid=1&utm_source=GOOGLE+ADS&b=%26#top").fixed
    assert fixed.startswith("https://roofs.example/a?gclid=1&b=%26&utm_source=google-ads")
    assert fixed.endswith("#top")
    assert read_link("https://a.example/?x=1").words == {}


def test_the_page_checks_and_builds_links(cast: Cast) -> None:
    client = Client()
    force_login(client, cast.house.mona.user)
    url = "/suncoast-test/leads/sources/links/"
    assert "Build a link" in client.get(url).text
    page = client.post(url, {"links": f"{FINE}\n{FINE.replace('spring-25', 'autumn')}"}).text
    assert page.count('<li class="is-link">') == 2
    campaign = Campaign.objects.get()
    sent = {"address": "roofs.example/new", "to": f"{campaign.source_id}-{campaign.pk}", "medium": "cpc"}
    assert FINE.replace("&", "&amp;") in client.post(url, sent).text
    assert client.post(url, sent | {"to": "9-9"}).status_code == 422
    refused = client.post(url, sent | {"address": "my roof page"})
    assert (refused.status_code, "my roof page" in refused.text) == (422, True)
    force_login(client, cast.house.rita.user)
    assert client.get(url).status_code == 404
