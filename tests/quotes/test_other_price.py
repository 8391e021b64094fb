"""What a quote is compared with: a competitor's price, as members note it and as a lost lead tells it."""

from typing import Any

import pytest
from django.test import Client

from crm.jobs.losses.closing_reason import end, read
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from quotes.lost_gaps import note_lost_gaps
from quotes.models import Quote, VersionContent
from quotes.models.comparison_verbs import tier_of
from quotes.models.price_gap import GAPS, gap_condition, percent_above
from tests.cast import House
from tests.quotes.offers import add_line, choice_of, signature_of
from tests.quotes.test_pages import client_of, url


@pytest.fixture
def rita(house: House) -> Client:
    return client_of(house.rita)


def gap_of(quote: Quote) -> list[str]:
    return [gap for gap in GAPS if Quote.objects.filter(gap_condition(gap), pk=quote.pk).exists()]


@pytest.mark.parametrize(
    ("price", "gap"),
    [(170_000, "below"), (200_000, "below"), (169_999, "5"), (161_904, "10"), (154_545, "20"), (100_000, "more")],
)
def test_each_price_has_one_gap(sent: Quote, house: House, price: int, gap: str) -> None:
    sent.note_other_price(price, "Gulf Roofers", by=house.rita)
    assert gap_of(sent) == [gap]


def test_a_quote_without_another_price_has_no_gap(sent: Quote) -> None:
    assert gap_of(sent) == []
    assert percent_above(170_000, 160_000) == 6


def test_another_price_is_noted_once_and_taken_back(sent: Quote, house: House) -> None:
    for _again in range(2):
        sent.note_other_price(150_000, "Gulf  Roofers ", by=house.rita)
    assert Event.objects.filter(kind="quote.compared").count() == 1
    sent.note_other_price(None, "Gulf Roofers", by=house.rita)
    sent.refresh_from_db()
    assert (sent.other_price, sent.other_company) == (None, "")


def test_nothing_is_no_price(sent: Quote, house: House) -> None:
    with pytest.raises(Refused, match="above zero"):
        sent.note_other_price(0, by=house.rita)


def test_a_draft_is_compared_with_nothing(quote: Quote, house: House) -> None:
    with pytest.raises(Refused, match="Send the quote first"):
        quote.note_other_price(150_000, by=house.rita)


def test_who_declines_may_have_another_price(sent: Quote, house: House, rita: Client) -> None:
    form = {"reason": "other_company", "other_price": "1,500", "other_company": "Gulf Roofers"}
    rita.post(url(house, sent, "decline/"), form)
    sent.refresh_from_db()
    assert (sent.state, sent.other_price, sent.other_company) == ("declined", 150_000, "Gulf Roofers")
    page = rita.get(url(house, sent)).content.decode()
    assert "Gulf Roofers asks $1,500" in page
    assert "ours is 13% higher" in page


def test_what_is_no_amount_declines_nothing(sent: Quote, house: House, rita: Client) -> None:
    rita.post(url(house, sent, "decline/"), {"reason": "price", "other_price": "a lot"})
    sent.refresh_from_db()
    assert (sent.state, sent.other_price) == ("sent", None)


def test_another_price_is_noted_on_the_page(sent: Quote, house: House, rita: Client) -> None:
    assert "Another price they have" in rita.get(url(house, sent, "other-price/")).content.decode()
    rita.post(url(house, sent, "other-price/"), {"version": sent.version, "other_price": "2000"})
    sent.refresh_from_db()
    assert sent.other_price == 200_000
    assert "ours is 15% lower" in rita.get(url(house, sent)).content.decode()


def lose_for_price(job: Job, gap: str, house: House) -> list[Any]:
    end(job, read("lost", {"reason": "price", "gap": gap}, job), by=house.rita)
    return list(Event.objects.filter(kind="job.lost"))


def test_a_lost_lead_tells_the_other_price(sent: Quote, house: House) -> None:
    lost = lose_for_price(Job.objects.get(pk=house.job.pk), "200", house)
    for _again in range(2):
        note_lost_gaps(lost)
    sent.refresh_from_db()
    assert sent.other_price == 150_000
    assert Event.objects.filter(kind="quote.compared").count() == 1


def test_a_price_that_was_noted_is_kept(sent: Quote, house: House) -> None:
    sent.note_other_price(160_000, by=house.rita)
    note_lost_gaps(lose_for_price(Job.objects.get(pk=house.job.pk), "200", house))
    sent.refresh_from_db()
    assert sent.other_price == 160_000


def test_a_gap_of_the_whole_price_is_no_price(sent: Quote, house: House) -> None:
    note_lost_gaps(lose_for_price(Job.objects.get(pk=house.job.pk), "1700", house))
    sent.refresh_from_db()
    assert sent.other_price is None


@pytest.mark.parametrize(("option", "tier"), [("Good", "lowest"), ("Better", "highest")])
def test_an_acceptance_keeps_which_option_it_is(sent: Quote, house: House, option: str, tier: str) -> None:
    sent.accept(choice_of(sent, option=option), signature_of(house.cora))
    sent.refresh_from_db()
    assert (sent.option_count, sent.accepted_tier) == (2, tier)


def test_a_third_option_may_be_in_between(quote: Quote, house: House) -> None:
    best = quote.add_option("Best", by=house.rita)
    add_line(quote, house, "Shingles, 50 years", 300_000, option=best)
    content = VersionContent(quote.newest_version())
    tiers = [str(tier_of(content, option.pk)) for option in content.options]
    assert tiers == ["lowest", "middle", "highest"]


def test_what_the_customer_chose_last_is_expected(sent: Quote, house: House) -> None:
    assert sent.expected_total == 170_000
    choice = choice_of(sent, "Gutters", option="Good")
    sent.choose(house.cora, choice.option_id, choice.unticked)
    sent.refresh_from_db()
    assert sent.expected_total == 100_000


def test_a_new_version_forgets_what_was_chosen(sent: Quote, house: House) -> None:
    choice = choice_of(sent, option="Good")
    sent.choose(house.cora, choice.option_id, choice.unticked)
    sent.revise(by=house.rita)
    sent.send(by=house.rita)
    assert sent.expected_total == 170_000
