"""QuickBooks Online by its REST API (v3, minor version 75): customers, invoices, credit memos and payments.

- OAuth 2; a refresh token is replaced when it is used. `realmId` comes with the sign-in and names the company.
- `requestid` makes a POST that is repeated create nothing twice. `SyncToken` is the version of a record (error 5010).
- What changed is read by change data capture, which looks back 30 days at most.

https://developer.intuit.com/app/developer/qbo/docs/api/accounting/all-entities/invoice
"""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from billing.accounting.entries import AccountingEntry
from connections.accounting.documents import BookCustomer, BookDocument, BookPayment
from connections.accounting.interface import PaymentsPage, RemoteChanged, RemoteGone, RemotePayment, RemoteRecord
from connections.accounting.rest_client import REFUSALS, BookkeepingRest, read_decimal, read_rows, utc_text
from connections.models import ConnectionProblem
from connections.system_kinds import RemoteError
from crm.integrations.providers.oauth import OAuthProvider
from crm.integrations.providers.rest import read_json
from crm.kernel import clock

NAME = "quickbooks"
_MINOR_VERSION = "75"
_LONGEST_NUMBER = 21
# Change data capture looks back 30 days; what is read twice is received once.
_LOOK_BACK = timedelta(days=29)
_OVERLAP = timedelta(minutes=5)
_STALE, _GONE, _DUPLICATE = "5010", ("610", "2500"), "6240"
# Codes of the United States, which are no records of a company's list.
_FIXED_TAX_CODES = ("TAX", "NON")


def quickbooks_provider() -> OAuthProvider | None:
    """Return where members sign in. None if the installation has no credentials."""
    if not settings.QUICKBOOKS_CLIENT_ID:
        return None
    return OAuthProvider(
        name=NAME,
        authorize_url=settings.QUICKBOOKS_AUTHORIZE_URL,
        token_url=settings.QUICKBOOKS_TOKEN_URL,
        client_id=settings.QUICKBOOKS_CLIENT_ID,
        client_secret=settings.QUICKBOOKS_CLIENT_SECRET,
        scopes="com.intuit.quickbooks.accounting",
        has_pkce=False,
        uses_basic=True,
    )


class QuickBooksClient(BookkeepingRest):
    """A company at QuickBooks Online."""

    label = "QuickBooks Online"
    pays_by_invoice = False
    takes_payments = True
    applies_credit = True

    def open_company(self) -> str:
        """Return the company's name. Raises RemoteError if this sign-in may not open it."""
        realm = self.options.get("realm_id", "")
        answer = self.answer_of("GET", self._url(f"companyinfo/{realm}"), params=self._params(), headers=_JSON)
        if answer.status_code in REFUSALS:
            raise RemoteError(ConnectionProblem.GONE, is_passing=False)
        return str(_entity(read_json(answer), "CompanyInfo").get("CompanyName", ""))

    def find_customer(self, customer: BookCustomer) -> RemoteRecord | None:
        """Look a customer up: by the name with our number, else by name and the same email address."""
        rows = self._query("Customer", f"DisplayName = {_quote(_numbered_name(customer))}")
        if not rows and customer.email:
            same_name = self._query("Customer", f"DisplayName = {_quote(_display_name(customer))}")
            rows = [row for row in same_name if _email_of(row) == customer.email.lower()]
        return _record(rows[0]) if rows else None

    def create_customer(self, customer: BookCustomer) -> RemoteRecord:
        """Create a customer. A name must be unique there, so one that is taken gets our number behind it."""
        body = _customer_body(customer)
        answer = self._post("customer", body, f"customer:{customer.key}")
        if _error_code(answer) == _DUPLICATE:
            body["DisplayName"] = _numbered_name(customer)
            answer = self._post("customer", body, f"customer:{customer.key}:2")
        return _record(_entity(self._read_accepted(answer), "Customer"))

    def update_customer(self, record: RemoteRecord, customer: BookCustomer) -> RemoteRecord:
        """Write a customer over the version that we know; the name there stays. Raises RemoteChanged, RemoteGone."""
        body = _customer_body(customer) | {"Id": record.remote_id, "SyncToken": record.version, "sparse": True}
        del body["DisplayName"]
        answer = self._post("customer", body, f"customer:{record.remote_id}:{record.version}:{customer.fingerprint}")
        code = _error_code(answer)
        if code == _STALE:
            raise RemoteChanged(self._version("customer", "Customer", record.remote_id))
        if code in _GONE:
            raise RemoteGone
        return _record(_entity(self._read_accepted(answer), "Customer"))

    def find_document(self, document: BookDocument, customer_id: str) -> RemoteRecord | None:
        """Look an invoice or credit memo up by its number."""
        rows = self._query(_entity_name(document), f"DocNumber = {_quote(document.number[:_LONGEST_NUMBER])}")
        return _record(rows[0]) if rows else None

    def create_document(self, document: BookDocument, customer_id: str) -> RemoteRecord:
        """Create an invoice or credit memo, with a line for each tax rate and the tax that we computed."""
        name = _entity_name(document)
        lines = [self._line(entry) for entry in document.entries]
        codes = {line["SalesItemLineDetail"]["TaxCodeRef"]["value"] for line in lines}
        body = {
            "DocNumber": document.number[:_LONGEST_NUMBER],
            "TxnDate": document.issued_on.isoformat(),
            "CustomerRef": {"value": customer_id},
            "CurrencyRef": {"value": document.currency},
            "Line": lines,
            "PrivateNote": " ".join(filter(None, (document.title, document.corrects)))[:4000],
            "TxnTaxDetail": {"TotalTax": _amount(document.tax)},
        }
        if not codes <= set(_FIXED_TAX_CODES):
            body["GlobalTaxCalculation"] = "TaxExcluded"
        if not document.is_credit:
            body["DueDate"] = document.due_on.isoformat()
        answer = self._post(name.lower(), body, f"{name}:{document.pk}")
        return _record(_entity(self._read_accepted(answer), name))

    def find_payment(self, payment: BookPayment, customer_id: str) -> RemoteRecord | None:
        """Look a payment up by our mark in its note: our id."""
        rows = self._query("Payment", f"CustomerRef = {_quote(customer_id)} AND TxnDate = '{payment.paid_on}'")
        ours = [row for row in rows if row.get("PrivateNote", "") == _mark(payment)]
        return _record(ours[0]) if ours else None

    def write_payment(self, payment: BookPayment, customer_id: str, record: RemoteRecord | None) -> RemoteRecord:
        """Create a payment, or write over one what it is used for now.

        The use of a credit memo is a payment without money that is linked with the memo and the invoices.
        """
        linked = [_payment_line("Invoice", remote_id, amount) for remote_id, amount in payment.uses.items()]
        if payment.credit_id:
            linked.append(_payment_line("CreditMemo", payment.credit_id, sum(payment.uses.values(), Decimal())))
        body: dict[str, Any] = {
            "CustomerRef": {"value": customer_id},
            "CurrencyRef": {"value": payment.currency},
            "TotalAmt": _amount(payment.amount),
            "TxnDate": payment.paid_on.isoformat(),
            "PaymentRefNum": payment.reference[:_LONGEST_NUMBER],
            "PrivateNote": _mark(payment),
            "Line": linked,
        }
        if record:
            # Ours is the whole of it: whatever version is there, it is written over.
            version = self._version("payment", "Payment", record.remote_id)
            body |= {"Id": record.remote_id, "SyncToken": version, "sparse": True}
        answer = self._post("payment", body, f"payment:{payment.uid}:{payment.fingerprint}")
        return _record(_entity(self._read_accepted(answer), "Payment"))

    def cancel_payment(self, record: RemoteRecord, invoice_id: str) -> None:
        """Void a payment that was reversed here. One that is gone there is cancelled already."""
        try:
            version = self._version("payment", "Payment", record.remote_id)
        except RemoteGone:
            return
        body = {"Id": record.remote_id, "SyncToken": version, "sparse": True}
        params = self._params() | {"operation": "update", "include": "void"}
        self.call("POST", self._url("payment"), params=params, json=body, headers=_JSON)

    def read_payments(self, cursor: Mapping[str, Any], open_invoices: Mapping[str, str]) -> PaymentsPage:
        """Return the payments that changed since the cursor."""
        now = clock.now()
        since = cursor.get("since") or utc_text(now - _LOOK_BACK)
        params = self._params() | {"entities": "Payment", "changedSince": since}
        values = self.call("GET", self._url("cdc"), params=params, headers=_JSON)
        payments: list[RemotePayment] = []
        for part in read_rows(values.get("CDCResponse", [])):
            for rows in read_rows(part.get("QueryResponse", [])):
                payments += [_payment(row) for row in read_rows(rows.get("Payment", []))]
        return PaymentsPage(payments, {"since": utc_text(now - _OVERLAP)})

    def refusal_words(self, answer: requests.Response) -> str:
        """Return the detail of a Fault."""
        error = _first_error(answer)
        return str(error.get("Detail") or error.get("Message") or "")

    def _line(self, entry: AccountingEntry) -> dict[str, Any]:
        return {
            "DetailType": "SalesItemLineDetail",
            "Amount": _amount(entry.net),
            "Description": entry.description[:4000],
            "SalesItemLineDetail": {
                "ItemRef": {"value": self._id_of("Item", entry.item, _("The product or service"))},
                "TaxCodeRef": {"value": self._tax_code(entry.tax_code)},
                "Qty": 1,
                "UnitPrice": _amount(entry.net),
            },
        }

    def _tax_code(self, name: str) -> str:
        if name in _FIXED_TAX_CODES:
            return name
        return self._id_of("TaxCode", name, _("The tax code"))

    def _id_of(self, entity: str, name: str, what: str) -> str:
        """Return the id of a record of a list by its name. Raises ItemRefused if there is none."""
        rows = self._query(entity, f"Name = {_quote(name)} AND Active = true") if name else []
        if not rows:
            raise self.missing(what, name)
        return str(rows[0]["Id"])

    def _query(self, entity: str, condition: str) -> list[dict[str, Any]]:
        query = f"SELECT * FROM {entity} WHERE {condition} MAXRESULTS 100"
        values = self.call("GET", self._url("query"), params=self._params() | {"query": query}, headers=_JSON)
        return read_rows(values.get("QueryResponse", {}).get(entity, []))

    def _version(self, path: str, entity: str, remote_id: str) -> str:
        answer = self.answer_of("GET", self._url(f"{path}/{remote_id}"), params=self._params(), headers=_JSON)
        if _error_code(answer) in _GONE or answer.status_code == 404:
            raise RemoteGone
        return str(_entity(self._read_accepted(answer), entity).get("SyncToken", ""))

    def _post(self, path: str, body: dict[str, Any], key: str) -> requests.Response:
        request_id = hashlib.sha256(f"{self.options.get('realm_id')}:{key}".encode()).hexdigest()[:50]
        params = self._params() | {"requestid": request_id}
        return self.answer_of("POST", self._url(path), params=params, json=body, headers=_JSON)

    def _read_accepted(self, answer: requests.Response) -> dict[str, Any]:
        if answer.status_code in REFUSALS:
            raise self.refusal(answer)
        return read_json(answer)

    def _url(self, path: str) -> str:
        return f"{settings.QUICKBOOKS_API_URL}/v3/company/{self.options.get('realm_id', '')}/{path}"

    @staticmethod
    def _params() -> dict[str, str]:
        return {"minorversion": _MINOR_VERSION}


_JSON = {"Accept": "application/json"}


def _customer_body(customer: BookCustomer) -> dict[str, Any]:
    body: dict[str, Any] = {
        "DisplayName": _display_name(customer),
        "CompanyName": customer.company[:100],
        "PrimaryEmailAddr": {"Address": customer.email[:100]},
        "PrimaryPhone": {"FreeFormNumber": customer.phone[:30]},
        "BillAddr": {
            "Line1": customer.street[:500],
            "City": customer.city[:255],
            "CountrySubDivisionCode": customer.region[:255],
            "PostalCode": customer.postcode[:30],
            "Country": customer.country,
        },
    }
    if not customer.email:
        del body["PrimaryEmailAddr"]
    return body


def _display_name(customer: BookCustomer) -> str:
    """Return a name that is accepted: at most 500 characters, no colon, tab or line break."""
    return " ".join(customer.display_name.replace(":", " ").split())[:480]


def _numbered_name(customer: BookCustomer) -> str:
    return f"{_display_name(customer)} ({customer.key})"


def _entity_name(document: BookDocument) -> str:
    return "CreditMemo" if document.is_credit else "Invoice"


def _payment_line(kind: str, remote_id: str, amount: Decimal) -> dict[str, Any]:
    """Return a line of a payment."""
    return {"Amount": _amount(amount), "LinkedTxn": [{"TxnId": remote_id, "TxnType": kind}]}


def _mark(payment: BookPayment) -> str:
    return f"Throughline {payment.uid}"


def _amount(amount: Decimal) -> float:
    return float(abs(amount))


def _quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _email_of(row: Mapping[str, Any]) -> str:
    return str((row.get("PrimaryEmailAddr") or {}).get("Address", "")).lower()


def _entity(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the record of an answer. Raises RemoteError without one."""
    row = values.get(name)
    if not isinstance(row, dict):
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    return row


def _record(row: Mapping[str, Any]) -> RemoteRecord:
    total = None
    if "TotalAmt" in row:
        total = read_decimal(row["TotalAmt"])
    if "Id" not in row:
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    return RemoteRecord(str(row["Id"]), str(row.get("SyncToken", "")), total)


def _payment(row: Mapping[str, Any]) -> RemotePayment:
    uses: dict[str, Decimal] = {}
    credit = Decimal()
    for line in read_rows(row.get("Line", [])):
        amount = read_decimal(line.get("Amount", 0))
        for linked in read_rows(line.get("LinkedTxn", [])):
            if linked.get("TxnType") == "Invoice":
                remote_id = str(linked.get("TxnId"))
                uses[remote_id] = uses.get(remote_id, Decimal()) + amount
            elif linked.get("TxnType") == "CreditMemo":
                credit += amount
    is_void = not uses and read_decimal(row.get("TotalAmt", 1)) == 0
    # What a credit memo pays is no money: our credit note does the same here.
    for remote_id, amount in uses.items():
        uses[remote_id] = amount - min(credit, amount)
        credit -= min(credit, amount)
    is_deleted = row.get("status") == "Deleted"
    paid_on = clock.now().date()
    if row.get("TxnDate"):
        paid_on = date.fromisoformat(str(row["TxnDate"]))
    return RemotePayment(
        remote_id=str(row.get("Id")),
        uses=uses,
        paid_on=paid_on,
        currency=str((row.get("CurrencyRef") or {}).get("value", "")),
        reference=str(row.get("PaymentRefNum") or ""),
        is_deleted=is_deleted or is_void,
    )


def _first_error(answer: requests.Response) -> dict[str, Any]:
    """Return the first error of a Fault; empty if the answer is none."""
    try:
        errors = answer.json()["Fault"]["Error"]
        return dict(errors[0])
    except (ValueError, KeyError, TypeError, IndexError):
        return {}


def _error_code(answer: requests.Response) -> str:
    if answer.status_code not in REFUSALS:
        return ""
    return str(_first_error(answer).get("code", ""))
