"""The OpenAPI document, and requests made of it against the API: everything it answers is described."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings

from crm.config.request import CharsetSafeRequest
from tests.api.client import ApiClient

pytestmark = pytest.mark.long

DOCUMENT = "/api/v1/openapi.json"


def test_the_document_needs_no_token_and_no_database() -> None:
    answer = Client().get(DOCUMENT)

    assert (answer.status_code, answer.json()["openapi"][:3]) == (200, "3.1")


def test_every_call_has_a_description() -> None:
    calls = [call for path in Client().get(DOCUMENT).json()["paths"].values() for call in path.values()]

    assert [call["operationId"] for call in calls if not call.get("description")] == []


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The requests use the connection of the test, as those of Django's client do."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def load_document() -> Any:
    """Return the document, with the application that is asked."""
    application = get_wsgi_application()
    application.request_class = CharsetSafeRequest
    return schemathesis.openapi.from_wsgi(DOCUMENT, application)


schema = load_document()


@pytest.mark.usefixtures("one_connection")
@schema.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_whatever_is_sent_is_answered_as_described(case: Any, ada: ApiClient) -> None:
    case.call_and_validate(headers={"Authorization": ada.defaults["HTTP_AUTHORIZATION"]})
