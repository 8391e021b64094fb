"""What stands on the papers of billing, as it is printed in the customer's language."""

from dataclasses import dataclass

from libs.printed_pdf import PageLook
from quotes.paper.content import PaperLine, PaperSum


@dataclass(frozen=True)
class InvoicePaper:
    """An invoice or credit note. `payment`: how to pay it; `code`: the QR code of the transfer, as modules."""

    look: PageLook
    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[PaperLine, ...]
    sums: tuple[PaperSum, ...]
    notes: tuple[str, ...]
    payment: tuple[tuple[str, str], ...] = ()
    code: tuple[tuple[bool, ...], ...] = ()


@dataclass(frozen=True)
class AccountEntry:
    """A line of a statement: what it is, its amount, and the balance after it."""

    day: str
    name: str
    amount: str
    balance: str


@dataclass(frozen=True)
class AccountPart:
    """The entries of a statement in one currency."""

    currency: str
    entries: tuple[AccountEntry, ...]
    balance: str


@dataclass(frozen=True)
class AccountPaper:
    """A statement of a customer's account, or the receipt of a payment, which has no entries."""

    look: PageLook
    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    parts: tuple[AccountPart, ...] = ()
