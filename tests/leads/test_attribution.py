"""Where a lead came from: words of an address become a source and a campaign, or wait to be matched."""

from datetime import timedelta

import pytest

from crm.jobs.models import Job, Source
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from leads.models import Campaign, Lead, Touch, UtmRule
from leads.sources import name_similarity
from leads.sources.attribution import attribute
from leads.sources.name_similarity import NamedSource, Names
from leads.sources.utm import UtmFields, letters, word
from tests.cast import Cast


def test_words_of_an_address_are_read_and_tidied() -> None:
    given = {"utm_source": " Google Ads ", "utm_campaign": "Spring+Roofs", "utm_medium": "cpc", "gclid": "x" * 400}
    read = UtmFields.read(given, landing_page="https://a.example/\0roof", consent="Yes,\n call me")
    columns = read.columns()
    assert (columns["utm_source"], columns["utm_campaign"], columns["medium"]) == ("google ads", "spring roofs", "cpc")
    assert (len(columns["click_id"]), columns["click_kind"]) == (300, "google")
    assert (columns["landing_page"], columns["consent"]) == ("https://a.example/roof", "Yes, call me")
    assert read.is_said
    assert not UtmFields.read({"utm_source": "\0 "}).is_said
    assert letters("Re-roof_Tampa") == letters("re roof tampa")
    assert word("A+B") == "a b"


@pytest.fixture
def lead(cast: Cast) -> Lead:
    with use_tenant(cast.house.tenant):
        Job.objects.filter(pk=cast.house.job.pk).update(source=None)
        return Lead.objects.get_or_create(job=cast.house.job)[0]


def test_a_first_touch_sets_source_and_campaign_and_a_later_one_is_the_conversion(cast: Cast, lead: Lead) -> None:
    now = clock.now()
    with use_tenant(cast.house.tenant):
        google, fair = Source.add("Google Ads", by=None), Source.add("Fair", by=None)
        spring = Campaign.add("Re-roof, spring", source=google, by=None)
        given = UtmFields(source="google-ads", campaign="Re-roof Spring")
        first = attribute(lead, given, now, fallback=fair)
        assert (first.source, first.campaign, first.kind, first.is_unmatched) == (google, spring, "first", False)
        # Told again, nothing; told later, the conversion; the first stays what the lead came by.
        assert attribute(lead, given, now).pk == first.pk
        later = attribute(lead, UtmFields(), now + timedelta(days=1), fallback=fair)
        assert (later.kind, later.source, later.is_unmatched) == ("conversion", fair, False)
        lead.win(by=None)
        assert attribute(lead, given, clock.now() + timedelta(days=3)).pk == first.pk
        lead.refresh_from_db()
        assert (Job.objects.get(pk=lead.pk).source, lead.campaign) == (google, spring)
        assert Touch.objects.filter(lead=lead).count() == 2


def test_words_that_name_nothing_wait_and_a_rule_says_what_they_mean(cast: Cast, lead: Lead) -> None:
    with use_tenant(cast.house.tenant):
        google, fair = Source.add("Google Ads", by=None), Source.add("Fair", by=None)
        given = UtmFields(source="google ads", campaign="gads_tpa")
        touch = attribute(lead, given, clock.now())
        assert (touch.source, touch.campaign, touch.is_unmatched) == (google, None, True)
        UtmRule.objects.create(utm_source="google ads", utm_campaign="gads_tpa", source=fair)
        Touch.objects.all().delete()
        touch = attribute(lead, given, clock.now())
        assert (touch.source, touch.campaign, touch.is_unmatched) == (fair, None, False)


@pytest.mark.parametrize(
    ("utm_source", "utm_campaign", "like"),
    [
        ("", "gads_reroof_tpa", "Re-roof Tampa, spring"),
        ("google", "sprng", "Re-roof Tampa, spring"),
        ("gads", "", "Google Ads"),
        ("facebok", "", "Facebook"),
        ("newsletter", "may", ""),
        ("fb-ig", "", ""),
        ("", "", ""),
    ],
)
def test_words_are_like_a_name_they_abbreviate_or_misspell(utm_source: str, utm_campaign: str, like: str) -> None:
    names = [("Google Ads", ""), ("Google Ads", "Re-roof Tampa, spring"), ("Google Ads", "Leaks"), ("Facebook", "")]
    made = Names(NamedSource("", campaign or source, source, campaign) for source, campaign in names)
    found = made.likest(utm_source, utm_campaign)
    assert (found[0].label if found else "") == like
    assert found is None or 60 <= found[1] < 100


def test_among_thousands_of_campaigns_few_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    towns = ["Tampa", "Brandon", "Riverview", "Lutz", "Plant City", "Largo", "Dunedin", "Ybor", "Odessa", "Ruskin"]
    what = ["Re-roof", "Leaks", "Gutters", "Storm damage", "Inspection", "Skylights", "Tile", "Metal", "Flat", "Repair"]
    names = [
        NamedSource("", f"{town} {work} {year}", "Google Ads", f"{town} {work} {year}")
        for town in towns
        for work in what
        for year in range(2000, 2030)
    ]
    every, few = max, Names(names)
    looked: list[str] = []
    asked = name_similarity.likeness
    monkeypatch.setattr(name_similarity, "likeness", lambda *given: looked.append(given[2].label) or asked(*given))
    for said in ("gads_reroof_tpa_2024", "storm-damage-ruskin-2011", "skylihgts lutz 2007", "gutters_brn_2019", "zzz"):
        best = every(asked("google", said, name) for name in names)
        found = few.likest("google", said)
        assert (found[1] if found else 0) == (best if best >= name_similarity.LEAST else 0), said
    assert len(looked) <= 5 * Names.NEAREST
