"""Quotes on paper: what the customer is shown, in their language, and what they accepted, sealed."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from comms.models import SenderProfile
from crm.documents.kinds import begin
from crm.documents.models import Document
from crm.documents.seals.verification import verify_pdf
from crm.kernel import clock
from crm.platform.files import stored_files
from crm.platform.models import Due, Event
from crm.platform.tenancy.context import use_tenant
from libs.sealed_pdf import TimestampRefused
from quotes.models import Quote, QuoteAcceptance, SealedQuote
from quotes.paper import sealing
from quotes.paper.content import QuotePaper
from quotes.paper.pdf import render_quote
from quotes.paper.quote_content import accepted_paper, quote_paper
from quotes.sums import TaxMode
from tests.cast import Cast, House
from tests.documents.conftest import files, photo
from tests.followups.conftest import Browser
from tests.quotes.conftest import NOW, house, monday, quote, sent
from tests.quotes.offers import choice_of, signature_of

__all__ = ["files", "house", "monday", "quote", "sent"]

EVIDENCE = {
    "code_address": "cora@example.com",
    "code_at": "2026-05-11T12:55:00+00:00",
    "device": "iPhone, Safari",
    "ip": "203.0.113.7",
    "secret": "not printed",
}


@pytest.fixture
def accepted(sent: Quote, house: House, files: Path) -> QuoteAcceptance:
    begin()
    return sent.accept(choice_of(sent, "Gutters"), signature_of(house.cora, evidence=EVIDENCE))


def paper_of(quote: Quote) -> QuotePaper:
    version = quote.newest_version()
    version.quote = quote
    return quote_paper(version)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def amounts(paper: QuotePaper, option: int) -> dict[str, str]:
    return {one.name: one.amount for one in paper.options[option].sums}


def test_each_option_has_its_lines_and_its_total(quote: Quote) -> None:
    paper = paper_of(quote)
    assert [option.name for option in paper.options] == ["Good", "Better"]
    assert [option.mark for option in paper.options] == ["", "our proposal"]
    assert [line.name for line in paper.options[0].lines] == ["Shingles, 25 years", "Gutters"]
    assert (amounts(paper, 0)["Total"], amounts(paper, 1)["Total"]) == ("$1,200", "$1,700")


def test_a_discount_and_the_tax_are_named(quote: Quote, house: House) -> None:
    draft = quote.newest_version()
    draft.quote = quote
    draft.discount_ppm = 100_000
    draft.lines.update(tax_rate_ppm=70_000, tax_name="Sales tax")
    sums = {one.name: one.amount for one in quote_paper(draft).options[1].sums}
    assert (sums["Before discount"], sums["Discount"], sums["Without tax"]) == ("$1,700", "-$170", "$1,530")
    assert (sums["Sales tax 7%"], sums["Total"]) == ("$107.10", "$1,637.10")


def test_an_included_tax_is_part_of_the_total(quote: Quote) -> None:
    draft = quote.newest_version()
    draft.quote = quote
    draft.tax_mode = TaxMode.INCLUDED
    draft.lines.update(tax_rate_ppm=210_000, tax_name="VAT")
    sums = {one.name: one.amount for one in quote_paper(draft).options[1].sums}
    assert (sums["Total"], sums["of which VAT 21%"]) == ("$1,700", "$295.04")


def test_no_cost_is_on_paper(quote: Quote) -> None:
    text = text_of(render_quote(paper_of(quote)))
    assert "$1,500" in text
    assert "$750" not in text


def test_the_customer_reads_their_language(quote: Quote, house: House) -> None:
    quote.person = house.cora
    house.cora.choose_language("nl", by=house.rita)
    paper = paper_of(quote)
    with override("nl"):
        text = text_of(render_quote(paper))
    assert paper.title == f"Offerte Q-{quote.number}"
    assert "Wat je krijgt" in text


def test_the_logo_of_the_mail_is_the_letterhead(quote: Quote, house: House, files: Path) -> None:
    days = stored_files.FOREVER_DAYS
    kept = stored_files.store_file(io.BytesIO(photo()), "logo.png", purpose="logo", by=house.ada, days=days)
    SenderProfile.of(quote.brand).edit(by=house.ada, logo=kept)
    assert paper_of(quote).look.logo == photo()


def test_letters_the_font_lacks_are_mentioned(quote: Quote) -> None:
    assert "appear as boxes" in text_of(render_quote(replace(paper_of(quote), intro="漢字")))


def test_what_was_accepted_is_marked(accepted: QuoteAcceptance) -> None:
    paper = accepted_paper(accepted)
    assert [option.mark for option in paper.options] == ["not chosen", "accepted"]
    gutters = next(line for line in paper.options[1].lines if line.name == "Gutters")
    assert (gutters.details, gutters.amount) == ("Optional, not taken", "–")
    assert amounts(paper, 1)["Total"] == "$1,500"


def test_the_certificate_says_who_when_what_and_how(accepted: QuoteAcceptance) -> None:
    text = text_of(render_quote(accepted_paper(accepted))).replace("\n", "")
    for words in (accepted.signed_name, "May 11, 2026", "UTC-04:00", "cora@example.com"):
        assert words in text
    for words in ("iPhone, Safari", "203.0.113.7", accepted.shown_hash, accepted.consent, "/public/verify/"):
        assert words in text
    assert "not printed" not in text


def test_a_drawn_signature_stands_on_the_certificate(accepted: QuoteAcceptance) -> None:
    pages = [render_quote(accepted_paper(accepted))]
    accepted.evidence |= {"strokes": [[0, 0, 500, 200, 1000, 400]]}
    pages.append(render_quote(accepted_paper(accepted)))
    assert ["Drawn signature" in text_of(page) for page in pages] == [False, True]


def test_accepting_schedules_the_sealing(accepted: QuoteAcceptance) -> None:
    sealing.schedule_seals(Event.objects.filter(kind="quote.accepted"))
    assert Due.objects.filter(key__startswith=sealing.SEAL).count() == 1


def test_the_sealed_pdf_is_a_document_that_the_customer_sees(accepted: QuoteAcceptance, cast: Cast) -> None:
    with clock.at(NOW):
        sealing.seal_acceptance(cast.house.tenant.pk, accepted.pk)
        sealing.seal_acceptance(cast.house.tenant.pk, accepted.pk)
    document = Document.objects.get(job=accepted.quote.job)
    assert (document.visibility, document.kind.about) == ("customer", "money")
    with stored_files.open_file(document.current.file) as file:
        verdict = verify_pdf(file.read())
    assert (verdict.is_whole, verdict.sealed_at) == (True, NOW)
    assert SealedQuote.objects.get().document == document


def test_without_a_timestamp_nothing_is_filed(
    accepted: QuoteAcceptance, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> bytes:
        raise TimestampRefused("down")

    monkeypatch.setattr(sealing, "seal_pdf", refuse)
    with pytest.raises(TimestampRefused):
        sealing.seal_acceptance(cast.house.tenant.pk, accepted.pk)
    assert not Document.objects.filter(job=accepted.quote.job).exists()


def test_an_acceptance_of_another_tenant_is_not_sealed(accepted: QuoteAcceptance, cast: Cast) -> None:
    sealing.seal_acceptance(cast.other.tenant.pk, accepted.pk)
    with use_tenant(cast.house.tenant):
        assert not SealedQuote.objects.exists()


def test_a_member_is_led_to_what_was_signed(accepted: QuoteAcceptance, house: House) -> None:
    browser = Browser(house, house.rita)
    address = f"/{house.tenant.slug}/quotes/{accepted.quote.uid}/signed/"
    assert browser.client.get(address).status_code == 404
    assert address not in browser.client.get(address.replace("signed/", "")).content.decode()
    with clock.at(NOW):
        sealing.seal_acceptance(house.tenant.pk, accepted.pk)
    assert f"/documents/{Document.objects.get().uid}/" in browser.client.get(address)["Location"]
    assert address in browser.client.get(address.replace("signed/", "")).content.decode()
