"""Customers, invoices and payments as an accounting system needs them, read in a few queries."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from billing.accounting.entries import AccountingEntry, accounting_entries, decimal_amount, tax_amounts
from billing.models import Allocation, Invoice, Payment
from billing.models.accounting import AccountingTerms
from connections.models import ConnectionProblem
from connections.system_kinds import ItemRefused, RemoteError
from crm.people.models import ContactPoint
from crm.platform.organization.configuration import directory
from quotes.typed_numbers import short_percent


@dataclass(frozen=True)
class BookCustomer:
    """A customer, as their last invoice of the brand names them. `key` links them: a person's id, or "J" and a job."""

    key: str
    name: str
    company: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""

    @property
    def display_name(self) -> str:
        return self.company or self.name

    @property
    def fingerprint(self) -> str:
        """Hash of all fields: the same means that nothing changed here."""
        return _hash(asdict(self))


@dataclass(frozen=True)
class BookDocument:
    """An invoice or credit note, with an entry for each tax rate. Amounts of a credit note are below zero."""

    pk: int
    number: str
    is_credit: bool
    corrects: str
    issued_on: date
    due_on: date
    currency: str
    title: str
    customer: BookCustomer
    entries: tuple[AccountingEntry, ...]

    @property
    def total(self) -> Decimal:
        return sum((entry.gross for entry in self.entries), Decimal())

    @property
    def tax(self) -> Decimal:
        return sum((entry.tax for entry in self.entries), Decimal())


@dataclass(frozen=True)
class BookPayment:
    """A payment. `uses`: by the remote id of an invoice, how much of it is used for it.

    `credit_id`: it is no money, but the use of the credit note with this remote id.
    """

    key: str
    uid: str
    amount: Decimal
    currency: str
    paid_on: date
    reference: str
    uses: Mapping[str, Decimal]
    credit_id: str = ""

    @property
    def fingerprint(self) -> str:
        """Hash of what it is used for."""
        return _hash({name: str(amount) for name, amount in self.uses.items()})


def customer_key(invoice: Invoice) -> str:
    """Return the key by which the customer of an invoice is linked, as exports by file name them."""
    return str(invoice.person_id or f"J{invoice.job.number}")


def build_document(invoice: Invoice, terms: AccountingTerms | None) -> BookDocument:
    """Return an issued invoice or credit note. Raises ItemRefused for what its brand's accounting lacks."""
    if terms is None:
        # Whoever enters them does not have to connect again.
        raise RemoteError(ConnectionProblem.SETTINGS, is_passing=True)
    for key, (rate, _net, _tax) in tax_amounts(invoice).items():
        if not terms.tax_codes.get(key):
            words = _("Enter the tax code for %(tax)s under Settings, Accounting, then send it again.")
            raise ItemRefused(words % {"tax": short_percent(rate, invoice.brand.country)})
    entries = tuple(accounting_entries([invoice], terms))
    first = entries[0]
    return BookDocument(
        pk=invoice.pk,
        number=invoice.number,
        is_credit=invoice.is_credit,
        corrects=first.corrects,
        issued_on=first.issued_on,
        due_on=first.due_on,
        currency=invoice.currency,
        title=invoice.title,
        customer=build_customer(invoice),
        entries=entries,
    )


def build_customer(invoice: Invoice) -> BookCustomer:
    """Return the customer of an invoice, with the address of their last one."""
    same = Invoice.objects.issued().filter(brand_id=invoice.brand_id).of_payer(*invoice.payer)
    last = same.order_by("-issued_at", "-pk").first() or invoice
    values: dict[str, str] = {}
    if invoice.person_id:
        points = ContactPoint.objects.filter(person_id=invoice.person_id).verified_first()
        values = {point.kind: point.value for point in reversed(points)}
    email = values.get("email", "")
    phone = values.get("phone", "")
    buyer = last.buyer
    name = buyer.get("name", "")
    if invoice.person:
        name = invoice.person.name
    address = {field: buyer.get(field, "") for field in ("street", "postcode", "city", "region", "country")}
    company = buyer.get("company", "")
    return BookCustomer(customer_key(invoice), name, company, email=email, phone=phone, **address)


def build_payment(payment: Payment, remote_ids: Mapping[int, str]) -> BookPayment:
    """Return a payment with what it is used for. Raises ItemRefused if one of its invoices is not sent yet."""
    amounts: dict[str, Decimal] = {}
    used = Allocation.objects.filter(payment=payment, ended_at=None).select_related("invoice").order_by("pk")
    for allocation in used:
        remote_id = remote_ids.get(allocation.invoice_id)
        if remote_id is None:
            words = _("Its invoice %(number)s is not there yet. Once that one is sent, this payment follows.")
            raise ItemRefused(words % {"number": allocation.invoice.number})
        amount = decimal_amount(allocation.amount, payment.currency)
        amounts[remote_id] = amounts.get(remote_id, Decimal()) + amount
    return BookPayment(
        key=str(payment.pk),
        uid=str(payment.uid),
        amount=decimal_amount(payment.amount, payment.currency),
        currency=payment.currency,
        paid_on=payment.received_at.astimezone(directory().zone).date(),
        reference=payment.reference or payment.details,
        uses=amounts,
    )


def build_credit_use(note: Invoice, remote_ids: Mapping[int, str]) -> BookPayment | None:
    """Return for which invoices a credit note is used, of those that are there; None if the note is not there.

    `remote_ids`: of the note and of invoices, by their ids.
    """
    if note.pk not in remote_ids:
        return None
    uses: dict[str, Decimal] = {}
    for use in note.uses.filter(ended_at=None, invoice_id__in=list(remote_ids)).order_by("pk"):
        remote_id = remote_ids[use.invoice_id]
        uses[remote_id] = uses.get(remote_id, Decimal()) + decimal_amount(use.amount, note.currency)
    assert note.issued_at is not None, "only issued credit notes are sent"
    return BookPayment(
        key=f"credit:{note.pk}",
        uid=str(note.uid),
        amount=Decimal(),
        currency=note.currency,
        paid_on=note.issued_at.astimezone(directory().zone).date(),
        reference=note.number,
        uses=uses,
        credit_id=remote_ids[note.pk],
    )


def minor_amount(amount: Decimal, currency: str) -> int:
    """Return an amount in minor units. Raises ItemRefused if it has a fraction of them."""
    minor = amount.scaleb(get_currency_precision(currency))
    if minor != minor.to_integral_value():
        raise ItemRefused(_("The amount %(amount)s has too many decimals.") % {"amount": amount})
    return int(minor)


def _hash(values: Mapping[str, object]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
