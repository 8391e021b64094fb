"""Two requests with one Idempotency-Key at the same time, on two connections: one is done, the other has to wait."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from django.db import connections

from api.models import ApiToken
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.cast import Cast

KEY = "form-8821-1"


def send_luz(client: ApiClient) -> Any:
    """Send a write in a thread, on a connection of that thread."""
    try:
        return client.send("post", "people/", {"name": "Luz"}, Idempotency_Key=KEY)
    finally:
        connections.close_all()


def wait_for_a_lock(owner: psycopg.Connection) -> None:
    """Wait until a transaction waits for a row."""
    end = monotonic() + 60
    waiting = "select count(*) from pg_locks where not granted"
    while owner.execute(waiting).fetchone() == (0,):
        assert monotonic() < end
        sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_a_key_in_flight_is_a_conflict_on_another_connection(
    ada: ApiClient, cast: Cast, owner_connection: psycopg.Connection
) -> None:
    with ThreadPoolExecutor(1) as pool:
        # The first request has its key, and waits for its token, as one that revokes the token holds it.
        with use_tenant(cast.house.tenant):
            ApiToken.objects.select_for_update().get(pk=ada.token.pk)
            first = pool.submit(send_luz, ada)
            wait_for_a_lock(owner_connection)
            with ThreadPoolExecutor(1) as other:
                second = other.submit(send_luz, ada).result(60)
        assert (second.status_code, second["Retry-After"]) == (409, "1")
        assert first.result(60).status_code == 201
    assert send_luz(ada)["Idempotent-Replay"] == "true"
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(name="Luz").count() == 1
