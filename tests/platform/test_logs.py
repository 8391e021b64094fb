"""What a log line says, and what never gets into one: names, addresses, queries, parameters, messages of errors."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import path
from structlog.contextvars import bound_contextvars

from crm.config import urls
from crm.platform.health import logs
from crm.platform.models import User
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import worker_startup
from crm.platform.work.tasks import dispatch_events
from tests.cast import HOUSE, Cast

Lines = Callable[[], list[dict[str, Any]]]


def explode(request: HttpRequest) -> Any:
    raise ValueError(f"no such person: {request.GET['q']}")


urlpatterns = [*urls.urlpatterns, path("account/explode/", explode)]
handler500 = urls.handler500


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log as it is written from here on, line by line."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.json_lines())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def about_requests(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["logger"] == "crm.web.requests.request_log"]


def test_a_request_is_one_line_of_numbers(client: Client, cast: Cast, lines: Lines) -> None:
    client.force_login(cast.house.ada.user)
    client.get(f"/{HOUSE}/settings/access-log/?member=7", headers={"x-request-id": "from-the-proxy-1"})
    (line,) = about_requests(lines())
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") > 0
    assert line == {
        "level": "info",
        "logger": "crm.web.requests.request_log",
        "message": "request",
        "request": "from-the-proxy-1",
        "tenant": cast.house.tenant.pk,
        "member": cast.house.ada.pk,
        "user": cast.house.ada.user_id,
        "method": "GET",
        "route": "<slug:tenant>/settings/access-log/",
        "status": 200,
    }


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space", 'a"b{"level":1}', "ünïcode-id"])
def test_an_id_that_could_forge_a_line_is_replaced(client: Client, db: None, given: str) -> None:
    answer = client.get("/healthz", headers={"x-request-id": given})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 16


def test_sign_in_search_and_paths_leave_nobody_in_the_log(client: Client, cast: Cast, lines: Lines) -> None:
    said = "dana.whitfield@mail.example"
    client.post("/account/login/", {"login": said, "password": "s3cret-of-dana"})
    client.post("/account/password/reset/", {"email": said})
    client.force_login(cast.house.rita.user)
    client.get(f"/{HOUSE}/search/", {"q": said})
    client.get(f"/{HOUSE}/leads/", {"q": said})
    client.get(f"/{HOUSE}/nothing/{said}/")
    client.get(f"/nobody/{said}/", headers={"host": "dana.example"})
    everything = json.dumps(lines())
    assert len(about_requests(lines())) >= 5
    for trace in ("dana", "s3cret", "whitfield", cast.house.rita.name, cast.house.rita.user.email):
        assert trace not in everything


@pytest.mark.urls("tests.platform.test_logs")
def test_an_error_is_its_type_and_place_not_its_message(client: Client, lines: Lines) -> None:
    client.raise_request_exception = False
    client.get("/account/explode/?q=dana.whitfield", headers={"x-request-id": "broken-12345"})
    (line,) = [line for line in lines() if line["logger"] == "django.request"]
    assert line["message"] == "Internal Server Error: (path)"
    assert line["request"] == "broken-12345"
    assert line["error"]["type"] == "ValueError"
    assert line["error"]["at"][-1].endswith("explode")
    assert "dana" not in json.dumps(lines())


def test_a_broken_constraint_is_named_without_the_row(cast: Cast, lines: Lines) -> None:
    email = cast.house.rita.user.email
    try:
        with transaction.atomic():
            User.objects.create_user(email)
    except IntegrityError:
        logging.getLogger("test").exception("not saved")
    (line,) = lines()
    assert line["error"]["type"] == "IntegrityError"
    assert line["error"]["constraint"] == "platform_user_email_key"
    assert email not in json.dumps(line)


def test_a_slow_query_is_logged_without_its_parameters(db: None, lines: Lines, settings: Any) -> None:
    settings.SLOW_QUERY_SECONDS = 0.01
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.02), %s", ["dana"])
    (line,) = lines()
    assert line["message"] == "slow query"
    assert line["sql"] == "select pg_sleep(0.02), %s"
    assert line["ms"] >= 20


def test_a_quick_query_is_not_logged(db: None, lines: Lines) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    assert lines() == []


def test_inside_a_tenant_every_line_names_it(cast: Cast, lines: Lines) -> None:
    with use_tenant(cast.house.tenant):
        logging.getLogger("test").info("inside")
    assert lines()[0]["tenant"] == cast.house.tenant.pk


def test_a_task_goes_on_under_the_id_of_its_request(lines: Lines) -> None:
    headers: dict[str, Any] = {}
    with bound_contextvars(request="asked-by-this"):
        worker_startup.send_request_id(headers=headers)
    dispatch_events.push_request(**headers)
    try:
        worker_startup.bind_request_id(task_id="some-task", task=dispatch_events)
        logging.getLogger("test").info("working")
        worker_startup.unbind_request_id()
        logging.getLogger("test").info("done")
    finally:
        dispatch_events.pop_request()
    assert [line.get("request") for line in lines()] == ["asked-by-this", None]


def test_probes_are_quiet_unless_they_fail(client: Client, db: None, lines: Lines) -> None:
    client.get("/healthz")
    assert about_requests(lines()) == []
    client.get("/readyz")
    assert [line["status"] for line in about_requests(lines())] == [503]


@pytest.mark.parametrize(
    ("logger", "words", "args", "said"),
    [
        ("django.security.csrf", "Forbidden (%s): %s", ("no cookie", "/x/dana/"), "Forbidden (no cookie): (path)"),
        ("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'dana.example'.", (), "refused as suspicious"),
        ("gunicorn.error", "Error handling request %s", ("/x?q=dana",), "Error handling request (path)"),
        ("gunicorn.error", "Booting worker with pid: %s", (7,), "Booting worker with pid: 7"),
        (
            "celery.app.trace",
            "Task %(name)s[%(id)s] %(description)s: %(exc)s",
            ({"name": "platform.tick", "id": "1", "description": "raised unexpected", "exc": "ValueError('dana')"},),
            "task platform.tick raised unexpected",
        ),
    ],
)
def test_what_others_log_loses_what_it_quotes(logger: str, words: str, args: tuple[Any, ...], said: str) -> None:
    record = logging.LogRecord(logger, logging.ERROR, __file__, 1, words, args, None)
    line = logs.json_lines().format(record)
    assert json.loads(line)["message"] == said
    assert "dana" not in line


def test_what_another_formatter_left_on_a_record_does_not_come_back() -> None:
    record = logging.LogRecord(
        "gunicorn.error", logging.ERROR, __file__, 1, "Error handling request %s", ("/dana",), None
    )
    logging.Formatter("%(asctime)s %(message)s", datefmt="dana").format(record)
    assert "dana" not in logs.json_lines().format(record)


def test_a_line_begins_with_when_who_and_what(lines: Lines) -> None:
    with bound_contextvars(request="asked-by-this"):
        more = {"ms": 3, "of": object()}
        logging.getLogger("test").warning("told %s", "twice", extra=more, exc_info=True, stack_info=True)
    (line,) = lines()
    assert list(line) == ["time", "level", "logger", "message", "request", "ms", "of"], "no error: none was handled"
    assert (line["level"], line["message"], line["of"]) == ("warning", "told twice", "object")


def test_for_a_developer_an_error_keeps_its_message() -> None:
    try:
        raise ValueError("no such person")
    except ValueError:
        record = logging.LogRecord("test", logging.ERROR, __file__, 1, "not %s", ("saved",), sys.exc_info())
    text = logs.plain_lines().format(record)
    assert "not saved" in text
    assert text.endswith("ValueError: no such person")
