"""Logs as JSON lines, or plain text while developing, with the request and the tenant they belong to.

Nothing personal gets in: no path values, no query strings, no SQL parameters, and of an error its type and its
place but not its message, which may quote what somebody typed.
"""

import json
import logging
import logging.config
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from crm.platform.tenancy.context import current_tenant_id

# The id of the request, or of the request that asked for the task, now being worked on.
request_id: ContextVar[str] = ContextVar("request_id", default="")

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Objects that Django hands over under these names.
_OBJECTS = {"request", "status_code", "server_time", "data"}


def configure(config: dict[str, Any]) -> None:
    """Set logging up: `{"level": "INFO", "json": True}`, as settings.LOGGING has it."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": {"()": JsonFormatter if config["json"] else PlainFormatter}},
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


def facts(record: logging.LogRecord) -> dict[str, Any]:
    """What is known about a record, without anything personal."""
    line = {"message": _message(record), **_place()}
    line |= {key: value for key, value in vars(record).items() if key not in _STANDARD | _OBJECTS}
    if record.exc_info and record.exc_info[1]:
        line["error"] = describe(record.exc_info[1])
    return line


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith("django.security.") and not record.name.endswith(".csrf"):
        return "refused as suspicious"  # the original quotes the host, the path or the file that was asked for
    if record.name in ("django.request", "django.security.csrf") and isinstance(record.args, tuple) and record.args:
        return str(record.msg) % (*record.args[:-1], "(path)")  # the path is the last one, always
    if record.name == "gunicorn.error" and isinstance(record.args, tuple):
        return str(record.msg) % tuple("(path)" if str(arg).startswith("/") else arg for arg in record.args)
    if record.name == "celery.app.trace" and isinstance(record.args, dict):
        # Its own words would quote the error's message and the arguments.
        return f"task {record.args.get('name')} {record.args.get('description', 'succeeded')}"
    return record.getMessage()


def describe(error: BaseException) -> dict[str, Any]:
    """An error as its type and the lines it came through; for the database's, the constraint it broke."""
    frames = traceback.extract_tb(error.__traceback__)
    what = {"type": type(error).__name__, "at": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}
    cause: Any = error.__cause__
    if constraint := getattr(getattr(cause, "diag", None), "constraint_name", None):
        what["constraint"] = constraint
    if cause is not None:
        what["because"] = type(cause).__name__
    return what


def _place() -> dict[str, Any]:
    place = {"request": request_id.get() or None, "tenant": current_tenant_id()}
    return {key: value for key, value in place.items() if value is not None}


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": at, "level": record.levelname.lower(), "logger": record.name, **facts(record)}
        return json.dumps(line, default=lambda value: type(value).__name__)


class PlainFormatter(logging.Formatter):
    """For a developer's terminal; here an error keeps its message."""

    def format(self, record: logging.LogRecord) -> str:
        known = facts(record)
        message = known.pop("message")
        known.pop("error", None)
        rest = " ".join(f"{key}={value}" for key, value in known.items())
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        line = f"{at} {record.levelname:7} {record.name}: {message} {rest}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def log_slow_queries(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute wrapper: names each statement that took SLOW_QUERY_SECONDS or longer, without its parameters."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = time.perf_counter() - began
        if took >= settings.SLOW_QUERY_SECONDS:
            text = " ".join(str(sql).split())[:2000]
            logging.getLogger(__name__).warning("slow query", extra={"ms": round(took * 1000), "sql": text})
