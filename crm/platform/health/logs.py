"""Logging by structlog: JSON lines, or plain text for developers, with the id of the request and of the tenant.

Nothing personal gets in: no path values, no query strings, no SQL parameters, and of an error its type and its
place but not its message, which may quote what somebody typed.
"""

import logging
import logging.config
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from structlog.contextvars import get_contextvars
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import JSONRenderer
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor

from crm.platform.tenancy.context import current_tenant_id

# Objects that Django and Celery hand over, and what another formatter left on a record: words with their quotes.
_LEFT_OUT = {"request", "status_code", "server_time", "data", "stack_info", "message", "asctime"}


def configure_logging(config: dict[str, Any]) -> None:
    """Configure logging: `{"level": "INFO", "json": True}`, as settings.LOGGING has it."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"()": json_lines if config["json"] else plain_lines}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": config["level"]},
            "loggers": {
                # One line a request comes from request_log.py; Django's own would repeat it with the path.
                "django.server": {"level": "ERROR"},
                "django.request": {"level": "ERROR"},
                "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
                # Beat and each tick would write three lines every ten seconds; a task that fails is an error.
                "celery.beat": {"level": "WARNING"},
                "celery.worker.strategy": {"level": "WARNING"},
                "celery.app.trace": {"level": "WARNING"},
                # A SQL statement's parameters are personal data; log_slow_queries leaves them out.
                "django.db.backends": {"level": "INFO"},
            },
        }
    )


def json_lines() -> ProcessorFormatter:
    """Return the formatter that writes one JSON object a line."""
    return _build_formatter(_replace_exception, JSONRenderer(default=lambda value: type(value).__name__))


def plain_lines() -> ProcessorFormatter:
    """Return the formatter for a developer's terminal; here an error keeps its message."""
    text = ConsoleRenderer(colors=False, timestamp_key="time", event_key="message", exception_formatter=plain_traceback)
    return _build_formatter(text)


def _build_formatter(*last: Processor) -> ProcessorFormatter:
    common: list[Processor] = [_scrub_message, ExtraAdder(), _order_fields]
    processors = [ProcessorFormatter.remove_processors_meta, *last]
    return ProcessorFormatter(foreign_pre_chain=common, processors=processors, pass_foreign_args=True)


def _scrub_message(logger: Any, level: str, line: EventDict) -> EventDict:
    """Remove what users typed from the messages of loggers that quote it."""
    name = line["_record"].name
    words = str(line["_record"].msg)
    args = line.pop("positional_args")
    if name.startswith("django.security.") and not name.endswith(".csrf"):
        line["event"] = "refused as suspicious"  # the original quotes the host, the path or the file asked for
    elif name in ("django.request", "django.security.csrf") and isinstance(args, tuple) and args:
        line["event"] = words % (*args[:-1], "(path)")  # the path is the last one, always
    elif name == "gunicorn.error" and isinstance(args, tuple):
        line["event"] = words % tuple("(path)" if str(arg).startswith("/") else arg for arg in args)
    elif name == "celery.app.trace" and isinstance(args, dict):
        # Its own words would quote the error's message and the arguments.
        line["event"] = f"task {args.get('name')} {args.get('description', 'succeeded')}"
    return line


def _order_fields(logger: Any, level: str, line: EventDict) -> EventDict:
    """Order a log line's fields: time, level, logger, then message, request and tenant."""
    at = datetime.fromtimestamp(line["_record"].created, UTC)
    message = line.pop("event")
    first = {"time": at.isoformat(timespec="milliseconds"), "level": level, "logger": line["_record"].name}
    place = {"message": message, **get_contextvars(), "tenant": current_tenant_id()}
    extra = {key: value for key, value in line.items() if key not in _LEFT_OUT}
    return first | {key: value for key, value in place.items() if value is not None} | extra


def _replace_exception(logger: Any, level: str, line: EventDict) -> EventDict:
    if (raised := line.pop("exc_info", None)) and raised[1]:
        line["error"] = describe_error(raised[1])
    return line


def describe_error(error: BaseException) -> dict[str, Any]:
    """Describe an error by its type and traceback lines; a database error by the constraint it broke."""
    frames = traceback.extract_tb(error.__traceback__)
    what = {"type": type(error).__name__, "at": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}
    cause: Any = error.__cause__
    if constraint := getattr(getattr(cause, "diag", None), "constraint_name", None):
        what["constraint"] = constraint
    if cause is not None:
        what["because"] = type(cause).__name__
    return what


def log_slow_queries(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute wrapper: log each statement that took SLOW_QUERY_SECONDS or longer, without its parameters."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = time.perf_counter() - began
        if took >= settings.SLOW_QUERY_SECONDS:
            text = " ".join(str(sql).split())[:2000]
            logging.getLogger(__name__).warning("slow query", extra={"ms": round(took * 1000), "sql": text})
