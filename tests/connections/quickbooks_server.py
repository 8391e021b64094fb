"""QuickBooks Online as its reference says: unique names, SyncTokens, request ids, queries and change data capture."""

import re
from typing import Any

from tests.connections.books_peer import BooksPeer

REALM = "9130"
_WHERE = re.compile(r"(\w+) = (?:'((?:[^'\\]|\\.)*)'|(\w+))")


def fault(code: str, detail: str) -> tuple[int, Any]:
    error = {"Message": "Refused", "Detail": detail, "code": code}
    return 400, {"Fault": {"Error": [error], "type": "ValidationFault"}}


class QuickBooks(BooksPeer):
    """A company with an item "Work" and the tax code "TAX", and whatever is posted."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, dict[str, dict[str, Any]]] = {
            name: {} for name in ("Customer", "Invoice", "CreditMemo", "Payment", "Item", "TaxCode")
        }
        self.rows["Item"]["7"] = {"Id": "7", "Name": "Work", "Active": True}
        self.by_request: dict[str, Any] = {}
        self.changed: list[dict[str, Any]] = []
        self.extra_tax = 0.0

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        start = f"/v3/company/{REALM}/"
        if not path.startswith(start):
            return 403, {"Fault": {"Error": [{"Detail": "Wrong company", "code": "3100"}]}}
        name, _slash, remote_id = path.removeprefix(start).partition("/")
        if name == "companyinfo":
            return 200, {"CompanyInfo": {"CompanyName": "Suncoast Books"}}
        if name == "query":
            return 200, {"QueryResponse": self._query(query["query"])}
        if name == "cdc":
            return 200, {"CDCResponse": [{"QueryResponse": [{"Payment": self.changed}]}]}
        entity = {"customer": "Customer", "invoice": "Invoice", "creditmemo": "CreditMemo", "payment": "Payment"}[name]
        if method == "GET":
            row = self.rows[entity].get(remote_id)
            return (200, {entity: row}) if row else fault("610", "Object Not Found")
        return self._write_row(entity, query, body)

    def _write_row(self, entity: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if (key := query.get("requestid")) in self.by_request and key:
            return 200, {entity: self.by_request[key]}
        if "Id" in body:
            row = self.rows[entity].get(body["Id"])
            if row is None:
                return fault("610", "Object Not Found: Something you're trying to use has been made inactive.")
            if row["SyncToken"] != body["SyncToken"]:
                return fault("5010", "Stale Object Error")
            if query.get("include") == "void":
                body = body | {"TotalAmt": 0, "Line": []}
        else:
            names = {one["DisplayName"] for one in self.rows["Customer"].values()}
            if entity == "Customer" and body["DisplayName"] in names:
                return fault("6240", "The name supplied already exists.")
            row = {"Id": self.new_id(), "SyncToken": "-1"}
        row = row | body | {"SyncToken": str(int(row["SyncToken"]) + 1)}
        if entity in ("Invoice", "CreditMemo"):
            net = sum(line["Amount"] for line in row["Line"])
            row["TotalAmt"] = round(net + row["TxnTaxDetail"]["TotalTax"] + self.extra_tax, 2)
        self.rows[entity][row["Id"]] = row
        if key:
            self.by_request[key] = row
        return 200, {entity: row}

    def _query(self, text: str) -> dict[str, Any]:
        entity = text.split(" FROM ")[1].split()[0]
        wanted = [(name, quoted.replace("\\'", "'") or word) for name, quoted, word in _WHERE.findall(text)]
        rows = [row for row in self.rows[entity].values() if all(_has(row, name, value) for name, value in wanted)]
        return {entity: rows} if rows else {}

    def pay(self, invoice_id: str, amount: float, **given: Any) -> None:
        """Have somebody enter a payment there."""
        line = {"Amount": amount, "LinkedTxn": [{"TxnId": invoice_id, "TxnType": "Invoice"}]}
        facts = {"Id": self.new_id(), "SyncToken": "0", "TxnDate": "2026-11-24", "TotalAmt": amount, "Line": [line]}
        self.changed.append(facts | {"CurrencyRef": {"value": "USD"}} | given)


def _has(row: dict[str, Any], name: str, value: str) -> bool:
    field = row.get(name)
    if isinstance(field, dict):
        field = field.get("value")
    if isinstance(field, bool):
        return field == (value == "true")
    return str(field) == value
