"""OpenTelemetry traces of requests, tasks, due work, SQL statements and outgoing calls.

Imported only when OTEL_EXPORTER_OTLP_ENDPOINT (or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) is set. The standard variables of
OpenTelemetry apply: OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_HEADERS.
"""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, Status
from opentelemetry.util.types import AttributeValue
from structlog.contextvars import get_contextvars

from crm.platform.database.claims import work_ended

SERVICE = "throughline"
_LONGEST_STATEMENT = 2000
REQUEST = "throughline.request"
# What a span may say. The instrumentations add paths, query strings, hosts, addresses and user agents as well, which
# tell who a page was about. A statement holds placeholders, no values.
ALLOWED = frozenset(
    {
        "http.method",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "http.status_code",
        "db.statement",
        "db.system",
        "celery.action",
        "celery.state",
        "celery.task_name",
        "messaging.destination",
        "exception.type",
        "throughline.failed",
        "throughline.kind",
        "throughline.rows",
        REQUEST,
    }
)


class PrivateExporter(SpanExporter):
    """Exporter that passes on spans with the allowed attributes alone, and without messages of errors."""

    def __init__(self, exporter: SpanExporter) -> None:
        self.exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self.exporter.export([strip_span(span) for span in spans])

    def shutdown(self) -> None:
        self.exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self.exporter.force_flush(timeout_millis)


def strip_span(span: ReadableSpan) -> ReadableSpan:
    """Return a copy of a span with the allowed attributes alone. A message of an error may quote what users typed."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=permitted_attributes(span.attributes),
        events=[Event(event.name, permitted_attributes(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def permitted_attributes(attributes: Any) -> dict[str, Any]:
    """Return the attributes that may leave the process."""
    return {name: value for name, value in (attributes or {}).items() if name in ALLOWED}


def start_tracing() -> None:
    """Trace this process and those forked from it, and send the spans to the endpoint in the environment."""
    resource = Resource.create({SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME", SERVICE)})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(PrivateExporter(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument(response_hook=note_request, excluded_urls="healthz,readyz")
    CeleryInstrumentor().instrument()
    URLLib3Instrumentor().instrument(excluded_urls=os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", ""))
    work_ended.connect(trace_work)
    connection_created.connect(trace_connection)


def trace_query(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute wrapper: a span for each statement, without its parameters."""
    text = " ".join(str(sql).split())[:_LONGEST_STATEMENT]
    attributes = {"db.system": "postgresql", "db.statement": text}
    with trace.get_tracer(__name__).start_as_current_span(text.partition(" ")[0].upper(), attributes=attributes):
        return execute(sql, params, many, context)


def trace_connection(connection: Any, **kwargs: Any) -> None:
    """Receiver: trace the statements of a new connection."""
    if trace_query not in connection.execute_wrappers:
        connection.execute_wrappers.append(trace_query)


def note_request(span: Span, request: HttpRequest, response: HttpResponse) -> None:
    """Hook: put the request's id on its span; the log and the tasks carry the same id."""
    if span.is_recording():
        span.set_attribute(REQUEST, getattr(request, "id", ""))


def trace_work(kind: str, count: int, seconds: float, failed: bool, **kwargs: Any) -> None:
    """Receiver: a span for a batch of due work, or for one call to others, with the id of what asked for it."""
    ended = time.time_ns()
    attributes: dict[str, AttributeValue] = {
        "throughline.kind": kind,
        "throughline.rows": count,
        "throughline.failed": failed,
        REQUEST: str(get_contextvars().get("request", "")),
    }
    tracer = trace.get_tracer(__name__)
    span = tracer.start_span(f"work {kind}", start_time=ended - int(seconds * 1e9), attributes=attributes)
    span.end(ended)
