"""Exact Online as its reference says: OData 2 lists with filters, accounts, sales entries and receivables."""

import re
from typing import Any

from tests.connections.books_peer import BooksPeer

DIVISION = "3141"
_EQUALS = re.compile(r"(?:trim\((\w+)\)|(\w+)) eq (?:guid)?'((?:[^']|'')*)'")


class Exact(BooksPeer):
    """A division with a journal, an account and VAT codes, and whatever is posted."""

    def __init__(self) -> None:
        super().__init__()
        self.lifetime = 600
        self.rows: dict[str, list[dict[str, Any]]] = {
            "crm/Accounts": [],
            "salesentry/SalesEntries": [],
            "cashflow/Receivables": [],
            "financial/Journals": [{"ID": "j-70", "Code": "70"}],
            "financial/GLAccounts": [{"ID": "g-8000", "Code": "8000"}],
            "vat/VATCodes": [{"ID": "v-vh", "Code": "VH "}],
        }
        self.version = 0
        self.since: list[str] = []

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if path == "/api/v1/current/Me":
            return 200, {"d": {"results": [{"CurrentDivision": int(DIVISION), "DivisionCustomerName": "Zonkust"}]}}
        name = path.removeprefix(f"/api/v1/{DIVISION}/")
        if method == "PUT":
            row = next(one for one in self.rows["crm/Accounts"] if f"guid'{one['ID']}'" in name)
            row |= body | {"Modified": self._now()}
            return 204, None
        if method == "POST":
            return 201, {"d": self._create(name, body)}
        wanted = [(trimmed or name_, value) for trimmed, name_, value in _EQUALS.findall(query.get("$filter", ""))]
        self.since += re.findall(r"Modified gt datetime'([^']+)'", query.get("$filter", ""))
        rows = [row for row in self.rows[name] if all(str(row.get(key, "")).strip() == value for key, value in wanted)]
        return 200, {"d": {"results": rows}}

    def _create(self, name: str, body: Any) -> dict[str, Any]:
        row = body | {"ID": self.new_id(), "Modified": self._now()}
        if name == "salesentry/SalesEntries":
            row["EntryID"] = row.pop("ID")
            row["AmountFC"] = sum(line["AmountFC"] + line["VATAmountFC"] for line in body["SalesEntryLines"])
        self.rows[name].append(row)
        return dict(row)

    def _now(self) -> str:
        self.version += 1
        return f"/Date({1_780_000_000_000 + self.version})/"

    def pay(self, entry_id: str, amount: float) -> None:
        """Have a bank statement pay a sales entry."""
        facts = {"ID": self.new_id(), "TransactionEntryID": entry_id, "AmountFC": -amount, "Currency": "USD"}
        self.rows["cashflow/Receivables"].append(facts | {"LastPaymentDate": "/Date(1795478400000)/"})
