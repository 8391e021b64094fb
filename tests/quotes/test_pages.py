"""Pages of quotes: the list, the page of a quote and its forms, for those who may."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from crm.platform.tenancy.context import use_tenant
from quotes.models import PriceItem, Quote, QuoteLine, QuoteState, QuoteTemplate
from quotes.quote_list.quote_search import find_by_title
from quotes.sums import Discount
from tests.cast import Cast, House
from tests.quotes.offers import add_line, choice_of, content_of, line_of, signature_of

HTMX = {"HX-Request": "true"}


def client_of(member: Any) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def rita(house: House) -> Client:
    return client_of(house.rita)


@pytest.fixture
def mona(house: House) -> Client:
    return client_of(house.mona)


def url(house: House, quote: Quote, rest: str = "") -> str:
    return f"/{house.tenant.slug}/quotes/{quote.uid}/{rest}"


def shingles(house: House, price: int = 31_200) -> PriceItem:
    item = PriceItem.create(name="Architectural shingles", code="SH-30", by=house.mona)
    item.set_price(price, 21_400, "USD", by=house.mona)
    return item


def test_the_list_shows_and_finds_quotes(quote: Quote, house: House, rita: Client) -> None:
    listed = f"/{house.tenant.slug}/quotes/"
    page = rita.get(listed).content.decode()
    assert quote.code in page
    assert "$1,700" in page
    for query in (f"?q={quote.code}", "?q=new+roof", "?q=Cora", "?state=draft", "?sort=-total"):
        assert quote.code in rita.get(listed + query).content.decode(), query
    for query in ("?q=Q-1", "?q=gutterzz", "?state=sent", "?level=over"):
        assert quote.code not in rita.get(listed + query).content.decode(), query


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("roof new", True), ("OOF", True), ("new floor", False), ("ro%f", False), ("r", False), ("'; drop", False)],
)
def test_each_word_of_a_text_is_part_of_the_title(
    quote: Quote, house: House, rita: Client, text: str, is_found: bool
) -> None:
    page = rita.get(f"/{house.tenant.slug}/quotes/", {"q": text}).content.decode()
    assert (quote.code in page) == is_found


def test_a_search_finds_none_of_another_organization(quote: Quote, cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        assert find_by_title("roof", most=9) == []
    with use_tenant(cast.house.tenant):
        assert find_by_title("roof", most=9) == [quote.pk]


def test_sums_are_by_currency(quote: Quote, house: House, rita: Client) -> None:
    assert "$1,700" in rita.get(f"/{house.tenant.slug}/quotes/counts/", headers=HTMX).content.decode()


def test_a_margin_is_in_no_page_of_a_rep(quote: Quote, house: House, rita: Client, mona: Client) -> None:
    for page in ("", f"lines/{QuoteLine.objects.first().uid}/"):
        seen = rita.get(url(house, quote, page)).content.decode().casefold()
        assert "margin" not in seen
        assert "cost" not in seen
    page = mona.get(url(house, quote)).content.decode()
    assert "50%" in page
    assert "$850" in page


def test_another_organization_sees_nothing(quote: Quote, house: House, cast: Cast) -> None:
    assert client_of(cast.otto).get(url(house, quote)).status_code == 404


def test_service_reads_and_writes_nothing(quote: Quote, house: House) -> None:
    sam = client_of(house.sam)
    assert "Save the lines" not in sam.get(url(house, quote)).content.decode()
    assert sam.post(url(house, quote, "lines/"), {"version": quote.version}).status_code == 404


def test_lines_are_saved_in_place(quote: Quote, house: House, rita: Client) -> None:
    gutters = line_of(quote, "Gutters")
    form = {
        "version": quote.version,
        f"quantity-{gutters}": "2.5",
        f"price-{gutters}": "200",
        f"optional-{gutters}": "on",
    }
    answer = rita.post(url(house, quote, "lines/"), form, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="sum-{gutters}" hx-swap-oob="true">500<' in page
    assert f"quantity-{gutters}" not in page
    assert QuoteLine.objects.get(pk=gutters).quantity == 2_500


def test_a_line_that_becomes_fixed_is_regrouped(quote: Quote, house: House, rita: Client) -> None:
    gutters = line_of(quote, "Gutters")
    form = {"version": quote.version, f"quantity-{gutters}": "1", f"price-{gutters}": "200"}
    page = rita.post(url(house, quote, "lines/"), form, headers=HTMX).content.decode()
    assert 'id="quote-lines" hx-swap-oob="true"' in page
    assert not QuoteLine.objects.get(pk=gutters).is_optional


def test_the_second_of_two_who_save_is_told(quote: Quote, house: House, rita: Client) -> None:
    gutters = line_of(quote, "Gutters")
    form = {
        "version": quote.version,
        f"quantity-{gutters}": "3",
        f"price-{gutters}": "200",
        f"optional-{gutters}": "on",
    }
    rita.post(url(house, quote, "lines/"), form, headers=HTMX)
    late = rita.post(url(house, quote, "lines/"), form | {f"quantity-{gutters}": "4"}, headers=HTMX)
    assert late.status_code == 409
    assert QuoteLine.objects.get(pk=gutters).quantity == 3_000


@pytest.mark.parametrize(("quantity", "price", "sentence"), [("many", "200", "quantity"), ("1", "€ 200", "USD")])
def test_bad_input_names_the_line(
    quote: Quote, house: House, rita: Client, quantity: str, price: str, sentence: str
) -> None:
    gutters = line_of(quote, "Gutters")
    form = {"version": quote.version, f"quantity-{gutters}": quantity, f"price-{gutters}": price}
    answer = rita.post(url(house, quote, "lines/"), form, headers=HTMX)
    assert answer.status_code == 422
    assert "Gutters: " in answer.content.decode()
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(("quantity", "price"), [("999999", "99,999,999,999"), ("1000000", "100,000,000,000")])
def test_an_amount_beyond_64_bits_is_refused_in_the_line(
    quote: Quote, house: House, rita: Client, quantity: str, price: str
) -> None:
    gutters = line_of(quote, "Gutters")
    form = {"version": quote.version, f"quantity-{gutters}": quantity, f"price-{gutters}": price}
    answer = rita.post(url(house, quote, "lines/"), form, headers=HTMX)
    assert answer.status_code == 422
    assert "“Gutters” comes to too large an amount" in answer.content.decode()


def test_a_refused_line_keeps_what_was_typed(quote: Quote, house: House, rita: Client) -> None:
    form = {"name": "Crane", "details": "Half a day", "quantity": "999999", "price": "99,999,999,999"}
    for page, more in (("lines/add/", {}), ("lines/change/", {"line": QuoteLine.objects.first().uid})):
        answer = rita.post(url(house, quote, page), form | more)
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert all(text in shown for text in ("“Crane” comes to too large", "Half a day", 'value="99,999,999,999"'))


def test_without_scripts_the_page_comes_back(quote: Quote, house: House, rita: Client) -> None:
    answer = rita.post(url(house, quote, "lines/"), {"version": quote.version})
    assert answer["Location"] == url(house, quote)


def test_an_item_of_the_price_book_is_found_and_added(quote: Quote, house: House, rita: Client) -> None:
    item = shingles(house)
    page = rita.get(url(house, quote, "items/?q=shingl"), headers=HTMX).content.decode()
    assert str(item.uid) in page
    rita.post(url(house, quote, "items/add/"), {"item": item.uid})
    line = QuoteLine.objects.get(item=item)
    assert (line.unit_price, line.unit_cost, line.priced_on) == (31_200, 21_400, quote.today())


def test_a_price_that_moved_is_said_with_both_choices(quote: Quote, house: House, rita: Client) -> None:
    item = shingles(house)
    rita.post(url(house, quote, "items/add/"), {"item": item.uid})
    line = QuoteLine.objects.get(item=item)
    quote.refresh_from_db()
    quote.change_lines({line.pk: {"unit_price": 29_500, "priced_on": date(2026, 3, 2)}}, by=house.rita)
    page = rita.get(url(house, quote)).content.decode()
    assert "70 days old" in page
    assert "Use $312" in page
    assert "Keep $295 until" in page
    assert "The cost went" not in page
    rita.post(url(house, quote, "lines/keep-price/"), {"line": line.uid})
    assert "days old" not in rita.get(url(house, quote)).content.decode()
    rita.post(url(house, quote, "lines/use-book-price/"), {"line": line.uid})
    assert QuoteLine.objects.get(item=item).unit_price == 31_200


def test_a_price_that_is_kept_has_the_cost_of_today(quote: Quote, house: House, mona: Client) -> None:
    line = add_line(quote, house, "Shingles", 29_500, item=shingles(house), unit_cost=20_100)
    quote.change_lines({line: {"priced_on": date(2026, 3, 2)}}, by=house.mona)
    page = mona.get(url(house, quote)).content.decode()
    assert "The cost went from $201 to $214" in page
    mona.post(url(house, quote, "lines/keep-price/"), {"line": QuoteLine.objects.get(pk=line).uid})
    kept = QuoteLine.objects.get(pk=line)
    assert (kept.unit_price, kept.unit_cost) == (29_500, 21_400)


def test_a_cost_that_moved_alone_is_told_to_who_sees_costs(
    quote: Quote, house: House, rita: Client, mona: Client
) -> None:
    line = add_line(quote, house, "Shingles", 31_200, item=shingles(house), unit_cost=20_100)
    quote.change_lines({line: {"priced_on": date(2026, 3, 2)}}, by=house.mona)
    assert "Use today’s cost" in mona.get(url(house, quote)).content.decode()
    assert "days old" not in rita.get(url(house, quote)).content.decode()


def test_an_accepted_quote_shows_what_was_accepted(sent: Quote, house: House, rita: Client) -> None:
    assert sent.person is not None
    sent.accept(choice_of(sent, "Gutters", option="Good"), signature_of(sent.person))
    page = rita.get(url(house, sent)).content.decode()
    assert "the customer took it off" in page
    assert 'class="total">$1,000</dd>' in page


def test_the_introduction_is_saved_as_it_is_typed(quote: Quote, house: House, rita: Client) -> None:
    answer = rita.post(url(house, quote, "texts/"), {"intro": "Hello Cora"}, headers=HTMX)
    quote.refresh_from_db()
    assert quote.newest_version().intro == "Hello Cora"
    for text in (f'value="{quote.form_version}"', 'id="quote-kept"'):
        assert text in answer.content.decode()


def test_a_draft_is_deleted_after_a_question(quote: Quote, house: House, rita: Client) -> None:
    assert "This can’t be undone" in rita.get(url(house, quote, "discard/"), headers=HTMX).content.decode()
    answer = rita.post(url(house, quote, "discard/"), {"version": quote.form_version})
    assert answer["Location"] == f"/{house.tenant.slug}/quotes/"
    assert not Quote.objects.exists()


def test_a_line_is_typed_changed_moved_and_removed(quote: Quote, house: House, rita: Client) -> None:
    form = {"name": "Permit", "quantity": "1", "price": "612", "unit": "job"}
    assert rita.get(url(house, quote, "lines/add/"), headers=HTMX).status_code == 200
    rita.post(url(house, quote, "lines/add/"), form)
    line = QuoteLine.objects.get(name="Permit")
    rita.post(url(house, quote, "lines/change/"), form | {"line": line.uid, "name": "Permit and inspections"})
    rita.post(url(house, quote, "lines/move/"), {"line": line.uid, "to": "up"})
    names = [one.name for one in content_of(quote).lines if not one.is_optional]
    assert names.index("Permit and inspections") == 1
    rita.post(url(house, quote, "lines/move/"), {"line": line.uid, "to": "up"})
    rita.post(url(house, quote, "lines/move/"), {"line": line.uid, "to": "up"})
    content = content_of(quote)
    assert content.lines_of(content.proposed_id)[0].pk == line.pk
    rita.post(url(house, quote, "lines/remove/"), {"line": line.uid})
    assert not QuoteLine.objects.filter(pk=line.pk).exists()


def test_a_line_moves_past_the_lines_of_its_option(quote: Quote, house: House, rita: Client) -> None:
    good, better = content_of(quote).options
    permit = add_line(quote, house, "Permit", 61_200)
    add_line(quote, house, "Vents", 5_000, option=better)
    line = QuoteLine.objects.get(pk=permit)
    form = rita.get(url(house, quote, f"lines/{line.uid}/?option={good.uid}"), headers=HTMX).content.decode()
    assert f'name="option" value="{good.uid}"' in form
    rita.post(url(house, quote, "lines/move/"), {"line": line.uid, "to": "up", "option": good.uid})
    names = [one.name for one in content_of(quote).lines_of(good.pk)]
    assert names.index("Permit") < names.index("Shingles, 25 years")


def test_the_margin_of_a_line_bears_its_part_of_a_discount(quote: Quote, house: House, mona: Client) -> None:
    quote.set_discount(Discount(amount=17_000), by=house.rita)
    page = mona.get(url(house, quote)).content.decode()
    gutters = page.partition(f'id="margin-{line_of(quote, "Gutters")}"')[2].partition("</td>")[0]
    assert "44.4%" in gutters
    assert page.count("$1,350") == 2


def test_a_rep_changes_no_cost(quote: Quote, house: House, rita: Client) -> None:
    line = QuoteLine.objects.get(name="Gutters")
    form = {"line": line.uid, "name": "Gutters", "quantity": "1", "price": "200", "cost": "1"}
    rita.post(url(house, quote, "lines/change/"), form)
    line.refresh_from_db()
    assert line.unit_cost == 10_000


def test_discount_and_approval_on_the_page(quote: Quote, house: House, rita: Client, mona: Client) -> None:
    rita.post(url(house, quote, "discount/"), {"percent": "10"})
    assert "Ask for approval" in rita.get(url(house, quote)).content.decode()
    rita.post(url(house, quote, "approval/"), {"note": "An old customer"})
    quote.refresh_from_db()
    assert "Don’t approve" not in rita.get(url(house, quote)).content.decode()
    assert "An old customer" in mona.get(url(house, quote)).content.decode()
    mona.post(url(house, quote, "approve/"), {"version": quote.version})
    assert "not needed" in rita.get(url(house, quote)).content.decode()


def test_both_discounts_at_once_are_refused(quote: Quote, house: House, rita: Client) -> None:
    rita.post(url(house, quote, "discount/"), {"percent": "10", "amount": "5"})
    assert content_of(quote).version.discount_ppm == 0


def test_texts_terms_and_options(quote: Quote, house: House, rita: Client) -> None:
    rita.post(url(house, quote, "texts/"), {"intro": "Dear Cora"})
    terms = {"title": "Roof", "valid_until": "2026-06-30", "deposit": "40", "note": "cheaper"}
    rita.post(url(house, quote, "conditions/"), terms)
    rita.post(url(house, quote, "option/"), {"name": "Best", "proposed": "on"})
    version = content_of(quote).version
    assert (version.intro, version.deposit_ppm, version.note) == ("Dear Cora", 400_000, "cheaper")
    assert content_of(quote).proposed.name == "Best"
    best = content_of(quote).proposed
    assert "Best" in rita.get(url(house, quote, f"?option={best.uid}")).content.decode()
    rita.post(url(house, quote, "option/remove/"), {"edit": best.uid})
    assert len(content_of(quote).options) == 2


def test_a_sent_version_is_text_and_can_be_revised(sent: Quote, house: House, rita: Client) -> None:
    page = rita.get(url(house, sent)).content.decode()
    assert "New version" in page
    assert "quantity-" not in page
    rita.post(url(house, sent, "revise/"))
    assert "quantity-" in rita.get(url(house, sent)).content.decode()
    assert "quantity-" not in rita.get(url(house, sent, "?version=1")).content.decode()
    rita.post(url(house, sent, "drop-draft/"))
    sent.refresh_from_db()
    assert not sent.has_draft
    assert rita.get(url(house, sent, "?version=9")).status_code == 404


def test_declining_and_withdrawing_by_hand(sent: Quote, house: House, rita: Client) -> None:
    rita.post(url(house, sent, "decline/"), {"reason": ""})
    sent.refresh_from_db()
    assert sent.state == QuoteState.SENT
    rita.post(url(house, sent, "withdraw/"), {"version": sent.version})
    sent.refresh_from_db()
    assert sent.state == QuoteState.WITHDRAWN


def test_a_quote_is_made_from_a_template_in_two_requests(
    quote: Quote, house: House, rita: Client, mona: Client
) -> None:
    item = shingles(house)
    mona.post(url(house, quote, "items/add/"), {"item": item.uid})
    mona.post(url(house, quote, "template/"), {"name": "Re-roof", "of_pipeline": "on"})
    template = QuoteTemplate.objects.get()
    item.set_price(32_000, 22_000, "USD", by=house.mona)
    new = f"/{house.tenant.slug}/quotes/new/"
    assert "Re-roof" in rita.get(f"{new}?job={house.job.number}").content.decode()
    rita.post(new, {"job": house.job.number, "template": template.uid})
    made = Quote.objects.order_by("-number").first()
    assert [option.name for option in content_of(made).options] == ["Good", "Better"]
    assert QuoteLine.objects.get(version=made.newest_version(), item=item).unit_price == 32_000


def test_a_rep_saves_no_template(quote: Quote, house: House, rita: Client) -> None:
    assert rita.post(url(house, quote, "template/"), {"name": "Mine"}).status_code == 404


def test_lines_like_another_quote(quote: Quote, house: House, rita: Client) -> None:
    new = Quote.create(house.job, by=house.rita)
    assert quote.code in rita.get(url(house, new, "like/")).content.decode()
    rita.post(url(house, new, "like/"), {"like": quote.uid})
    new.refresh_from_db()
    assert new.total == quote.total


def test_the_lead_shows_its_quotes(quote: Quote, house: House, rita: Client) -> None:
    panel = rita.get(f"/{house.tenant.slug}/quotes/lead/{house.job.number}/", headers=HTMX).content.decode()
    assert quote.code in panel
    assert "quotes/lead/" in rita.get(f"/{house.tenant.slug}/leads/{house.job.number}/").content.decode()


def test_a_version_is_a_pdf(sent: Quote, house: House, rita: Client) -> None:
    answer = rita.get(url(house, sent, "pdf/?version=1"))
    assert answer.content.startswith(b"%PDF-")
    assert f"{sent.code}-v1.pdf" in answer["Content-Disposition"]
    assert rita.get(url(house, sent, "pdf/?version=7")).status_code == 404
