"""Read a customer's account as a statement, and a payment as a receipt."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.models import Allocation, Invoice, Payment, Refund
from billing.models.payment import PaymentMethod
from billing.paper.content import AccountEntry, AccountPaper, AccountPart
from crm.kernel import clock, formats
from crm.people.models import Person
from crm.platform.models import Brand, Member
from crm.platform.organization.configuration import directory
from quotes.paper.look import language_of, page_look


class AccountFact(NamedTuple):
    """What changed the account: above zero what was billed, below what came in or was credited."""

    at: datetime
    name: str
    amount: int
    currency: str


def statement_brand(person: Person, member: Member) -> Brand | None:
    """Return the brand of a customer's newest invoice, whose statement they get.

    None without an invoice, or if the member may not see all of the customer's: a statement is whole.
    """
    invoices = Invoice.objects.filter(person=person).issued()
    newest = invoices.order_by("-issued_at").first()
    if newest is None or invoices.visible_to(member).count() < invoices.count():
        return None
    return directory().brands[newest.brand_id]


def statement_paper(person: Person, brand: Brand) -> AccountPaper:
    """Return what a brand billed a customer, what came in, and what is open: a part for each currency."""
    language = language_of(brand, person)
    with override(language):
        facts = sorted(_account_facts(person, brand), key=lambda fact: fact.at)
        by_currency: dict[str, list[AccountFact]] = defaultdict(list)
        for fact in facts:
            by_currency[fact.currency].append(fact)
        today = clock.now().astimezone(directory().zone).date()
        return AccountPaper(
            look=page_look(brand),
            language=language,
            title=_("Statement of your account"),
            facts=((_("For"), person.name), (_("Date"), formats.full_day(today, brand.country))),
            parts=tuple(_account_part(currency, rows, brand, language) for currency, rows in by_currency.items()),
        )


def _account_facts(person: Person, brand: Brand) -> Iterator[AccountFact]:
    for row in Invoice.objects.filter(person=person, brand=brand).issued():
        assert row.issued_at is not None
        if row.is_credit:
            name = _("Credit note %(number)s") % {"number": row.number}
            yield AccountFact(row.issued_at, name, -row.total, row.currency)
        else:
            name = _("Invoice %(number)s") % {"number": row.number}
            yield AccountFact(row.issued_at, name, row.total, row.currency)
    for payment in Payment.objects.filter(person=person, brand=brand, reversed_at=None):
        name = _("Payment: %(method)s") % {"method": PaymentMethod(payment.method).label}
        yield AccountFact(payment.received_at, name, -payment.amount, payment.currency)
    for refund in Refund.objects.filter(person=person, invoice__brand=brand, paid_at__isnull=False):
        yield AccountFact(refund.paid_at, _("Paid back to you"), refund.amount, refund.currency)


def _account_part(currency: str, facts: list[AccountFact], brand: Brand, language: str) -> AccountPart:
    balance = 0
    entries = []
    for fact in facts:
        balance += fact.amount
        day = formats.full_day(fact.at.astimezone(directory().zone).date(), brand.country)
        amount = formats.money(fact.amount, currency, brand.country, language)
        entries.append(AccountEntry(day, fact.name, amount, formats.money(balance, currency, brand.country, language)))
    return AccountPart(currency, tuple(entries), formats.money(balance, currency, brand.country, language))


def receipt_paper(payment: Payment) -> AccountPaper:
    """Return the receipt of a payment: how much, when, how, and for which invoices."""
    brand = payment.brand
    language = language_of(brand, payment.person)
    with override(language):
        day = payment.received_at.astimezone(directory().zone).date()
        facts = [
            (_("Received"), formats.money(payment.amount, payment.currency, brand.country, language)),
            (_("Date"), formats.full_day(day, brand.country)),
            (_("How"), str(PaymentMethod(payment.method).label)),
        ]
        if payment.person:
            facts.append((_("From"), payment.person.name))
        if numbers := _invoice_numbers(payment):
            facts.append((_("For invoice"), ", ".join(numbers)))
        return AccountPaper(page_look(brand), language, _("Receipt"), tuple(facts))


def _invoice_numbers(payment: Payment) -> list[str]:
    uses = Allocation.objects.filter(payment=payment, ended_at=None).order_by("pk")
    return list(dict.fromkeys(uses.values_list("invoice__number", flat=True)))
