"""The metrics endpoint of a service: its own port, `GET /metrics`, with the sums of all its processes.

Each process writes its counters to a file in the service's folder (prometheus_client's multiprocess mode). Every web
process listens on the same port (SO_REUSEPORT), so that the endpoint answers as long as one of them does.
"""

import hmac
import logging
import os
import socket
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.db import connections
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from crm.platform.observability import recording
from crm.platform.observability.installation_gauges import InstallationGauges

logger = logging.getLogger(__name__)

PATH = "/metrics"
LOOPBACK = "127.0.0.1"


class MetricsServer(ThreadingHTTPServer):
    """Server of one path. The processes of a service share its port."""

    daemon_threads = True
    registry: CollectorRegistry

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        super().server_bind()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log without the address; the default prints a traceback."""
        logger.warning("a scrape failed", exc_info=True)


class MetricsHandler(BaseHTTPRequestHandler):
    """Answers `GET /metrics` with the token of METRICS_TOKEN; everything else is 404."""

    server: MetricsServer
    server_version = sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != PATH or not is_permitted(self.headers.get("Authorization", "")):
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        try:
            body = generate_latest(self.server.registry)
        finally:
            connections.close_all()  # of this thread, which ends with the answer
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", CONTENT_TYPE_LATEST)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write no access log: a scrape comes every few seconds."""


def is_permitted(authorization: str) -> bool:
    """Return whether a scrape may read: with `Bearer <METRICS_TOKEN>`, or always where no token is set."""
    if not settings.METRICS_TOKEN:
        return True
    return hmac.compare_digest(authorization.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())


def build_registry(*, with_gauges: bool) -> CollectorRegistry:
    """Return what a scrape reads: the counters of all processes of this service, and the installation's gauges."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    if with_gauges:
        registry.register(InstallationGauges())
    return registry


def start_endpoint(*, with_gauges: bool) -> MetricsServer | None:
    """Serve the metrics in a thread of this process, and count its work.

    None if METRICS_PORT is not set, or another service has it (crm/config/metrics_folder.py).
    """
    if not settings.METRICS_PORT or "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return None
    if settings.METRICS_BIND != LOOPBACK and not settings.METRICS_TOKEN:
        logger.error("metrics are not served: another METRICS_BIND than 127.0.0.1 needs a METRICS_TOKEN")
        return None
    recording.connect_signals()
    try:
        server = MetricsServer((settings.METRICS_BIND, settings.METRICS_PORT), MetricsHandler)
    except OSError as error:
        # The product is worth more than its figures.
        logger.error("metrics are not served", extra={"port": settings.METRICS_PORT, "because": error.strerror})
        return None
    server.registry = build_registry(with_gauges=with_gauges)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return server


def serve_web() -> None:
    """Serve the metrics of web, with the gauges of the installation."""
    start_endpoint(with_gauges=True)


def serve_worker() -> None:
    """Serve the metrics of a worker."""
    start_endpoint(with_gauges=False)
