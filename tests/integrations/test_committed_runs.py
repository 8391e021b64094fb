"""Runs as a worker makes them, each step in a transaction of its own that is committed."""

from typing import Any

import pytest

from crm.integrations.models import CalendarConnection
from crm.integrations.sync.connection_sync import sync_connection
from crm.platform.models import Due
from crm.platform.tenancy.context import use_tenant
from tests.cast import load_cast
from tests.integrations.radicale_server import PASSWORD, USER, Radicale


@pytest.mark.django_db(transaction=True)
def test_a_run_is_committed_and_schedules_the_next(server: Radicale, settings: Any) -> None:
    settings.PRIVATE_HOSTS = ["127.0.0.1"]
    house = load_cast().house
    with use_tenant(house.tenant):
        secrets = {"username": USER, "password": PASSWORD}
        connection = CalendarConnection.connect(house.rita, "caldav", secrets, account=USER, url=server.url)
    sync_connection(house.tenant.pk, connection.pk)
    with use_tenant(house.tenant):
        assert CalendarConnection.objects.get().is_active
    assert Due.objects.filter(kind="calendar.sync", subject_id=connection.pk).exists()
    server.stop()
    sync_connection(house.tenant.pk, connection.pk)
    with use_tenant(house.tenant):
        assert CalendarConnection.objects.get().problem == "unreachable"
    server.start()
