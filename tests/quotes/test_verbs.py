"""Verbs of staff: write, send, revise, withdraw; what was sent is frozen, and expires."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import undo
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from quotes.models import Quote, QuoteState, QuoteTemplate, QuoteVersion, VersionContent
from quotes.models.quote_terms import QuoteTerms, terms_of
from quotes.sums import Discount, TaxMode
from tests.cast import Cast, House
from tests.quotes.conftest import NOW
from tests.quotes.offers import add_line, content_of, line_of


def kinds(quote: Quote) -> list[str]:
    return list(Event.objects.of(quote).exclude(kind="quote.edited").order_by("pk").values_list("kind", flat=True))


def test_a_quote_has_the_terms_of_its_brand_and_a_number(house: House, monday: Any) -> None:
    QuoteTerms.set_terms(house.job.brand, by=house.ada, deposit_ppm=400_000, terms="Rain days are added.")
    first = Quote.create(house.job, by=house.rita)
    second = Quote.create(house.job, by=house.rita)
    version = first.newest_version()
    assert (second.number, first.currency) == (first.number + 1, "USD")
    assert (version.tax_mode, version.deposit_ppm, version.terms) == (TaxMode.ADDED, 400_000, "Rain days are added.")
    assert kinds(first) == ["quote.created"]


def test_dutch_brands_quote_prices_with_vat(cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        assert terms_of(cast.other.job.brand_id).tax_mode == TaxMode.INCLUDED


def test_the_list_has_the_sums_of_the_proposed_option(quote: Quote) -> None:
    assert (quote.total, quote.net, quote.cost, quote.margin) == (170_000, 170_000, 85_000, 85_000)


def test_sending_freezes_the_version_and_waits_for_the_customer(quote: Quote, house: House) -> None:
    version = quote.send(by=house.rita)
    assert (quote.state, quote.sent_version, quote.valid_until) == (QuoteState.SENT, 1, date(2026, 6, 10))
    assert version.total == 170_000
    assert version.shown_hash == content_of(quote).content_hash()
    assert kinds(quote)[-1] == "quote.sent"


@pytest.mark.parametrize("table", ["lines", "options"])
def test_the_database_keeps_what_was_sent(sent: Quote, table: str) -> None:
    rows = getattr(sent.newest_version(), table)
    for change in (lambda: rows.update(name="Cheaper"), lambda: rows.filter(pk=rows.first().pk).delete()):
        with pytest.raises(IntegrityError, match="not changed"), transaction.atomic():
            change()


def test_so_it_keeps_the_version_but_for_its_introduction(sent: Quote) -> None:
    versions = QuoteVersion.objects.filter(quote=sent)
    with pytest.raises(IntegrityError, match="not changed"), transaction.atomic():
        versions.update(discount_ppm=100)
    versions.update(intro="")


def test_no_line_comes_into_what_was_sent(sent: Quote, house: House) -> None:
    with pytest.raises(Refused, match="Make a new version"):
        add_line(sent, house, "More", 100)
    with pytest.raises(IntegrityError, match="not changed"), transaction.atomic():
        sent.newest_version().lines.create(version=sent.newest_version(), name="More", unit_price=1, position=9)


def test_a_new_version_copies_options_and_lines(sent: Quote, house: House) -> None:
    draft = sent.revise(by=house.rita)
    assert sent.revise(by=house.rita).pk == draft.pk
    content = VersionContent(draft)
    assert [option.name for option in content.options] == ["Good", "Better"]
    assert content.sums(content.proposed_id).total == 170_000
    assert (sent.state, sent.newest, sent.sent_version) == (QuoteState.SENT, 2, 1)


def test_the_customer_keeps_the_old_version_until_the_new_one_is_sent(sent: Quote, house: House) -> None:
    sent.revise(by=house.rita)
    sent.remove_line(line_of(sent, "Gutters"), by=house.rita)
    assert (sent.shown_version().number, sent.total) == (1, 170_000)
    sent.send(by=house.rita)
    assert (sent.shown_version().number, sent.total) == (2, 150_000)


def test_a_new_version_can_be_dropped(sent: Quote, house: House) -> None:
    sent.revise(by=house.rita)
    sent.drop_draft(by=house.rita)
    assert (sent.newest, sent.has_draft, sent.versions.count()) == (1, False, 1)


def test_the_first_version_cannot_be_dropped(quote: Quote, house: House) -> None:
    with pytest.raises(Refused, match="no earlier version"):
        quote.drop_draft(by=house.rita)


def test_a_quote_that_was_never_sent_can_be_deleted(quote: Quote, house: House) -> None:
    quote.request_approval(by=house.rita)
    quote.discard(by=house.rita)
    assert not Quote.objects.exists()


def test_a_sent_quote_is_not_deleted(sent: Quote, house: House) -> None:
    sent.revise(by=house.rita)
    with pytest.raises(Refused, match="Withdraw it"):
        sent.discard(by=house.rita)


def test_an_empty_option_is_not_sent(quote: Quote, house: House) -> None:
    quote.remove_line(line_of(quote, "Gutters"), by=house.rita)
    quote.add_option("Best", by=house.rita)
    with pytest.raises(Refused, match="each option"):
        quote.send(by=house.rita)


def test_one_without_a_customer_is_not_sent(quote: Quote, house: House) -> None:
    Quote.objects.update(person=None)
    with pytest.raises(Refused, match="no customer"):
        quote.send(by=house.rita)


def test_it_expires_after_its_last_day(sent: Quote) -> None:
    with clock.at(NOW + timedelta(days=30)):
        Quote.expire_all([sent.pk])
        sent.refresh_from_db()
        assert sent.state == QuoteState.SENT
    with clock.at(NOW + timedelta(days=31)):
        Quote.expire_all([sent.pk])
        Quote.expire_all([sent.pk])
        sent.refresh_from_db()
    assert (sent.state, kinds(sent)[-2:]) == (QuoteState.EXPIRED, ["quote.sent", "quote.expired"])


def test_an_expired_quote_can_be_sent_again_as_a_new_version(sent: Quote, house: House) -> None:
    with clock.at(NOW + timedelta(days=40)):
        Quote.expire_all([sent.pk])
        sent.refresh_from_db()
        sent.revise(by=house.rita)
        sent.send(by=house.rita)
        assert (sent.state, sent.valid_until, sent.decided_at) == (QuoteState.SENT, date(2026, 7, 20), None)


def test_withdrawing_can_be_undone(sent: Quote, house: House) -> None:
    with undo.record_undoable("quote.withdrawn", [sent], by=house.rita) as change:
        sent.withdraw(by=house.rita)
    sent.withdraw(by=house.rita)
    assert kinds(sent).count("quote.withdrawn") == 1
    undo.undo_change(change.uid, by=house.rita)
    sent.refresh_from_db()
    assert (sent.state, sent.decided_at) == (QuoteState.SENT, None)


def test_a_draft_cannot_be_withdrawn(quote: Quote, house: House) -> None:
    with pytest.raises(Refused, match="waits for the customer"):
        quote.withdraw(by=house.rita)


def test_it_is_late_after_the_days_of_its_brand(sent: Quote) -> None:
    assert sent.level_at(NOW).name == "OK"
    assert sent.level_at(NOW + timedelta(days=3, hours=1)).name == "LATE"


def test_options_are_proposed_and_removed(quote: Quote, house: House) -> None:
    good, better = content_of(quote).options
    quote.propose_option(good.pk, by=house.rita)
    assert quote.total == 120_000
    quote.remove_option(good.pk, by=house.rita)
    content = content_of(quote)
    assert (content.proposed_id, len(content.lines), quote.total) == (better.pk, 2, 170_000)


def test_lines_are_changed_moved_and_removed(quote: Quote, house: House) -> None:
    gutters = line_of(quote, "Gutters")
    quote.change_lines({gutters: {"quantity": 2_000}, 0: {"quantity": 1}}, by=house.rita)
    assert quote.total == 190_000
    quote.move_line(gutters, before=line_of(quote, "Shingles, 25 years"), by=house.rita)
    assert content_of(quote).lines[0].pk == gutters
    quote.remove_line(gutters, by=house.rita)
    assert quote.total == 150_000


def test_an_edit_that_changes_nothing_records_nothing(quote: Quote, house: House) -> None:
    before = (quote.version, Event.objects.of(quote).count())
    quote.change_lines({line_of(quote, "Gutters"): {"quantity": 1_000}}, by=house.rita)
    quote.set_discount(Discount(), by=house.rita)
    quote.set_texts(intro="", title="Your new roof", by=house.rita)
    assert (quote.version, Event.objects.of(quote).count()) == before


def test_texts_need_a_title_and_conditions_a_day_to_come(quote: Quote, house: House) -> None:
    with pytest.raises(Refused, match="title"):
        quote.set_texts(title=" ", by=house.rita)
    with pytest.raises(Refused, match="future"):
        quote.set_conditions(valid_until=date(2026, 5, 10), deposit_ppm=0, by=house.rita)


def test_reps_see_the_quotes_of_the_leads_they_see(quote: Quote, house: House) -> None:
    Job.objects.filter(pk=house.job.pk).update(member=house.mona)
    assert not Quote.objects.visible_to(house.rita).exists()
    assert Quote.objects.visible_to(house.mona).get() == quote


def test_template_names_are_unique(house: House) -> None:
    QuoteTemplate.add("Re-roof, shingles", by=house.mona)
    with pytest.raises(Refused, match="already exists"):
        QuoteTemplate.add("re-roof, Shingles", by=house.mona)


def test_terms_out_of_bounds_are_refused(house: House) -> None:
    for fields in ({"valid_days": 0}, {"answer_days": 999}, {"deposit_ppm": 1_000_001}, {"tax_mode": "none"}):
        with pytest.raises(Refused):
            QuoteTerms.set_terms(house.job.brand, by=house.ada, **fields)


def test_the_sum_of_its_lines_is_an_amount(quote: Quote, house: House) -> None:
    add_line(quote, house, "Tower", 9_000_000_000_000)
    with pytest.raises(Refused, match="too large an amount"), transaction.atomic():
        add_line(quote, house, "Another tower", 9_000_000_000_000)
    assert quote.total == 9_000_000_170_000


@pytest.mark.parametrize("columns", [{"quantity": 10**9, "unit_price": 10**13}, {"unit_cost": 10**14}])
def test_the_database_refuses_a_line_beyond_an_amount(quote: Quote, columns: dict[str, int]) -> None:
    with pytest.raises(IntegrityError, match="comes_to_an_amount"), transaction.atomic():
        quote.newest_version().lines.update(**columns)
