"""The quote that waits for the customer a visitor plays: two options, and lines they may take off."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import override

from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from quotes.models import PriceItem, Quote, QuoteOption
from quotes.prices.book import price_on
from quotes.prices.models.price_unit import price_units
from quotes.taxes.models.tax_class import tax_classes
from quotes.taxes.treatment import TaxPlace, rate_for

# Options with the item of each, then the items in all of them; quantities in thousandths.
OFFERS: dict[str, dict[str, Any]] = {
    "suncoast": {
        "title": "Your new roof, 2207 Bayshore Ct",
        "intro": "We take off both old layers and sweep for nails. The soft deck over the garage is in the price.",
        "terms": "Rain days are added to the schedule. More boards are replaced after you say yes, $110 a sheet.",
        "options": (
            ("Good", "3-tab shingles, 25-year warranty", "SH-3T", 28_000),
            ("Better", "Architectural shingles, 130 mph, 30 years", "SH-AR", 28_000),
            ("Best", "Designer shingles, 50 years", "SH-DS", 28_000),
        ),
        "proposed": "Better",
        "items": (
            *(("TO-2", 28_000), ("DK-OSB", 6_000), ("UL-SYN", 28_000), ("RV-1", 46_000), ("FL-1", 1_000)),
            *(("PM-1", 1_000), ("GT-6", 140_000), ("GT-LG", 140_000), ("SK-F", 1_000)),
        ),
    },
    "chargeline": {
        "title": "Je laadpaal thuis",
        "intro": "We plaatsen de laadpaal naast de oprit. De kabel gaat door de kruipruimte.",
        "terms": "Meer dan 12 meter kabel rekenen we per meter, na overleg.",
        "options": (
            ("Basis", "11 kW met vaste kabel", "LP-11", 1_000),
            ("Sneller", "22 kW met stopcontact", "LP-22", 1_000),
        ),
        "proposed": "Basis",
        "items": (
            ("LB-1", 1_000),
            ("GK-1", 1_000),
            ("KB-6", 12_000),
            ("IN-1", 1_000),
            ("AB-1", 1_000),
            ("AB-2", 1_000),
        ),
    },
}
# Sent so many days ago.
SENT = timedelta(days=2)


def create_customer_quote(slug: str, now: datetime) -> None:
    """Create it for their newest job unless one waits there, inside the tenant, after price book and customer."""
    point = ContactPoint.objects.filter(value=f"customer@{slug}.example").first()
    job = Job.objects.open().filter(person=point.person_id).order_by("-pk").first() if point else None
    if job is None or Quote.objects.waiting().filter(job=job).exists():
        return
    members = directory().members
    boss = next(one for one in members.values() if one.role == Role.ADMIN and one.active)
    with override(directory().tenant.language), clock.at(now - SENT):
        quote = _write_quote(OFFERS[slug], job, members.get(job.member_id or 0) or boss)
        quote.send(by=boss)


def _write_quote(offer: dict[str, Any], job: Job, author: Member) -> Quote:
    quote = Quote.create(job, title=offer["title"], by=author)
    quote.set_texts(intro=offer["intro"], terms=offer["terms"], by=author)
    for name, description, code, quantity in offer["options"]:
        option = quote.add_option(name, description=description, by=author, proposed=name == offer["proposed"])
        _add_item(quote, code, quantity, author, option)
    for code, quantity in offer["items"]:
        _add_item(quote, code, quantity, author)
    return quote


def _add_item(quote: Quote, code: str, quantity: int, author: Member, option: QuoteOption | None = None) -> None:
    item = PriceItem.objects.get(code=code)
    price = price_on(item, quote.today(), quote.currency)
    assert price is not None
    place = TaxPlace.of(directory().brands[quote.brand_id].country, quote.job.site, quote.person)
    tax = rate_for(tax_classes()[item.tax_class_id], place, quote.today())
    quote.add_line(
        item=item,
        option=option,
        name=item.name,
        details=item.description,
        unit=price_units()[item.unit_id].name if item.unit_id else "",
        quantity=quantity,
        unit_price=price.price,
        unit_cost=price.cost,
        tax_class_id=item.tax_class_id,
        tax_rate_ppm=tax.rate_ppm,
        tax_name=tax.name,
        tax_treatment=tax.treatment,
        is_optional=item.is_optional,
        priced_on=quote.today(),
        by=author,
    )
