"""Traces: from a request to its task and the call it schedules, without paths, hosts, values and messages of errors."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

ROOT = Path(__file__).resolve().parents[2]
# A page with a statement, an error, a task and a call, and what each could say of a person.
PROGRAM = """
import django
django.setup()
from django.http import HttpResponse
from django.urls import path
from django.test import Client
from django.db import connection
from opentelemetry import trace
from crm.config import urls
from crm.platform.database.claims import work_ended
from crm.platform.work.tasks import sign_of_io

def page(request, who):
    with connection.cursor() as cursor:
        cursor.execute("select %s::text", ["dana@example.com"])
    work_ended.send(None, kind="message.send", count=1, seconds=0.5, failed=False)
    sign_of_io.apply(headers={})
    trace.get_current_span().record_exception(ValueError(f"no {who}"))
    return HttpResponse()

urls.urlpatterns.insert(0, path("account/traced/<who>/", page, name="traced"))
Client(SERVER_NAME="localhost").get("/account/traced/dana/?q=dana", headers={"x-request-id": "the-request-1"})
trace.get_tracer_provider().shutdown()
"""


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A collector on loopback: its address, and the bodies that it was sent."""
    bodies: list[bytes] = []

    class Collecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collecting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", bodies
    server.shutdown()
    server.server_close()


def spans_of(bodies: list[bytes]) -> dict[str, Any]:
    requests = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    scopes = [scope for request in requests for resource in request.resource_spans for scope in resource.scope_spans]
    return {span.name: span for scope in scopes for span in scope.spans}


def test_a_request_its_statement_its_task_and_its_call_are_one_trace(
    db: None, collector: tuple[str, list[bytes]]
) -> None:
    address, bodies = collector
    env = os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": address, "NO_PROXY": "127.0.0.1", "OTEL_SERVICE_NAME": "web-1"}
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    spans = spans_of(bodies)
    assert process.returncode == 0, process.stderr
    assert {"GET account/traced/<who>/", "SELECT", "work message.send", "run/platform.sign_of_io"} <= set(spans)
    assert len({span.trace_id for span in spans.values()}) == 1
    page = {each.key: each.value.string_value for each in spans["GET account/traced/<who>/"].attributes}
    assert page["http.route"] == "account/traced/<who>/"
    assert page["throughline.request"] == "the-request-1"
    sent = b" ".join(bodies)
    assert [word for word in (b"dana", b"no dana", b"127.0.0.1", b"q=") if word in sent] == []
