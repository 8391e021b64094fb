"""Stripe and Mollie on loopback: as much of their interfaces as a payment needs."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class PaymentPeer:
    """A provider's server. `rows` are its checkouts, `refunds` its refunds; a key used before returns the same row."""

    def __init__(self) -> None:
        self.origin = ""
        self.rows: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.by_key: dict[str, dict[str, Any]] = {}
        # Its balance: what came in, and what it kept of that.
        self.balance: list[dict[str, Any]] = []
        # The next answers instead of the provider's.
        self.failures: list[tuple[int, Any]] = []
        # Whether the next answer is lost after the row was made.
        self.loses_answer = False
        # How often each path was posted to, and what an answer waits for.
        self.posts: Counter[str] = Counter()
        self.released = threading.Event()
        self.released.set()

    def once(self, key: str, rows: dict[str, dict[str, Any]], row: dict[str, Any]) -> dict[str, Any]:
        if key in self.by_key:
            return self.by_key[key]
        self.by_key[key] = row
        rows[row["id"]] = row
        return row

    def answer(self, method: str, path: str, raw: str, key: str) -> tuple[int, Any]:
        raise NotImplementedError


class StripePeer(PaymentPeer):
    def answer(self, method: str, path: str, raw: str, key: str) -> tuple[int, Any]:
        form = {name: values[0] for name, values in parse_qs(raw).items()}
        if path == "/v1/checkout/sessions":
            return 200, self.once(key, self.rows, self._session(form))
        if path.startswith("/v1/checkout/sessions/"):
            return 200, self.rows[path.rsplit("/", 1)[1]]
        if path == "/v1/balance_transactions":
            return 200, {"object": "list", "data": self.balance, "has_more": False, "url": path}
        if path == "/v1/refunds" and method == "GET":
            return 200, {"object": "list", "data": list(self.refunds.values()), "has_more": False, "url": path}
        if path == "/v1/refunds":
            row = {"id": f"re_{len(self.refunds) + 1}", "object": "refund", "amount": int(form["amount"])}
            return 200, self.once(key, self.refunds, row | {"metadata": {"refund": form["metadata[refund]"]}})
        return 404, {"error": {"message": "No such path"}}

    def _session(self, form: dict[str, str]) -> dict[str, Any]:
        number = len(self.rows) + 1
        return {
            "id": f"cs_{number}",
            "object": "checkout.session",
            "url": f"{self.origin}/pay/cs_{number}",
            "amount_total": int(form["line_items[0][price_data][unit_amount]"]),
            "currency": form["line_items[0][price_data][currency]"],
            "metadata": {"attempt": form["metadata[attempt]"]},
            "payment_intent": None,
            "payment_method_types": [form["payment_method_types[0]"]],
            "payment_status": "unpaid",
            "status": "open",
        }

    def pay(self, number: int = 1) -> dict[str, Any]:
        """The customer pays a session; return the event."""
        session = self.rows[f"cs_{number}"]
        session |= {"payment_status": "paid", "status": "complete", "payment_intent": f"pi_{number}"}
        return stripe_event(f"evt_{number}", "checkout.session.completed", session)


def stripe_event(uid: str, kind: str, session: dict[str, Any]) -> dict[str, Any]:
    return {"id": uid, "object": "event", "type": kind, "data": {"object": dict(session)}}


class MolliePeer(PaymentPeer):
    def answer(self, method: str, path: str, raw: str, key: str) -> tuple[int, Any]:
        parts = path.strip("/").split("/")
        if parts == ["v2", "balances", "primary"]:
            return 200, {"resource": "balance", "id": "bal_1"}
        if parts == ["v2", "balances", "bal_1", "transactions"]:
            rows = {"balance_transactions": self.balance}
            return 200, {"count": len(self.balance), "_embedded": rows, "_links": {"next": None}}
        if parts == ["v2", "payments"]:
            values = json.loads(raw)
            uid = f"tr_{len(self.rows) + 1}"
            links = {"checkout": {"href": f"{self.origin}/pay/{uid}"}}
            row = {"id": uid, "status": "open", "_links": links, **values}
            return 201, self.once(key, self.rows, row)
        if parts[2] not in self.rows:
            return 404, {"status": 404, "title": "Not Found", "detail": "No payment exists with this id."}
        if parts[3:] != ["refunds"]:
            return 200, self.rows[parts[2]]
        if method == "GET":
            return 200, {
                "count": len(self.refunds),
                "_embedded": {"refunds": list(self.refunds.values())},
                "_links": {},
            }
        row = {"id": f"re_{len(self.refunds) + 1}", **json.loads(raw)}
        return 201, self.once(key, self.refunds, row)


def _handler(peer: PaymentPeer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            path = urlsplit(self.path).path
            if peer.failures:
                status, values = peer.failures.pop(0)
            else:
                status, values = peer.answer(self.command, path, raw, self.headers.get("Idempotency-Key", ""))
            if self.command == "POST":
                peer.posts[path] += 1
                peer.released.wait(60)
            if peer.loses_answer:
                peer.loses_answer = False
                self.close_connection = True
                return
            content = json.dumps(values).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):  # who asked may have been killed
                self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


@contextmanager
def serving(peer: Any, port: int = 0) -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(peer))
    server.daemon_threads = True
    peer.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
