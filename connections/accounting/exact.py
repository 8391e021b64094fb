"""Exact Online by its REST API (OData 2): accounts, sales entries with credit notes, and what customers have paid.

- OAuth 2 without PKCE. An access token lasts ten minutes and may be renewed in its last half minute only; the refresh
  token is replaced when it is used.
- Invoices are booked as sales entries in the brand's journal; `YourRef` has our number.
- Payments are read and not written: Exact books them from the bank's statements, and a second time would be too many.
- Limits by the minute say when they end in `X-RateLimit-Minutely-Reset`, in milliseconds.

https://start.exactonline.nl/docs/HlpRestAPIResources.aspx
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from billing.accounting.entries import AccountingEntry
from connections.accounting.documents import BookCustomer, BookDocument, BookPayment
from connections.accounting.interface import PaymentsPage, RemoteChanged, RemoteGone, RemotePayment, RemoteRecord
from connections.accounting.rest_client import BookkeepingRest, read_decimal, read_rows
from connections.models import ConnectionProblem
from connections.system_kinds import RemoteError
from crm.integrations.providers.interface import CalendarError
from crm.integrations.providers.oauth import OAuthProvider
from crm.kernel import clock

NAME = "exact"
_OVERLAP = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=24)
# The kinds of sales entries.
_SALES_ENTRY, _CREDIT_NOTE = 20, 21
_ODATA_DATE = re.compile(r"/Date\((-?\d+)\)/")
# Pages of a list that are read in one round.
_MOST_PAGES = 20
_JSON = {"Accept": "application/json", "Prefer": "return=representation"}


def exact_provider() -> OAuthProvider | None:
    """Return where members sign in. None if the installation has no credentials."""
    if not settings.EXACT_CLIENT_ID:
        return None
    return OAuthProvider(
        name=NAME,
        authorize_url=f"{settings.EXACT_API_URL}/api/oauth2/auth",
        token_url=f"{settings.EXACT_API_URL}/api/oauth2/token",
        client_id=settings.EXACT_CLIENT_ID,
        client_secret=settings.EXACT_CLIENT_SECRET,
        scopes="",
        parameters={"force_login": "0"},
        has_pkce=False,
        early=timedelta(seconds=25),
    )


class ExactClient(BookkeepingRest):
    """A division at Exact Online."""

    label = "Exact Online"
    pays_by_invoice = False
    takes_payments = False
    applies_credit = False
    _division = ""

    def open_company(self) -> str:
        """Return the division's name: the one that was chosen at the connection, else the user's current one."""
        url = f"{settings.EXACT_API_URL}/api/v1/current/Me"
        rows = self._results(self.call("GET", url, params={"$select": "CurrentDivision,DivisionCustomerName"}))
        if not rows:
            raise RemoteError(ConnectionProblem.GONE, is_passing=False)
        self._division = str(self.options.get("division") or rows[0].get("CurrentDivision"))
        if not self._division.isdigit():
            raise RemoteError(ConnectionProblem.GONE, is_passing=False)
        return f"{rows[0].get('DivisionCustomerName') or ''} {self._division}".strip()

    def find_customer(self, customer: BookCustomer) -> RemoteRecord | None:
        """Look an account up by our number, which is its search code."""
        rows = self._find("crm/Accounts", f"SearchCode eq {_quote(_search_code(customer))}", "ID,Modified")
        return _account(rows[0]) if rows else None

    def create_customer(self, customer: BookCustomer) -> RemoteRecord:
        """Create an account that is a customer."""
        body = _account_body(customer) | {"SearchCode": _search_code(customer), "Status": "C"}
        return _account(_single(self.call("POST", self._url("crm/Accounts"), json=body, headers=_JSON)))

    def update_customer(self, record: RemoteRecord, customer: BookCustomer) -> RemoteRecord:
        """Write an account, if it is still the version that we know. Raises RemoteChanged, RemoteGone."""
        version = self._account_version(record.remote_id)
        if version != record.version:
            raise RemoteChanged(version)
        url = self._url(f"crm/Accounts(guid'{record.remote_id}')")
        self.call("PUT", url, json=_account_body(customer), headers=_JSON)
        return RemoteRecord(record.remote_id, self._account_version(record.remote_id))

    def find_document(self, document: BookDocument, customer_id: str) -> RemoteRecord | None:
        """Look a sales entry up by our number."""
        rows = self._find("salesentry/SalesEntries", f"YourRef eq {_quote(document.number)}", "EntryID,AmountFC")
        return _entry(rows[0]) if rows else None

    def create_document(self, document: BookDocument, customer_id: str) -> RemoteRecord:
        """Create a sales entry or credit note, with a line for each tax rate."""
        kind = _SALES_ENTRY
        if document.is_credit:
            kind = _CREDIT_NOTE
        journal = document.entries[0].journal
        self._id_of("financial/Journals", journal, _("The sales journal"))
        body = {
            "Customer": customer_id,
            "Journal": journal,
            "Type": kind,
            "Currency": document.currency,
            "EntryDate": document.issued_on.isoformat(),
            "DueDate": document.due_on.isoformat(),
            "YourRef": document.number,
            "Description": " ".join(filter(None, (document.title, document.corrects)))[:60],
            "SalesEntryLines": [self._line(entry) for entry in document.entries],
        }
        values = self.call("POST", self._url("salesentry/SalesEntries"), json=body, headers=_JSON)
        return _entry(_single(values))

    def find_payment(self, payment: BookPayment, customer_id: str) -> RemoteRecord | None:
        """Payments are not written here."""
        raise NotImplementedError

    def write_payment(self, payment: BookPayment, customer_id: str, record: RemoteRecord | None) -> RemoteRecord:
        """Payments are not written here."""
        raise NotImplementedError

    def cancel_payment(self, record: RemoteRecord, invoice_id: str) -> None:
        """Payments are not written here."""
        raise NotImplementedError

    def read_payments(self, cursor: Mapping[str, Any], open_invoices: Mapping[str, str]) -> PaymentsPage:
        """Return what was paid of sales entries since the cursor."""
        now = clock.now()
        since = cursor.get("since") or f"{self.options['send_from']}T00:00:00"
        where = f"IsFullyPaid eq true and Modified gt datetime'{since}'"
        fields = "ID,TransactionEntryID,AmountFC,Currency,LastPaymentDate,EntryDate,PaymentReference,YourRef"
        rows = self._find("cashflow/Receivables", where, fields)
        payments = [_payment(row) for row in rows if row.get("TransactionEntryID")]
        return PaymentsPage(payments, {"since": (now - _OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")})

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send a request; a limit by the minute or day is waited for as long as the answer says."""
        try:
            return super().request(method, url, **options)
        except CalendarError as error:
            wait = self._limit_wait
            if error.problem == ConnectionProblem.TOO_MANY and wait:
                raise RemoteError(ConnectionProblem.TOO_MANY, is_passing=True, wait=wait) from error
            raise

    _limit_wait = timedelta()

    def _send(self, *arguments: Any) -> requests.Response:
        answer = super()._send(*arguments)
        self._limit_wait = timedelta()
        if answer.status_code == 429:
            self._limit_wait = _reset_in(answer)
        return answer

    def refusal_words(self, answer: requests.Response) -> str:
        """Return the message of an OData error."""
        try:
            message = answer.json()["error"]["message"]
        except (ValueError, KeyError, TypeError):
            return ""
        if isinstance(message, dict):
            return str(message.get("value", ""))
        return str(message)

    def _line(self, entry: AccountingEntry) -> dict[str, Any]:
        return {
            "GLAccount": self._id_of("financial/GLAccounts", entry.sales_account, _("The sales account")),
            "VATCode": self._vat_code(entry.tax_code),
            "AmountFC": float(entry.net),
            "VATAmountFC": float(entry.tax),
            "Description": entry.description[:60],
        }

    def _vat_code(self, code: str) -> str:
        self._id_of("vat/VATCodes", code, _("The tax code"))
        return code

    def _id_of(self, path: str, code: str, what: str) -> str:
        """Return the id of a record by its code. Raises ItemRefused if there is none."""
        rows = self._find(path, f"trim(Code) eq {_quote(code)}", "ID,Code") if code else []
        if not rows:
            raise self.missing(what, code)
        return str(rows[0]["ID"])

    def _account_version(self, remote_id: str) -> str:
        rows = self._find("crm/Accounts", f"ID eq guid'{remote_id}'", "ID,Modified")
        if not rows:
            raise RemoteGone
        return _account(rows[0]).version

    def _find(self, path: str, where: str, fields: str) -> list[dict[str, Any]]:
        """Return the rows of a list, with the pages that follow the first."""
        url = self._url(path)
        params: dict[str, str] | None = {"$filter": where, "$select": fields}
        rows: list[dict[str, Any]] = []
        for _page in range(_MOST_PAGES):
            values = self.call("GET", url, params=params, headers=_JSON)
            rows += self._results(values)
            url = _next_page(values)
            params = None
            if not url.startswith(f"{settings.EXACT_API_URL}/"):
                break
        return rows

    @staticmethod
    def _results(values: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = values.get("d")
        if isinstance(rows, dict):
            rows = rows.get("results")
        return read_rows(rows)

    def _url(self, path: str) -> str:
        return f"{settings.EXACT_API_URL}/api/v1/{self._division}/{path}"


def _next_page(values: Mapping[str, Any]) -> str:
    page = values.get("d")
    if isinstance(page, dict):
        return str(page.get("__next") or "")
    return ""


def _single(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of an answer. Raises RemoteError without one."""
    row = values.get("d")
    if not isinstance(row, dict):
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    return row


def _account_body(customer: BookCustomer) -> dict[str, str]:
    return {
        "Name": customer.display_name[:50],
        "Email": customer.email,
        "Phone": customer.phone[:50],
        "AddressLine1": customer.street[:100],
        "Postcode": customer.postcode[:16],
        "City": customer.city[:30],
        "Country": customer.country,
    }


def _search_code(customer: BookCustomer) -> str:
    return f"TL-{customer.key}"


def _account(row: Mapping[str, Any]) -> RemoteRecord:
    if "ID" not in row:
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    return RemoteRecord(str(row["ID"]), str(row.get("Modified", "")))


def _entry(row: Mapping[str, Any]) -> RemoteRecord:
    if "EntryID" not in row:
        raise RemoteError(ConnectionProblem.ANSWER, is_passing=True)
    total = None
    if row.get("AmountFC") is not None:
        total = read_decimal(row["AmountFC"])
    return RemoteRecord(str(row["EntryID"]), total=total)


def _payment(row: Mapping[str, Any]) -> RemotePayment:
    day = row.get("LastPaymentDate") or row.get("EntryDate")
    return RemotePayment(
        remote_id=str(row.get("ID")),
        uses={str(row["TransactionEntryID"]): abs(read_decimal(row.get("AmountFC", 0)))},
        paid_on=_day(str(day)),
        currency=str(row.get("Currency") or "").strip(),
        reference=str(row.get("PaymentReference") or row.get("YourRef") or ""),
    )


def _day(text: str) -> date:
    """Return the day of an OData date: "/Date(1778544000000)/", which is midnight in UTC."""
    match = _ODATA_DATE.fullmatch(text)
    if match is None:
        return clock.now().date()
    return datetime.fromtimestamp(int(match[1]) / 1000, UTC).date()


def _reset_in(answer: requests.Response) -> timedelta:
    """Return how long a limit lasts: the later of those that are used up."""
    waits = [timedelta()]
    for name in ("X-RateLimit-Reset", "X-RateLimit-Minutely-Reset"):
        remaining = answer.headers.get(name.replace("Reset", "Remaining"), "0")
        text = answer.headers.get(name, "")
        if remaining == "0" and text.isascii() and text.isdecimal() and len(text) < 16:
            waits.append(datetime.fromtimestamp(int(text) / 1000, UTC) - clock.now())
    return min(max(waits), _LONGEST_WAIT)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
