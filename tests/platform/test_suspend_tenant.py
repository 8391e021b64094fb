"""A suspended organization: nothing happens for it by itself, nothing is lost, and lifting it makes up for all."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from crm.jobs.models import Job, Level
from crm.kernel import clock
from crm.platform.accounts import outbox
from crm.platform.events import events
from crm.platform.models import Due, Event, StaffMail, Tenant, Undispatched
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events, tick
from tests.cast import Cast, load_cast


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed, for only the owner's own connection suspends a tenant."""
    return load_cast()


@pytest.fixture
def suspend(cast: Cast, owner_connection: Any) -> Any:
    def suspend(tenant: Tenant, at: str = "now()") -> None:
        owner_connection.execute(f"update platform_tenant set suspended_at = {at} where id = %s", [tenant.pk])

    return suspend


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The tenants of what a subscriber to `test.said` was told."""
    told: list[int] = []

    @events.on("test.said")
    def hear(batch: Any) -> None:
        told.extend(event.tenant_id for event in batch)

    yield told
    events._subscribers.pop("test.said")


def test_due_work_waits_and_each_crossing_is_made_up_for_at_its_own_instant(cast: Cast, suspend: Any) -> None:
    house, other = cast.house, cast.other
    instants = house.job.instants
    later = max(*instants, *other.job.instants) + timedelta(days=1)
    before = list(Due.objects.filter(tenant=house.tenant).order_by("pk").values())
    assert before
    suspend(house.tenant)
    with clock.at(later):
        tick()
        assert list(Due.objects.filter(tenant=house.tenant).order_by("pk").values()) == before, "not even a lease"
        with use_tenant(house.tenant):
            assert Job.objects.get().level == Level.OK
        with use_tenant(other.tenant):
            assert Job.objects.get().level == Level.CRIT, "the others' go on"
        suspend(house.tenant, "null")
        tick()
    with use_tenant(house.tenant):
        assert Job.objects.get().level == Level.CRIT
        kinds = "job.due_soon", "job.overdue", "job.far_overdue"
        crossed = Event.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", "at")
        assert list(crossed) == list(zip(kinds, instants, strict=True))


def test_events_wait_for_their_subscribers(cast: Cast, suspend: Any, heard: list[int]) -> None:
    for house in (cast.house, cast.other):
        with use_tenant(house.tenant):
            events.record("test.said", subject=house.job, by=None)
    suspend(cast.house.tenant)
    dispatch_events()
    assert heard == [cast.other.tenant.pk]
    assert Undispatched.objects.get().attempts == 0
    suspend(cast.house.tenant, "null")
    dispatch_events()
    dispatch_events()
    assert heard == [cast.other.tenant.pk, cast.house.tenant.pk]


def test_mail_on_its_behalf_waits_and_a_users_own_is_sent(cast: Cast, suspend: Any) -> None:
    outbox.queue_mail(to="kim@example.com", subject="Join", body="A link", tenant_id=cast.house.tenant.pk)
    outbox.queue_mail(to="rita@example.com", subject="Reset", body="A link", user=cast.house.rita.user)
    suspend(cast.house.tenant)
    assert outbox.send_waiting() == 1
    assert [message.subject for message in mail.outbox] == ["Reset"]
    assert StaffMail.objects.get(subject="Join").attempts == 0
    suspend(cast.house.tenant, "null")
    assert outbox.send_waiting() == 1
    assert [message.to for message in mail.outbox] == [["rita@example.com"], ["kim@example.com"]]
