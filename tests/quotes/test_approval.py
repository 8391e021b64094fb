"""Discounts and margins outside the limits are approved by somebody else, within some hours."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.platform.models import Event
from quotes.models import DiscountLimit, Quote, QuoteApproval, QuoteState, QuoteTerms
from quotes.sums import Discount
from tests.cast import House
from tests.quotes.conftest import NOW
from tests.quotes.offers import line_of

TENTH = Discount(ppm=100_000)


def test_a_discount_above_the_limit_is_not_sent(quote: Quote, house: House) -> None:
    quote.set_discount(TENTH, by=house.rita)
    with pytest.raises(Refused, match="needs an approval"):
        quote.send(by=house.rita)


def test_within_the_limit_none_is_needed(quote: Quote, house: House) -> None:
    quote.set_discount(Discount(ppm=50_000), by=house.rita)
    assert quote.request_approval(by=house.rita) is None
    quote.send(by=house.rita)
    assert quote.state == QuoteState.SENT


def test_limits_are_those_of_the_role(quote: Quote, house: House) -> None:
    DiscountLimit.set_limit("rep", 100_000, by=house.ada)
    quote.set_discount(TENTH, by=house.rita)
    quote.send(by=house.rita)
    with pytest.raises(Refused, match="percentage"):
        DiscountLimit.set_limit("rep", 1_000_001, by=house.ada)


def test_an_approval_outlives_another_last_day(quote: Quote, house: House) -> None:
    quote.set_discount(TENTH, by=house.rita)
    quote.request_approval(by=house.rita)
    quote.approve(by=house.mona)
    quote.set_conditions(valid_until=date(2026, 6, 30), deposit_ppm=quote.newest_version().deposit_ppm, by=house.rita)
    quote.send(by=house.rita)
    assert quote.state == QuoteState.SENT


def test_who_is_approved_may_send_it(quote: Quote, house: House) -> None:
    quote.set_discount(TENTH, by=house.rita)
    approval = quote.request_approval(by=house.rita, note="An old customer")
    assert quote.request_approval(by=house.rita) == approval
    quote.approve(by=house.mona, answer="Once")
    quote.approve(by=house.mona)
    quote.send(by=house.rita)
    assert list(Event.objects.filter(kind="quote.approved").values_list("data__to", flat=True)) == [house.rita.pk]


def test_an_edit_afterwards_makes_it_void(quote: Quote, house: House) -> None:
    quote.set_discount(TENTH, by=house.rita)
    quote.request_approval(by=house.rita)
    quote.approve(by=house.mona)
    quote.change_lines({line_of(quote, "Gutters"): {"unit_price": 1}}, by=house.rita)
    with pytest.raises(Refused, match="needs an approval"):
        quote.send(by=house.rita)


def test_so_it_does_before_the_decision(quote: Quote, house: House) -> None:
    quote.set_discount(TENTH, by=house.rita)
    quote.request_approval(by=house.rita)
    quote.set_discount(Discount(ppm=140_000), by=house.rita)
    with pytest.raises(Stale):
        quote.approve(by=house.mona)
    quote.request_approval(by=house.rita)
    assert list(QuoteApproval.objects.order_by("pk").values_list("is_approved", flat=True)) == [None, None]
    assert QuoteApproval.objects.open().count() == 1


def test_nobody_approves_their_own(quote: Quote, house: House) -> None:
    quote.set_discount(Discount(ppm=200_000), by=house.mona)
    quote.request_approval(by=house.mona)
    with pytest.raises(Refused, match="Somebody else"):
        quote.approve(by=house.mona)


def test_nobody_approves_above_their_own_limit(quote: Quote, house: House) -> None:
    quote.set_discount(Discount(ppm=200_000), by=house.rita)
    quote.request_approval(by=house.rita)
    with pytest.raises(Refused, match="own limit"):
        quote.approve(by=house.mona)
    quote.approve(by=house.ada)
    quote.send(by=house.rita)


def test_a_refusal_says_what_to_change(quote: Quote, house: House) -> None:
    quote.set_discount(TENTH, by=house.rita)
    quote.request_approval(by=house.rita)
    with pytest.raises(Refused, match="Say what"):
        quote.refuse_approval(" ", by=house.mona)
    quote.refuse_approval("5 % is enough", by=house.mona)
    with pytest.raises(Refused, match="needs an approval"):
        quote.send(by=house.rita)


def test_a_margin_below_the_floor_needs_an_approval_too(quote: Quote, house: House) -> None:
    QuoteTerms.set_terms(house.job.brand, by=house.ada, margin_floor_ppm=600_000)
    approval = quote.request_approval(by=house.rita)
    assert approval is not None
    assert approval.reasons == {"margin": 500_000, "floor": 600_000}
    quote.send(by=house.mona)


def test_it_is_due_after_working_hours_and_overdue_once(quote: Quote, house: House) -> None:
    quote.set_discount(TENTH, by=house.rita)
    friday = datetime(2026, 5, 15, 20, 0, tzinfo=UTC)
    with clock.at(friday):
        approval = quote.request_approval(by=house.rita)
    assert approval is not None
    assert approval.due_at > friday + timedelta(days=2)
    with clock.at(approval.due_at):
        QuoteApproval.mark_overdue([approval.pk])
        QuoteApproval.mark_overdue([approval.pk])
    assert Event.objects.filter(kind="quote.approval_overdue").count() == 1


def test_what_was_decided_is_not_overdue(quote: Quote, house: House) -> None:
    quote.set_discount(TENTH, by=house.rita)
    approval = quote.request_approval(by=house.rita)
    assert approval is not None
    quote.approve(by=house.mona)
    with clock.at(NOW + timedelta(days=9)):
        QuoteApproval.mark_overdue([approval.pk])
    assert not Event.objects.filter(kind="quote.approval_overdue").exists()
