"""Moneybird by its REST API (v2): contacts, external sales invoices and their payments.

- A personal token; `administration_id` is in the address of every request.
- What we billed is an external sales invoice: Moneybird books it and does not send it. A credit note has amounts below
  zero. A payment belongs to one invoice.
- `version` changes with every change of a record; `synchronization` lists the versions of all invoices.

https://developer.moneybird.com/api/external-sales-invoices
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from billing.accounting.entries import AccountingEntry
from connections.accounting.documents import BookCustomer, BookDocument, BookPayment
from connections.accounting.interface import PaymentsPage, RemoteChanged, RemoteGone, RemotePayment, RemoteRecord
from connections.accounting.rest_client import REFUSALS, BookkeepingRest, FixedToken, read_decimal, read_rows
from connections.models import Connection, ConnectionProblem
from connections.system_kinds import RemoteError
from crm.integrations.providers.oauth import OAuthProvider
from crm.integrations.providers.rest import read_json

NAME = "moneybird"
# Of invoices that are read with one request.
_AT_ONCE = 100
# It has no OAuth here: the token is entered.
_NO_PROVIDER = OAuthProvider(
    name=NAME,
    authorize_url="",
    token_url="",
    client_id="",
    client_secret="",
    scopes="",  # nosec: none of them is used
)


class MoneybirdClient(BookkeepingRest):
    """An administration at Moneybird."""

    label = "Moneybird"
    pays_by_invoice = True
    takes_payments = True
    applies_credit = False

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, _NO_PROVIDER)
        self._tokens = FixedToken(connection.secrets)

    def open_company(self) -> str:
        """Return the name of the administration. Raises RemoteError if this token may not open it."""
        answer = self.answer_of("GET", f"{settings.MONEYBIRD_API_URL}/administrations.json")
        if answer.status_code in REFUSALS:
            raise RemoteError(ConnectionProblem.GONE, is_passing=False)
        rows = [row for row in _list(answer) if str(row.get("id")) == self._administration]
        if not rows:
            raise RemoteError(ConnectionProblem.GONE, is_passing=False)
        return str(rows[0].get("name", ""))

    def find_customer(self, customer: BookCustomer) -> RemoteRecord | None:
        """Look a contact up by our number, which is its customer number."""
        answer = self.answer_of("GET", self._url(f"contacts/customer_id/{customer.key}"))
        if answer.status_code == 404:
            return None
        return _record(self._read_accepted(answer))

    def create_customer(self, customer: BookCustomer) -> RemoteRecord:
        """Create a contact."""
        body = {"contact": _contact(customer) | {"customer_id": customer.key}}
        return _record(self.call("POST", self._url("contacts"), json=body))

    def update_customer(self, record: RemoteRecord, customer: BookCustomer) -> RemoteRecord:
        """Write a contact, if it is still the version that we know. Raises RemoteChanged, RemoteGone."""
        answer = self.answer_of("GET", self._url(f"contacts/{record.remote_id}"))
        if answer.status_code in (404, 410):
            raise RemoteGone
        version = _record(self._read_accepted(answer)).version
        if version != record.version:
            raise RemoteChanged(version)
        body = {"contact": _contact(customer)}
        return _record(self.call("PATCH", self._url(f"contacts/{record.remote_id}"), json=body))

    def find_document(self, document: BookDocument, customer_id: str) -> RemoteRecord | None:
        """Look an invoice up by its number among those of its contact."""
        for page in range(1, 50):
            params = {"filter": f"contact_id:{customer_id},state:all,period:190001..210012", "page": page}
            rows = _list(self.answer_of("GET", self._url("external_sales_invoices"), params=params | _PER_PAGE))
            for row in rows:
                if row.get("reference") == document.number:
                    return _invoice_record(row)
            if len(rows) < _AT_ONCE:
                return None
        return None

    def create_document(self, document: BookDocument, customer_id: str) -> RemoteRecord:
        """Create an external sales invoice, with a line for each tax rate."""
        body = {
            "contact_id": customer_id,
            "reference": document.number,
            "date": document.issued_on.isoformat(),
            "due_date": document.due_on.isoformat(),
            "currency": document.currency,
            "prices_are_incl_tax": False,
            "details_attributes": [self._line(entry) for entry in document.entries],
        }
        values = self.call("POST", self._url("external_sales_invoices"), json={"external_sales_invoice": body})
        return _invoice_record(values)

    def find_payment(self, payment: BookPayment, customer_id: str) -> RemoteRecord | None:
        """Look a payment up by our id among those of its invoice."""
        (invoice_id,) = payment.uses
        answer = self.answer_of("GET", self._url(f"external_sales_invoices/{invoice_id}"))
        for row in read_rows(self._read_accepted(answer).get("payments", [])):
            if row.get("transaction_identifier") == _mark(payment):
                return RemoteRecord(str(row["id"]))
        return None

    def write_payment(self, payment: BookPayment, customer_id: str, record: RemoteRecord | None) -> RemoteRecord:
        """Create a payment of an invoice. One whose amount changed is replaced."""
        ((invoice_id, amount),) = payment.uses.items()
        if record:
            self.cancel_payment(record, invoice_id)
        body = {
            "payment_date": payment.paid_on.isoformat(),
            "price": str(amount),
            "transaction_identifier": _mark(payment),
        }
        url = self._url(f"external_sales_invoices/{invoice_id}/payments")
        return RemoteRecord(str(self.call("POST", url, json={"payment": body})["id"]))

    def cancel_payment(self, record: RemoteRecord, invoice_id: str) -> None:
        """Delete a payment that was reversed here. One that is gone there is deleted already."""
        url = self._url(f"external_sales_invoices/{invoice_id}/payments/{record.remote_id}")
        answer = self.answer_of("DELETE", url)
        if answer.status_code in REFUSALS and answer.status_code not in (404, 410):
            raise self.refusal(answer)

    def read_payments(self, cursor: Mapping[str, Any], open_invoices: Mapping[str, str]) -> PaymentsPage:
        """Return the payments of our unpaid invoices whose version changed; all of them if there is no cursor."""
        listed = _list(self.answer_of("GET", self._url("external_sales_invoices/synchronization")))
        versions = {str(row.get("id")): str(row.get("version", "")) for row in listed}
        changed = [
            remote_id
            for remote_id, version in open_invoices.items()
            if remote_id in versions and ("since" not in cursor or versions[remote_id] != version)
        ]
        payments = [payment for row in self._read_invoices(changed) for payment in _payments(row)]
        return PaymentsPage(payments, {"since": "versions"}, {key: versions[key] for key in changed})

    def refusal_words(self, answer: requests.Response) -> str:
        """Return the error of an answer: a text, or the problems of each field."""
        try:
            error = answer.json()["error"]
        except (ValueError, KeyError, TypeError):
            return ""
        if not isinstance(error, dict):
            return str(error)
        return "; ".join(f"{name} {_join_words(words)}" for name, words in error.items())

    def _read_invoices(self, ids: list[str]) -> Iterator[dict[str, Any]]:
        for place in range(0, len(ids), _AT_ONCE):
            body = {"ids": ids[place : place + _AT_ONCE]}
            yield from _list(self.answer_of("POST", self._url("external_sales_invoices/synchronization"), json=body))

    def _line(self, entry: AccountingEntry) -> dict[str, Any]:
        return {
            "description": entry.description[:500],
            "price": str(entry.net),
            "amount": "1",
            "tax_rate_id": self._id_of("tax_rates", entry.tax_code, _("The tax code")),
            "ledger_account_id": self._id_of("ledger_accounts", entry.sales_account, _("The sales account")),
        }

    def _id_of(self, path: str, name: str, what: str) -> str:
        """Return the id of a tax rate or ledger account by its name, number or id. Raises ItemRefused without one."""
        for row in _list(self.answer_of("GET", self._url(path), params=_PER_PAGE)) if name else []:
            is_active = row.get("active", True)
            if is_active and name in (str(row.get("name")), str(row.get("account_id")), str(row.get("id"))):
                return str(row["id"])
        raise self.missing(what, name)

    def _read_accepted(self, answer: requests.Response) -> dict[str, Any]:
        if answer.status_code in REFUSALS:
            raise self.refusal(answer)
        return read_json(answer)

    @property
    def _administration(self) -> str:
        return str(self.options.get("administration_id", ""))

    def _url(self, path: str) -> str:
        return f"{settings.MONEYBIRD_API_URL}/{self._administration}/{path}.json"


_PER_PAGE = {"per_page": _AT_ONCE}


def _contact(customer: BookCustomer) -> dict[str, str]:
    first, _space, last = customer.name.rpartition(" ")
    return {
        "company_name": customer.company,
        "firstname": first,
        "lastname": last,
        "address1": customer.street,
        "zipcode": customer.postcode,
        "city": customer.city,
        "country": customer.country,
        "phone": customer.phone,
        "send_invoices_to_email": customer.email,
    }


def _mark(payment: BookPayment) -> str:
    return f"throughline-{payment.uid}"


def _list(answer: requests.Response) -> list[dict[str, Any]]:
    """Return the list of an answer. Raises RemoteError for anything else."""
    try:
        return read_rows(answer.json())
    except ValueError:
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True) from None


def _record(row: Mapping[str, Any]) -> RemoteRecord:
    if "id" not in row:
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    return RemoteRecord(str(row["id"]), str(row.get("version", "")))


def _invoice_record(row: Mapping[str, Any]) -> RemoteRecord:
    record = _record(row)
    return RemoteRecord(record.remote_id, record.version, read_decimal(row.get("total_price_incl_tax")))


def _payments(row: Mapping[str, Any]) -> Iterator[RemotePayment]:
    for payment in read_rows(row.get("payments", [])):
        if str(payment.get("transaction_identifier") or "").startswith("throughline-"):
            continue
        amount: Decimal = read_decimal(payment.get("price", 0))
        yield RemotePayment(
            remote_id=str(payment["id"]),
            uses={str(row["id"]): amount},
            paid_on=date.fromisoformat(str(payment["payment_date"])),
            currency=str(row.get("currency") or ""),
            reference=str(row.get("reference") or ""),
        )


def _join_words(words: Any) -> str:
    if isinstance(words, list):
        return ", ".join(map(str, words))
    return str(words)
