"""BookkeepingClient: what an accounting system can do, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from connections.accounting.documents import BookCustomer, BookDocument, BookPayment


@dataclass(frozen=True)
class RemoteRecord:
    """A record there: its id, its version, and the total that the system computed, if it has one."""

    remote_id: str
    version: str = ""
    total: Decimal | None = None


class RemoteChanged(Exception):
    """The record there is no longer the version that we know. `version`: the one that it is."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


class RemoteGone(Exception):
    """The record is no longer there."""


@dataclass(frozen=True)
class RemotePayment:
    """A payment there. `uses`: by the id of an invoice there, how much of it is paid."""

    remote_id: str
    uses: Mapping[str, Decimal]
    paid_on: date
    currency: str = ""
    reference: str = ""
    is_deleted: bool = False


@dataclass(frozen=True)
class PaymentsPage:
    """Payments that are new or changed, the cursor after them, and new versions of invoices by their ids there."""

    payments: Sequence[RemotePayment]
    cursor: Mapping[str, Any]
    versions: Mapping[str, str] = field(default_factory=dict)


class BookkeepingClient(Protocol):
    """A signed-in account. Methods raise RemoteError if it can't be used, ItemRefused if it refuses one record."""

    label: str
    # Payments are part of an invoice there: one for each, and none without an invoice.
    pays_by_invoice: bool
    # Payments that are known here are written there.
    takes_payments: bool
    # Credit notes are applied to invoices there by a payment without money.
    applies_credit: bool

    def open_company(self) -> str:
        """Return the name of the company. Raises RemoteError if this sign-in may not open it."""

    def find_customer(self, customer: BookCustomer) -> RemoteRecord | None: ...

    def create_customer(self, customer: BookCustomer) -> RemoteRecord: ...

    def update_customer(self, record: RemoteRecord, customer: BookCustomer) -> RemoteRecord:
        """Write a customer over the version that we know. Raises RemoteChanged, RemoteGone."""

    def find_document(self, document: BookDocument, customer_id: str) -> RemoteRecord | None:
        """Look an invoice up by its number, so that it is never created twice."""

    def create_document(self, document: BookDocument, customer_id: str) -> RemoteRecord: ...

    def find_payment(self, payment: BookPayment, customer_id: str) -> RemoteRecord | None: ...

    def write_payment(self, payment: BookPayment, customer_id: str, record: RemoteRecord | None) -> RemoteRecord:
        """Create a payment, or write over the one of `record` what it is used for now."""

    def cancel_payment(self, record: RemoteRecord, invoice_id: str) -> None: ...

    def read_payments(self, cursor: Mapping[str, Any], open_invoices: Mapping[str, str]) -> PaymentsPage:
        """Return what is new since a cursor. `open_invoices`: versions of unpaid invoices, by their ids there."""
