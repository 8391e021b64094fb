"""Moneybird as its reference says: contacts by number, external sales invoices with payments, versions."""

from typing import Any

from tests.connections.books_peer import BooksPeer

ADMINISTRATION = "123"


class Moneybird(BooksPeer):
    """An administration with a tax rate and a ledger account, and whatever is posted."""

    def __init__(self) -> None:
        super().__init__()
        self.access = "token-1"
        self.contacts: dict[str, dict[str, Any]] = {}
        self.invoices: dict[str, dict[str, Any]] = {}
        self.tax_rates = [{"id": "21", "name": "21% btw", "active": True, "percentage": 21}]
        self.ledger_accounts = [{"id": "80", "name": "Omzet", "account_id": "8000", "active": True}]

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        if path == "/administrations.json":
            return 200, [{"id": ADMINISTRATION, "name": "Suncoast BV"}]
        start = f"/{ADMINISTRATION}/"
        if not path.startswith(start):
            return 404, {"error": "Administration not found"}
        parts = path.removeprefix(start).removesuffix(".json").split("/")
        if parts[0] == "contacts":
            return self._contact(method, parts[1:], body)
        if parts[0] == "tax_rates":
            return 200, self.tax_rates
        if parts[0] == "ledger_accounts":
            return 200, self.ledger_accounts
        return self._invoice(method, parts[1:], query, body)

    def _contact(self, method: str, parts: list[str], body: Any) -> tuple[int, Any]:
        if parts[:1] == ["customer_id"]:
            rows = [row for row in self.contacts.values() if row["customer_id"] == parts[1]]
            return (200, rows[0]) if rows else (404, {"error": "Contact not found"})
        if method == "POST":
            row = {"id": self.new_id(), "version": 1} | body["contact"]
            self.contacts[row["id"]] = row
            return 201, row
        row = self.contacts.get(parts[0])
        if row is None:
            return 404, {"error": "Contact not found"}
        if method == "PATCH":
            row |= body["contact"] | {"version": row["version"] + 1}
        return 200, row

    def _invoice(self, method: str, parts: list[str], query: dict[str, str], body: Any) -> tuple[int, Any]:
        if parts == ["synchronization"]:
            if method == "GET":
                return 200, [{"id": row["id"], "version": row["version"]} for row in self.invoices.values()]
            return 200, [self.invoices[pk] for pk in body["ids"]]
        if parts[1:2] == ["payments"]:
            return self._payment(method, parts, body)
        if method == "POST":
            return 201, self._create(body["external_sales_invoice"])
        if parts:
            return 200, self.invoices[parts[0]]
        contact = query["filter"].split(",")[0].removeprefix("contact_id:")
        return 200, [row for row in self.invoices.values() if row["contact_id"] == contact]

    def _create(self, body: Any) -> dict[str, Any]:
        net = sum(float(line["price"]) for line in body["details_attributes"])
        total = f"{net * 1.21:.2f}"
        row = {"id": self.new_id(), "version": 1, "payments": [], "total_price_incl_tax": total} | body
        self.invoices[row["id"]] = row
        return row

    def _payment(self, method: str, parts: list[str], body: Any) -> tuple[int, Any]:
        invoice = self.invoices[parts[0]]
        invoice["version"] += 1
        if method == "DELETE":
            invoice["payments"] = [row for row in invoice["payments"] if row["id"] != parts[2]]
            return 204, None
        row = {"id": self.new_id()} | body["payment"]
        invoice["payments"].append(row)
        return 201, row

    def pay(self, invoice: dict[str, Any], price: str) -> None:
        """Have the bank's statement pay an invoice there."""
        self._payment("POST", [invoice["id"], "payments"], {"payment": {"price": price, "payment_date": "2026-11-24"}})
