"""EInvoice: the business terms of an invoice or credit note (EN 16931), as plain values.

Amounts are integers in minor units of the currency, quantities integer thousandths, rates parts per million. On a
credit note all amounts are positive.
"""

import enum
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

# A piece (UN/ECE recommendation 20).
PIECE = "C62"


class EInvoiceKind(enum.StrEnum):
    """The type of a document (UNTDID 1001)."""

    INVOICE = "380"
    CREDIT_NOTE = "381"
    DEPOSIT = "386"


class TaxCategory(enum.StrEnum):
    """Why a rate applies (UNTDID 5305)."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE = "O"


@dataclass(frozen=True)
class EInvoiceParty:
    """The seller or the buyer. `address_scheme` tells what `electronic_address` is: EM is an email address."""

    name: str
    country: str
    city: str = ""
    postcode: str = ""
    street: str = ""
    region: str = ""
    vat_number: str = ""
    registration: str = ""
    trading_name: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    electronic_address: str = ""
    address_scheme: str = "EM"


@dataclass(frozen=True)
class EInvoiceItem:
    """A line: `net` is its amount without tax, after its own discounts."""

    name: str
    quantity: int
    net: int
    rate: int
    category: TaxCategory = TaxCategory.STANDARD
    description: str = ""
    code: str = ""
    unit: str = PIECE


@dataclass(frozen=True)
class EInvoiceDiscount:
    """A discount on the whole document, without tax, for the lines of one rate."""

    reason: str
    net: int
    rate: int
    category: TaxCategory = TaxCategory.STANDARD


@dataclass(frozen=True)
class EInvoiceTax:
    """The tax of one category and rate. `reason` is needed where no tax is due though there could be."""

    base: int
    amount: int
    rate: int
    category: TaxCategory = TaxCategory.STANDARD
    reason: str = ""


@dataclass(frozen=True)
class EInvoice:
    """An invoice, deposit invoice or credit note. `credited` is the number and date of what a credit note corrects."""

    number: str
    issued_on: date
    currency: str
    seller: EInvoiceParty
    buyer: EInvoiceParty
    items: tuple[EInvoiceItem, ...]
    taxes: tuple[EInvoiceTax, ...]
    kind: EInvoiceKind = EInvoiceKind.INVOICE
    discounts: tuple[EInvoiceDiscount, ...] = ()
    paid: int = 0
    due_on: date | None = None
    delivered_on: date | None = None
    credited: tuple[str, date] | None = None
    terms: str = ""
    note: str = ""
    buyer_reference: str = ""
    order_reference: str = ""
    iban: str = ""
    bic: str = ""
    payment_reference: str = ""

    @property
    def net(self) -> int:
        return sum(item.net for item in self.items) - sum(discount.net for discount in self.discounts)

    @property
    def tax(self) -> int:
        return sum(tax.amount for tax in self.taxes)

    @property
    def total(self) -> int:
        return self.net + self.tax

    @property
    def due(self) -> int:
        return self.total - self.paid

    @property
    def exponent(self) -> int:
        """How many digits the minor unit of the currency has."""
        return int(get_currency_precision(self.currency))


def as_decimal(minor: int, exponent: int) -> Decimal:
    """Return an amount in the currency's major unit."""
    return Decimal(minor).scaleb(-exponent)


def as_percent(rate: int) -> Decimal:
    """Return parts per million as percent, without needless digits."""
    return Decimal(rate).scaleb(-4).normalize()
